"""Reads what was recorded: the states to restore, and one entity's history. Waits for the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee
import structlog

from marge.model import Context, ReadOnlyDict, State, loads
from marge.recorder.commits import HistoryDatabase
from marge.recorder.dictionaries import CHUNK
from marge.recorder.ids import unpack
from marge.storage import Database
from marge.storage.models import AttributesRow, CurrentRow, EntityRow, StateRow
from marge.util.dt import micros

log = structlog.get_logger("marge.recorder")


def restore(database: Database) -> dict[str, tuple[State, str | None]]:
    """`{entity_id: (last state, owner)}` of all entities, in the order in which they were first recorded.

    An owner of None means a virtual entity. Rows that cannot be read are skipped and counted in the log.
    """
    found, skipped = database.run(_restore)
    if skipped:
        log.error("some recorded states are unreadable and were not restored", count=skipped)
    return found


def _restore(db: peewee.Database) -> tuple[dict[str, tuple[State, str | None]], int]:
    c = CurrentRow
    query = (
        EntityRow.select(
            EntityRow.entity_id, c.state, c.attributes, c.changed_us, c.updated_us, c.reported_us, c.context, c.parent,
            c.user, c.owner,
        )
        .join(c, on=(EntityRow.id == c.entity))
        .order_by(c.entity)
    )
    rows = list(query.tuples().execute(db))
    attributes = _attributes(db, {row[2] for row in rows})
    found: dict[str, tuple[State, str | None]] = {}
    skipped = 0
    for entity_id, state, number, changed, updated, reported, context, parent, user, owner in rows:
        if number not in attributes:
            skipped += 1
            continue
        found[entity_id] = (
            State(
                entity_id, state, attributes[number], changed / 1e6, updated / 1e6, reported / 1e6,
                _context(context, parent, user),
            ),
            owner,
        )
    return found, skipped


def history(
    database: HistoryDatabase, entity_id: str, start: float, end: float, limit: int = 100_000
) -> list[State | None]:
    """The recorded states with `start <= last_updated < end` (UTC epoch seconds), oldest first.

    None stands for a removal of the entity. `limit` bounds the memory: what is beyond it is left out.
    """
    return database.run(lambda db: list(_history(db, entity_id, start, end, limit)))


def _history(db: peewee.Database, entity_id: str, start: float, end: float, limit: int) -> Iterator[State | None]:
    entity = EntityRow.select(EntityRow.id).where(EntityRow.entity_id == entity_id).scalar(db)
    if entity is None:
        return
    s = StateRow
    query = (
        s.select(s.updated_us, s.changed_us, s.state, s.attributes, s.context, s.parent, s.user)
        .where((s.entity == entity) & (s.updated_us >= micros(start)) & (s.updated_us < micros(end)))
        .order_by(s.updated_us)
        .limit(limit)
    )
    rows = list(query.tuples().execute(db))
    attributes = _attributes(db, {row[3] for row in rows if row[3] is not None})
    for updated, changed, state, number, context, parent, user in rows:
        if state is None:
            yield None
            continue
        at = updated / 1e6
        yield State(
            entity_id, state, attributes.get(number), at if changed is None else changed / 1e6, at, at,
            _context(context, parent, user),
        )


def _attributes(db: peewee.Database, numbers: set[int]) -> dict[int, ReadOnlyDict]:
    found: dict[int, ReadOnlyDict] = {}
    ids = sorted(numbers)
    for begin in range(0, len(ids), CHUNK):
        some = AttributesRow.id.in_(ids[begin : begin + CHUNK])
        for number, text in AttributesRow.select(AttributesRow.id, AttributesRow.json).where(some).tuples().execute(db):
            try:
                value: Any = loads(text)
            except ValueError:
                continue  # counted by those that miss it
            if isinstance(value, dict):
                found[number] = ReadOnlyDict(value)
    return found


def _context(context: bytes | None, parent: bytes | None, user: str | None) -> Context:
    return Context(None if context is None else unpack(context), None if parent is None else unpack(parent), user)
