"""History on its way to a database: rows in segments that stand for themselves. Pure.

A segment can go to either database or to the journal, wait, come back, and be cut in halves.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from marge.recorder.dictionaries import AttributeSet, attributes_json, digest, json_of
from marge.util.dt import DAY_US

SEGMENT_ROWS = 1_000
CONTEXT_BYTES = 16


Cells = tuple[int, int, int | None, str | None, int | None, str | None, bytes | None, bytes | None]
"""A row: position of the entity, time of the change and of the last other state (None: the same) in µs, state (None:
the entity was removed), position of the attributes, the user's id, packed ids of the context and of its parent."""
PlainRow = tuple[int, int, str, int]
"""What most rows are: entity, time, state, attributes. Nothing else is to be said but the context, in 16 bytes."""
FullRow = tuple[int, int, int | None, str | None, int | None, str | None, int | None, int, int]
"""As `Cells`, with the blobs beside it: where the context's id begins in them, from 1, its length and its parent's."""


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
