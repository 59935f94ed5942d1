"""Reads the logbook of some time from the database. Waits for it; not on the shared dispatcher."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import peewee

from marge.history.logbook import MEASURES, OF_ENTITIES, OF_THE_HOME, Change, Item, is_continuous, item_of_event
from marge.history.reader import read
from marge.model import loads
from marge.recorder import entity_filter, queries
from marge.recorder.ids import pack, unpack
from marge.util.dt import micros

if TYPE_CHECKING:
    from marge.home import Home

ICON = "icon"
MAX_ITEMS = 50_000
"""Of one answer: what is beyond it is left out."""
ENTITIES_A_READ = 2_000
"""All entities are read in slices, so that commits come in between."""
STEPS_BACK_S = (60.0, 600.0, 3_600.0, 6 * 3_600.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """Of what time and what: `start` and `end` in UTC epoch seconds, the end not included.

    Attributes:
        entity_ids, device_ids: None for both: everything.
        context_id: only what has this context.
        keeps: whether an entity is told of at all; None: all are.
    """

    start: float
    end: float
    entity_ids: Sequence[str] | None = None
    device_ids: Sequence[str] | None = None
    context_id: str | None = None
    keeps: Callable[[str], bool] | None = None

    def wants_entity(self, entity_id: str) -> bool:
        """Whether the configuration lets the logbook tell of it."""
        return self.keeps is None or self.keeps(entity_id)

    @property
    def is_filtered(self) -> bool:
        return self.entity_ids is not None or self.device_ids is not None

    def wants_event(self, item: Item) -> bool:
        """Whether an event gets an entry, going by whom it names."""
        if item.kind in OF_THE_HOME:
            return not self.is_filtered
        if item.kind not in OF_ENTITIES:
            return False
        if item.entity_id is not None and not self.wants_entity(item.entity_id):
            return False
        if not self.is_filtered:
            return True
        if self.entity_ids is not None and item.entity_id in self.entity_ids:
            return True
        return self.device_ids is not None and item.data.get("device_id") in self.device_ids


def configured(home: Home) -> Callable[[str], bool] | None:
    """Which entities the logbook tells of, by the `logbook:` section; None: all."""
    return entity_filter(home.config.sections.get("logbook"))


class Told:
    """What gets an entry, in order of time. Its items are made as they are asked for, each time anew: all at once they
    would take twice the memory of what they are made of, and 50,000 of them 25 MB.
    """

    def __init__(self, changes: list[Change], events: list[Item]) -> None:
        changes.sort(key=_when_changed)
        self._changes = changes
        self._events = events

    def __iter__(self) -> Iterator[Item]:
        made = (change.item(unpack) for change in self._changes)
        return heapq.merge(self._events, made, key=_order)

    @property
    def last_when(self) -> float | None:
        """The time of the last one; None: there is none."""
        last = [self._events[-1].when] if self._events else []
        return max([*last, self._changes[-1].updated_us / 1e6] if self._changes else last, default=None)


def items(home: Home, wish: Wish) -> tuple[Told, list[Item]]:
    """`(what gets an entry, what is only a cause)`, each in order of time."""
    start_us, end_us = micros(wish.start), micros(wish.end)
    if start_us >= end_us:
        return Told([], []), []
    context = None if wish.context_id is None else pack(wish.context_id)
    states = _states(home, wish, start_us, end_us, context)
    return read(home, lambda db: _with_events(db, wish, states, start_us, end_us))


def _with_events(
    db: peewee.Database, wish: Wish, changes: list[Change], start_us: int, end_us: int
) -> tuple[Told, list[Item]]:
    events = [item_of_event(row, unpack) for row in queries.events(db, start_us, end_us, MAX_ITEMS)]
    told_events = [item for item in events if wish.wants_event(item)]
    if wish.context_id is not None:
        told_events = [item for item in told_events if item.context == wish.context_id]
    told = Told(changes, told_events)
    if wish.is_filtered or wish.context_id is not None:
        # Only what the told things themselves name as their context can be a cause.
        contexts = {item.context for item in told}
        events = [item for item in events if item.context in contexts]
    return told, _others(events, told_events)


def _others(events: list[Item], told: list[Item]) -> list[Item]:
    """The events that are not among the told ones."""
    ids = {id(item) for item in told}
    return [item for item in events if id(item) not in ids]


def _order(item: Item) -> float:
    return item.when


def _when_changed(change: Change) -> int:
    return change.updated_us


def _states(home: Home, wish: Wish, start_us: int, end_us: int, context: bytes | None) -> list[Change]:
    if wish.device_ids is not None and wish.entity_ids is None:
        return []
    if wish.entity_ids is not None:
        entity_ids = [each for each in wish.entity_ids if wish.wants_entity(each)]
        return read(home, lambda db: _of_entities(db, entity_ids, start_us, end_us))
    found: list[Change] = []
    last = read(home, queries.highest_number)
    for first in range(1, last + 1, ENTITIES_A_READ):
        if len(found) >= MAX_ITEMS:
            break
        names = read(home, partial(queries.names_between, first=first, last=first + ENTITIES_A_READ - 1))
        # What measures now is most of what there is to read, and none of it would be told.
        wanted = {
            number: name for number, name in names.items()
            if wish.wants_entity(name) and not is_continuous(name, _attributes(home, name))
        }  # fmt: skip
        found += read(home, _slice_reader(wanted, start_us, end_us, MAX_ITEMS - len(found), context))
    return found


def _attributes(home: Home, entity_id: str) -> Mapping[str, Any] | None:
    state = home.states.get(entity_id)
    return None if state is None else state.attributes


def _slice_reader(
    names: dict[int, str], start_us: int, end_us: int, limit: int, context: bytes | None
) -> Callable[[peewee.Database], list[Change]]:
    def run(db: peewee.Database) -> list[Change]:
        return _changes(db, queries.logged_of(db, list(names), start_us, end_us, limit, context), names)

    return run


def _of_entities(db: peewee.Database, entity_ids: Sequence[str], start_us: int, end_us: int) -> list[Change]:
    numbers = queries.numbers(db, entity_ids)
    rows = queries.logged_of(db, list(numbers.values()), start_us, end_us, MAX_ITEMS)
    return _changes(db, rows, {number: name for name, number in numbers.items()})


def _changes(db: peewee.Database, rows: list[queries.LogRow], names: dict[int, str]) -> list[Change]:
    texts = queries.attribute_texts(db, {row.attributes for row in rows if row.attributes is not None})
    attributes: dict[int, dict[str, Any]] = {}
    for number, text in texts.items():
        try:
            value = loads(text)
        except ValueError:
            continue
        known = value if isinstance(value, dict) else {}
        attributes[number] = {name: known[name] for name in (ICON, *MEASURES) if name in known}
    found = []
    for row in rows:
        entity_id = names.get(row.entity)
        told = attributes.get(row.attributes or 0)
        if entity_id is not None and not is_continuous(entity_id, told):
            icon = None if told is None else told.get(ICON)
            found.append(Change(row.updated_us, entity_id, row.state, icon, row.context, row.parent, row.user))
    return found


def newest(home: Home, start: float, end: float, most: int) -> list[tuple[str, str, float]]:
    """`(entity id, state, when)` of the newest recorded states of all entities, newest first: also of those that
    measure, and the first one of each. Looks back in growing steps until there are enough."""
    found: list[queries.LogRow] = []
    last = read(home, queries.highest_number)
    for step in (*STEPS_BACK_S, end - start):
        since = max(start, end - step)
        found = []
        for first in range(1, last + 1, ENTITIES_A_READ):
            found += read(home, _recent_reader(first, micros(since), micros(end)))
        if len(found) >= most or since <= start:
            break
    newest_rows = heapq.nlargest(most, found, key=lambda row: row.updated_us)
    names = read(home, lambda db: queries.names(db, {row.entity for row in newest_rows}))
    return [
        (names[row.entity], row.state or "", row.updated_us / 1e6) for row in newest_rows if row.entity in names
    ]


def _recent_reader(first: int, start_us: int, end_us: int) -> Callable[[peewee.Database], list[queries.LogRow]]:
    def run(db: peewee.Database) -> list[queries.LogRow]:
        return queries.recorded_between(db, first, first + ENTITIES_A_READ - 1, start_us, end_us, MAX_ITEMS)

    return run
