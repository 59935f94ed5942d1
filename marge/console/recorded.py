"""What the ledger has forgotten, from the recorded past: waits for the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import peewee

from marge.console.ledger import AUTOMATION_TRIGGERED, CALL_SERVICE, SCRIPT_STARTED, Change, Doing
from marge.history.reader import flush, read
from marge.model import Context, loads
from marge.recorder import queries
from marge.recorder.ids import pack, unpack
from marge.util.dt import micros

if TYPE_CHECKING:
    from marge.home import Home

AFTER_S = 10.0
"""What happens under a context mostly does so this soon after it was made."""
AROUND_S = 2.0
MAX_ROWS = 5_000
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
R = TypeVar("R")
_DOINGS = (CALL_SERVICE, AUTOMATION_TRIGGERED, SCRIPT_STARTED)


def made_at(context_id: str) -> float | None:
    """When a context was made, UTC epoch seconds, by its id; None: it is no ULID."""
    value = 0
    if len(context_id) != 26:
        return None
    for character in context_id[:10]:
        digit = _ALPHABET.find(character)
        if digit < 0:
            return None
        value = value * 32 + digit
    return value / 1000


class Past:
    """Questions to the recorded past. What has happened is committed before the first one."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._is_flushed = False

    def _read(self, function: Callable[[peewee.Database], R]) -> R:
        if not self._is_flushed:
            self._is_flushed = True
            flush(self._home)
        return read(self._home, function)

    def change(self, entity_id: str, start: float, end: float, context_id: str | None = None) -> Change | None:
        """The entity's newest change of value in this time, under this context if one is given."""

        def run(db: peewee.Database) -> tuple[queries.LogRow, str | None] | None:
            number = queries.numbers(db, [entity_id]).get(entity_id)
            if number is None:
                return None
            context = None if context_id is None else pack(context_id)
            rows = queries.logged_of(db, [number], micros(start), micros(end), MAX_ROWS, context)
            if not rows:
                return None
            newest = max(rows, key=lambda row: row.updated_us)
            before = queries.state_before(db, number, newest.updated_us)
            return newest, None if before is None else before.state

        found = self._read(run)
        row, before = (None, None) if found is None else found
        if row is None or row.context is None:
            return None
        parent = None if row.parent is None else unpack(row.parent)
        context = Context(unpack(row.context), parent, row.user)
        return Change(context, entity_id, before, row.state or "", row.updated_us / 1e6)

    def doings(self, context_id: str, until: float) -> tuple[list[Doing], list[Change]]:
        """Recorded calls and runs under this context, oldest first, and the first change that others followed."""
        made = made_at(context_id)
        spans = [(until - AROUND_S, until + AROUND_S)]
        if made is not None and made < until:
            spans.append((made - 1.0, made + AFTER_S))
        packed = pack(context_id)

        def run(db: peewee.Database) -> list[queries.RecordedEvent]:
            rows = {}
            for start, end in spans:
                for row in queries.events(db, micros(start), micros(end), MAX_ROWS):
                    if row.context == packed:
                        rows[row.time_us] = row
            return [rows[key] for key in sorted(rows)]

        doings: list[Doing] = []
        changes: list[Change] = []
        for row in self._read(run):
            parent = None if row.parent is None else unpack(row.parent)
            context = Context(context_id, parent, row.user)
            data = loads(row.data)
            if not isinstance(data, dict):
                continue
            if row.kind in _DOINGS:
                doings.append(Doing(context, row.kind, data, row.time_us / 1e6))
            elif isinstance(data.get("entity_id"), str):
                changes.append(Change(context, data["entity_id"], None, str(data.get("state")), row.time_us / 1e6))
        return doings, changes
