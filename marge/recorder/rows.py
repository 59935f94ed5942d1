"""Makes rows of history out of changes.

Changes become rows soon, a few at a time, in the turn of the entity that changed last, and their states are let go. To
make the rows later, a thousand in a go, costs more (what they are made of has left the processor's caches), and others
have to wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from marge.model import Context, State, clean_text
from marge.recorder.dictionaries import ENTITIES_KEPT, attributes_json, digest
from marge.recorder.ids import pack
from marge.recorder.segments import CONTEXT_BYTES, SEGMENT_ROWS, FullRow, PlainRow, Segment
from marge.util.dt import DAY_US, micros

_CLOSE_US = 500
"""A clock that goes back by more than that has been set."""


class Removal(NamedTuple):
    """An entity is gone."""

    entity_id: str
    time: float  # UTC epoch seconds


Change = State | Removal


def without_nul(text: str) -> str:
    """PostgreSQL's texts hold no NUL, and SQLite's JSON ends at it."""
    return clean_text(text).replace("\x00", "\ufffd")


class _Last:
    """What is known of an entity: the time of its newest row; its attributes with their digest; its positions in the
    segment of that number, good for rows before `until_us`."""

    __slots__ = ("attributes", "entity", "key", "number", "set", "time_us", "until_us")

    def __init__(self) -> None:
        self.time_us = self.until_us = self.entity = self.set = 0
        self.number = -1
        self.attributes: Mapping[str, Any] | None = None
        self.key = b""

    def distinct(self, time_us: int) -> int:
        """Two changes in one microsecond get neighbouring ones: the time is half of the key."""
        newest = self.time_us
        self.time_us = newest + 1 if newest - _CLOSE_US < time_us <= newest else time_us
        return self.time_us


class RowMaker:
    """Makes rows out of changes, and begins segments. In one thread."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}
        self._numbers = count()

    def begin(self) -> Segment:
        """An empty segment."""
        return Segment(next(self._numbers))

    def add_all(self, segment: Segment, changes: Sequence[Change], may_have_nul: bool = False) -> None:
        """Make a row of each, in a segment that was begun here.

        Raises:
            TypeError, ValueError, OverflowError: one of them is odd, and no row was added: try `add` with each.
        """
        plain: list[PlainRow] = []
        contexts: list[bytes] = []
        full: list[FullRow] = []
        blobs: list[bytes] = []
        known, number, begin = self._last, segment.number, len(segment.blobs) + 1
        for change in changes:
            last = known.get(change.entity_id) or self._remember(change.entity_id)
            if isinstance(change, Removal):
                entity = segment.position(clean_text(change.entity_id))
                full.append((entity, last.distinct(micros(change.time)), None, None, None, None, None, 0, 0))
                last.attributes = None
                continue
            at = updated = round(change.last_updated * 1_000_000)
            if last.attributes is not change.attributes or last.number != number or updated >= last.until_us:
                self._enter(last, segment, change, updated // DAY_US)
            if updated > last.time_us:
                last.time_us = updated
            else:
                at = last.distinct(updated)
            changed = None
            if at != updated or change.last_changed != change.last_updated:
                changed = micros(change.last_changed)
            context = change.context
            packed, parent_id, user = pack(context.id), context.parent_id, context.user_id
            if changed is None and parent_id is None and user is None and len(packed) == CONTEXT_BYTES:
                plain.append((last.entity, at, change.state, last.set))
                contexts.append(packed)
                continue
            parent = b"" if parent_id is None else pack(parent_id)
            full.append((last.entity, at, changed, change.state, last.set, user, begin, len(packed), len(parent)))
            blobs += (packed, parent)
            begin += len(packed) + len(parent)
        segment.extend(plain, contexts, full, blobs, may_have_nul)

    def add(self, segment: Segment, change: Change) -> None:
        """Make a row of a change, whatever its texts hold. Raises as `add_all`: it cannot be recorded."""
        if isinstance(change, State):
            context = change.context
            user = None if context.user_id is None else without_nul(context.user_id)
            change = State(
                change.entity_id, without_nul(change.state), change.attributes, change.last_changed,
                change.last_updated, change.last_reported, Context(context.id, context.parent_id, user),
            )  # fmt: skip
        self.add_all(segment, [change], may_have_nul=True)

    def _remember(self, entity_id: str) -> _Last:
        if len(self._last) >= ENTITIES_KEPT:
            self._last.clear()  # ids that came and went
        made = self._last[entity_id] = _Last()
        return made

    def _enter(self, last: _Last, segment: Segment, state: State, day: int) -> None:
        """Its first row in this segment, with these attributes, or on this day."""
        last.entity = segment.position(clean_text(state.entity_id))
        attributes = state.attributes
        if attributes is last.attributes:
            last.set = segment.position_of_set(last.key, attributes, day)
        else:
            text = attributes_json(attributes)
            last.key = digest(text)
            last.set = segment.position_of_set(last.key, text, day)
            last.attributes = attributes
        last.number, last.until_us = segment.number, (day + 1) * DAY_US


def segments_of(changes: Iterable[Change]) -> list[Segment]:
    """All of them, in order. Raises as `RowMaker.add`."""
    maker = RowMaker()
    found: list[Segment] = []
    for change in changes:
        if not found or found[-1].rows >= SEGMENT_ROWS:
            found.append(maker.begin())
        maker.add(found[-1], change)
    return found
