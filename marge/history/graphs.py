"""What entities were over time: the points of a graph, in slices, and their three shapes as JSON.

Waits for the database. A slice is bounded, so a long time costs many short reads, with commits and others in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import peewee

from marge.history.reader import read
from marge.history.unrecorded import ALWAYS, unrecorded, without
from marge.model import dumps, dumps_anyhow, loads
from marge.recorder import queries
from marge.util.dt import iso, micros

if TYPE_CHECKING:
    from marge.home import Home

SLICE_ROWS = 5_000
ATTRIBUTES_COUNT = frozenset({"climate", "humidifier", "thermostat", "water_heater"})
"""Domains where a change of attributes alone is a point: a thermostat's measured temperature is one."""
ATTRIBUTES_NEEDED = ATTRIBUTES_COUNT | {"input_datetime"}
"""Domains whose points keep their attributes also in the minimal shape."""
_EMPTY = b"{}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `start` and `end`: UTC epoch seconds, the end not included.

    Attributes:
        first: begin with the state that held at the start.
        significant: leave out changes of attributes alone, but of `ATTRIBUTES_COUNT`.
        minimal: after an entity's first point only states and times.
        attributes: False: none at all.
        native: all attributes and all changes, and nothing about before the start.
    """

    start: float
    end: float
    first: bool = True
    significant: bool = True
    minimal: bool = False
    attributes: bool = True
    native: bool = False


class Point(NamedTuple):
    """One point of a graph. Times in microseconds; `attributes`: JSON, None in a minimal point.

    A removal is a point whose state is the empty text.
    """

    state: str
    attributes: bytes | None
    changed_us: int
    updated_us: int


_Make = Callable[[list[queries.ChangeRow], dict[int, str]], list[Point]]


def slices(home: Home, entity_id: str, wish: Wish, limit: int | None = None) -> Iterator[list[Point]]:
    """An entity's points, oldest first, `SLICE_ROWS` at a time; none for an entity that was never recorded.

    Args:
        limit: the most rows in all.
    """
    position, end_us = micros(wish.start), micros(wish.end)
    if position >= end_us:
        return
    make = _maker(home, entity_id, wish)
    beginning = wish.first and not wish.native
    left = limit
    while True:
        most = SLICE_ROWS if left is None else min(SLICE_ROWS, left)
        points, count, newest_us = read(home, _slice_reader(entity_id, wish, position, most, beginning, make))
        if points:
            yield points
        if left is not None:
            left -= count
        if count < most or (left is not None and left <= 0):
            return
        position, beginning = newest_us + 1, False


def _slice_reader(
    entity_id: str, wish: Wish, position: int, most: int, beginning: bool, make: _Make
) -> Callable[[peewee.Database], tuple[list[Point], int, int]]:
    """Gives the points, how many changes were read, and the time of the newest. The points are made in the database's
    thread too, where that holds nobody up."""
    end_us = micros(wish.end)
    only_states = wish.significant and not wish.native and entity_id.partition(".")[0] not in ATTRIBUTES_COUNT

    def run(db: peewee.Database) -> tuple[list[Point], int, int]:
        entity = queries.numbers(db, [entity_id]).get(entity_id)
        if entity is None:
            return [], 0, 0
        rows = queries.changes(db, entity, position, end_us, most, only_states)
        count = len(rows)
        if beginning and not (rows and rows[0].updated_us == position):
            before = queries.state_before(db, entity, position)
            if before is not None:
                rows.insert(0, before)
        wanted = {row.attributes for row in rows if row.attributes is not None} if wish.attributes else ()
        points = make(rows, queries.attribute_texts(db, wanted))
        return points, count, rows[-1].updated_us if rows else 0

    return run


def _maker(home: Home, entity_id: str, wish: Wish) -> _Make:
    """Turns rows into points. Remembers from slice to slice what the minimal shape leaves out."""
    domain = entity_id.partition(".")[0]
    minimal = wish.minimal and domain not in ATTRIBUTES_NEEDED
    hidden = frozenset() if wish.native or home.states.owner(entity_id) is None else unrecorded(domain)
    start_us = micros(wish.start)
    last: list[str] = []

    def make(rows: list[queries.ChangeRow], texts: dict[int, str]) -> list[Point]:
        shown: dict[int, bytes] = {}
        points = []
        for row in rows:
            if row.state is None and wish.native:
                continue
            state = row.state or ""
            if minimal and last:
                if last[0] != state:
                    points.append(Point(state, None, row.updated_us, row.updated_us))
            else:
                number = row.attributes
                attributes = _EMPTY
                if number is not None and number in texts:
                    if number not in shown:
                        shown[number] = _visible(texts[number], hidden)
                    attributes = shown[number]
                early = row.updated_us < start_us
                points.append(
                    Point(
                        state,
                        attributes,
                        start_us if early else row.changed_us,
                        start_us if early else row.updated_us,
                    )
                )
            last[:] = [state]
        return points

    return make


def _visible(text: str, hidden: frozenset[str]) -> bytes:
    if not hidden:
        return text.encode()
    try:
        attributes = loads(text)
    except ValueError:
        return _EMPTY
    if not isinstance(attributes, dict):
        return _EMPTY
    # Of an entity that is not there yet what it can do is all that is known.
    return dumps_anyhow(without(attributes, ALWAYS if attributes.get("restored") else hidden))


# -- shapes ----------------------------------------------------------------------------------------------------------


def rest_json(entity_id: str, points: list[Point]) -> Iterator[bytes]:
    """The points as `GET /api/history/…` shows them."""
    name = dumps(entity_id)
    for point in points:
        changed = iso(point.changed_us / 1e6).encode()
        if point.attributes is None:
            yield b'{"state":%s,"last_changed":"%s"}' % (dumps(point.state), changed)
            continue
        updated = changed if point.updated_us == point.changed_us else iso(point.updated_us / 1e6).encode()
        yield b'{"entity_id":%s,"state":%s,"attributes":%s,"last_changed":"%s","last_updated":"%s"}' % (
            name, dumps(point.state), point.attributes, changed, updated,
        )


def short_json(points: list[Point], attributes: bool = True) -> Iterator[bytes]:
    """The points as WebSocket clients get them: `s`, `a`, `lu`, and `lc` where it differs."""
    for point in points:
        parts = [b'{"s":', dumps(point.state)]
        if attributes and point.attributes is not None:
            parts += (b',"a":', point.attributes)
        if point.changed_us != point.updated_us:
            parts.append(b',"lc":%s' % repr(point.changed_us / 1e6).encode())
        parts.append(b',"lu":%s}' % repr(point.updated_us / 1e6).encode())
        yield b"".join(parts)
