"""History on its way to a database: rows, made when changes come, in segments that stand for themselves.

Changes become rows soon, a few at a time, in the turn of the entity that changed last, and their states are let go:
1.5 µs each. To make the rows later, a thousand in a go, costs twice as much (what they are made of has left the
processor's caches), and others have to wait for it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import orjson

from marge.model import Context, State
from marge.recorder.dictionaries import ENTITIES_KEPT, AttributeSet, attributes_json, digest, json_of
from marge.recorder.ids import pack

SEGMENT_ROWS = 1_000
DAY_US = 86_400_000_000
CONTEXT_BYTES = 16
_CLOSE_US = 500
"""A clock that goes back by more than that has been set."""


class Removal(NamedTuple):
    """An entity is gone."""

    entity_id: str
    time: float  # UTC epoch seconds


Change = State | Removal

Cells = tuple[int, int, int | None, str | None, int | None, str | None, bytes | None, bytes | None]
"""A row: position of the entity, time of the change and of the last other state (None: the same) in µs, state (None:
the entity was removed), position of the attributes, the user's id, packed ids of the context and of its parent."""
PlainRow = tuple[int, int, str, int]
"""What most rows are: entity, time, state, attributes. Nothing else is to be said but the context, in 16 bytes."""
FullRow = tuple[int, int, int | None, str | None, int | None, str | None, int | None, int, int]
"""As `Cells`, with the blobs beside it: where the context's id begins in them, from 1, its length and its parent's."""


def micros(epoch_s: float) -> int:
    """UTC epoch seconds as whole microseconds."""
    return round(epoch_s * 1_000_000)


def clean(text: str) -> str:
    """Text without lone surrogates, which UTF-8 cannot say; they come from hostile JSON."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def without_nul(text: str) -> str:
    """PostgreSQL's texts hold no NUL, and SQLite's JSON ends at it."""
    return clean(text).replace("\x00", "\ufffd")


class Segment:
    """Rows of history, up to a thousand, and all that they refer to: entities and attributes by their position here.

    Attributes:
        rows: how many there are.
        entities: entity ids with their positions, in order.
        sets: attributes by their digest, in order.
        days: when each of these was used last, in days since 1970, UTC.
        contexts: those of the plain rows, 16 bytes each.
        blobs: those of the full rows, and their parents, one behind the other.
    """

    __slots__ = ("_full", "_plain", "_positions", "blobs", "contexts", "days", "entities", "number", "rows", "sets")

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.rows = 0
        self.entities: dict[str, int] = {}
        self.sets: dict[bytes, AttributeSet] = {}
        self.days: list[int] = []
        self._positions: dict[bytes, int] = {}
        self.contexts, self.blobs = bytearray(), bytearray()
        self._plain, self._full = bytearray(b"["), bytearray(b"[")

    def position(self, entity_id: str) -> int:
        """Of an entity, which is entered if need be."""
        return self.entities.setdefault(entity_id, len(self.entities))

    def position_of_set(self, key: bytes, attributes: AttributeSet, day: int) -> int:
        """Of attributes used on that day, which are entered if need be."""
        found = self._positions.get(key)
        if found is None:
            found = self._positions[key] = len(self.sets)
            self.sets[key] = attributes
            self.days.append(day)
        elif self.days[found] < day:
            self.days[found] = day
        return found

    def extend(
        self, plain: list[PlainRow], contexts: list[bytes], full: list[FullRow], blobs: list[bytes],
        may_have_nul: bool = True,
    ) -> None:
        """Add rows, and their blobs.

        Raises:
            TypeError, ValueError: no row was added: a number that no column can hold, half a surrogate pair, a NUL.
        """  # fmt: skip
        more_plain, more_full = orjson.dumps(plain), orjson.dumps(full) if full else b"[]"
        if not may_have_nul and (b"\\u0000" in more_plain or b"\\u0000" in more_full):
            raise ValueError("there is a NUL in a text")
        for text, more in ((self._plain, more_plain), (self._full, more_full)):
            if len(more) > 2:
                text += more[1:-1]
                text += b","
        self.contexts += b"".join(contexts)
        self.blobs += b"".join(blobs)
        self.rows += len(plain) + len(full)

    def plain(self) -> str | None:
        """A JSON list of `PlainRow`, None without any."""
        return _closed(self._plain)

    def full(self) -> str | None:
        """A JSON list of `FullRow`, None without any."""
        return _closed(self._full)

    def cells(self) -> Iterator[Cells]:
        """The rows, read back."""
        plain, full = self.plain() or "[]", self.full() or "[]"
        return _cells(orjson.loads(plain), bytes(self.contexts), orjson.loads(full), bytes(self.blobs))

    def as_list(self) -> list[Any]:
        """All of it, as what has a JSON form."""
        return [
            list(self.entities),
            [orjson.Fragment(json_of(attributes)) for attributes in self.sets.values()],
            orjson.Fragment(self.plain() or "[]"),
            b64encode(self.contexts).decode(),
            orjson.Fragment(self.full() or "[]"),
            b64encode(self.blobs).decode(),
        ]

    @classmethod
    def from_list(
        cls, entities: list[str], sets: list[Any], plain: list[PlainRow], contexts: str, full: list[FullRow], blobs: str
    ) -> Segment:
        """What `as_list` gave.

        Raises:
            IndexError, TypeError, ValueError: it did not.
        """
        texts = [attributes_json(attributes) for attributes in sets]
        cells = _cells(plain, b64decode(contexts), full, b64decode(blobs))
        return cls.of(cells, entities, [(digest(text), text) for text in texts])

    def halves(self) -> list[Segment]:
        """Two segments, each with what its rows refer to and no more."""
        cells = list(self.cells())
        middle = len(cells) // 2
        names, sets = list(self.entities), list(self.sets.items())
        return [Segment.of(some, names, sets) for some in (cells[:middle], cells[middle:])]

    @classmethod
    def of(cls, cells: Iterable[Cells], entities: list[str], sets: list[tuple[bytes, AttributeSet]]) -> Segment:
        """A segment of rows whose positions are those in these lists. Raises as `from_list`."""
        made = cls()
        rows: list[FullRow] = []
        blobs: list[bytes] = []
        begin = 1
        for entity, at, changed, state, attributes, user, context, parent in cells:
            place = made.position(entities[entity])
            held = None if attributes is None else made.position_of_set(*sets[attributes], at // DAY_US)
            context, parent = context or b"", parent or b""
            rows.append((place, at, changed, state, held, user, begin if context else None, len(context), len(parent)))
            blobs += (context, parent)
            begin += len(context) + len(parent)
        made.extend([], [], rows, blobs)
        return made


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
                entity = segment.position(clean(change.entity_id))
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
        last.entity = segment.position(clean(state.entity_id))
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


def _closed(text: bytearray) -> str | None:
    return (text[:-1] + b"]").decode() if len(text) > 1 else None


def _cells(plain: list[PlainRow], contexts: bytes, full: list[FullRow], blobs: bytes) -> Iterator[Cells]:
    for number, (entity, at, value, attributes) in enumerate(plain):
        context = contexts[number * CONTEXT_BYTES : (number + 1) * CONTEXT_BYTES]
        yield entity, at, None, value, attributes, None, context, None
    for entity, at, changed, state, held, user, begin, size, parents in full:
        if begin is None:
            yield entity, at, changed, state, held, user, None, None
            continue
        end = begin - 1 + size
        parent = blobs[end : end + parents] if parents else None
        yield entity, at, changed, state, held, user, blobs[begin - 1 : end], parent
