"""What the logbook tells beside changes of state: taken from the bus, kept until it is written. Bounded."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import peewee

from marge.model import STATE_CHANGED, Context, Event, State, clean_text, dumps_anyhow
from marge.recorder.ids import pack
from marge.recorder.rows import Change, Removal
from marge.storage.bulk import BulkInsert
from marge.storage.models import EventRow
from marge.util.dt import micros

CALL_SERVICE = "call_service"
AUTOMATION_TRIGGERED = "automation_triggered"
SCRIPT_STARTED = "script_started"
LOGBOOK_ENTRY = "logbook_entry"
HOME_START, HOME_STOP = "homeassistant_start", "homeassistant_stop"

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CALL_SERVICE: ("domain", "service"),  # what it was called with may hold door codes: it is not kept
        AUTOMATION_TRIGGERED: ("name", "entity_id", "source"),
        SCRIPT_STARTED: ("name", "entity_id"),
        LOGBOOK_ENTRY: ("name", "message", "domain", "entity_id", "device_id"),
        HOME_START: (),
        HOME_STOP: (),
    }
)
"""Event types that are recorded, and what of their data."""

DEFAULT_LIMIT = 20_000
_AT_ONCE = 32
"""Events that are read together: half of what they cost one by one, each amid other work."""
CONTEXTS = 2_000
"""Contexts whose first change is remembered, in case another entity changes under them."""


class Happening(NamedTuple):
    """One recorded event. `time`: UTC epoch seconds."""

    time: float
    kind: str
    data: dict[str, object]
    context: Context


def happening(event: Event) -> Happening | None:
    """What is kept of `event`, or None when the logbook has no use for it."""
    fields = FIELDS.get(event.event_type)
    if fields is None:
        return None
    told = event.data
    data = {name: value for name in fields if (value := told.get(name)) is not None}
    return Happening(event.time_fired, event.event_type, data, event.context)


class EventBuffer:
    """Holds what happened until it is written. When full the oldest are shed and counted. On the hub only.

    A change that others follow, under its context and without an event that tells why, is itself such an event: the
    logbook of those others can then name it without a search through all that has changed.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self.shed = 0
        self._heard: list[Event] = []
        self._waiting: deque[Happening] = deque()
        self._firsts: OrderedDict[str, State | None] = OrderedDict()  # by context; None: an event tells of it already

    def take(self, event: Event) -> None:
        """One event from the bus, inside its publisher's turn: quick."""
        self._heard.append(event)
        if len(self._heard) >= _AT_ONCE:
            self._read()

    def take_states(self, changes: list[Change]) -> None:
        """Changes in their order, also a little later than they were."""
        self._read()
        firsts = self._firsts
        for change in changes:
            if isinstance(change, Removal):
                continue
            context_id = change.context.id
            if context_id not in firsts:
                firsts[context_id] = change
                continue
            first = firsts[context_id]
            if first is not None and first.entity_id != change.entity_id:
                firsts[context_id] = None
                data: dict[str, object] = {"entity_id": first.entity_id, "state": first.state}
                self._add(Happening(first.last_updated, STATE_CHANGED, data, first.context))
        self._forget()

    def _read(self) -> None:
        heard, self._heard = self._heard, []
        for event in heard:
            found = happening(event)
            if found is not None:
                self._firsts[found.context.id] = None
                self._add(found)
        self._forget()

    def _forget(self) -> None:
        while len(self._firsts) > CONTEXTS:
            self._firsts.popitem(last=False)

    def _add(self, found: Happening) -> None:
        self._waiting.append(found)
        if len(self._waiting) > self.limit:
            self._waiting.popleft()
            self.shed += 1

    def __len__(self) -> int:
        return len(self._waiting) + len(self._heard)

    def take_out(self) -> list[Happening]:
        """Everything that waits."""
        self._read()
        rows = list(self._waiting)
        self._waiting.clear()
        return rows

    def put_back(self, rows: list[Happening]) -> None:
        """Return what could not be written: it goes before what has come since."""
        room = max(0, self.limit - len(self._waiting))
        kept = rows[len(rows) - room :] if room < len(rows) else rows
        self.shed += len(rows) - len(kept)
        self._waiting.extendleft(reversed(kept))


class EventWriter:
    """Turns happenings into rows. In the database's thread only."""

    def __init__(self) -> None:
        row = EventRow
        self._insert = BulkInsert(
            row, [row.time_us, row.kind, row.data, row.context, row.parent, row.user], key=[row.time_us]
        )

    def write(self, db: peewee.Database, happenings: list[Happening]) -> None:
        """Write all; two in one microsecond, or in one that is taken, get neighbouring ones."""
        if not happenings:
            return
        times = [micros(each.time) for each in happenings]
        row = EventRow
        taken = {
            found for (found,) in row.select(row.time_us)
            .where(row.time_us.between(min(times), max(times) + len(times))).tuples().execute(db)
        }
        rows = []
        for at, each in zip(times, happenings, strict=True):
            while at in taken:
                at += 1
            taken.add(at)
            context = each.context
            rows.append(
                (
                    at,
                    each.kind,
                    dumps_anyhow(each.data).decode("utf-8", "replace"),
                    pack(context.id),
                    None if context.parent_id is None else pack(context.parent_id),
                    None if context.user_id is None else clean_text(context.user_id),
                )
            )
        self._insert.run(db, rows)
