"""Reads recorded changes and events row by row, for graphs and the logbook. In the database's thread only.

Everything goes by (entity, time), the order of the rows in the file, so a query costs what it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import peewee

from marge.recorder.dictionaries import CHUNK
from marge.storage.dialect import sql
from marge.storage.models import AttributesRow, EntityRow, EventRow, StateRow

SAME_MOMENT_US = 10
"""A change that had to give way to another of its microsecond is still a change of state, not of attributes only."""


class ChangeRow(NamedTuple):
    """One recorded change. Times in microseconds; `state` None: the entity was removed."""

    updated_us: int
    changed_us: int
    state: str | None
    attributes: int | None


class LogRow(NamedTuple):
    """One recorded change of state, with its cause."""

    entity: int
    updated_us: int
    state: str | None
    attributes: int | None
    context: bytes | None
    parent: bytes | None
    user: str | None


class RecordedEvent(NamedTuple):
    """One recorded event. `data`: JSON."""

    time_us: int
    kind: str
    data: str
    context: bytes | None
    parent: bytes | None
    user: str | None


def numbers(db: peewee.Database, entity_ids: Iterable[str]) -> dict[str, int]:
    """Entity id to number, of those that were ever recorded."""
    found: dict[str, int] = {}
    wanted = list(dict.fromkeys(entity_ids))
    row = EntityRow
    for begin in range(0, len(wanted), CHUNK):
        some = row.entity_id.in_(wanted[begin : begin + CHUNK])
        found.update(row.select(row.entity_id, row.id).where(some).tuples().execute(db))
    return found


def names(db: peewee.Database, entities: Iterable[int]) -> dict[int, str]:
    """Number to entity id."""
    found: dict[int, str] = {}
    wanted = sorted(set(entities))
    row = EntityRow
    for begin in range(0, len(wanted), CHUNK):
        some = row.id.in_(wanted[begin : begin + CHUNK])
        found.update(row.select(row.id, row.entity_id).where(some).tuples().execute(db))
    return found


def names_between(db: peewee.Database, first: int, last: int) -> dict[int, str]:
    """Number to entity id, of the numbers from `first` to `last`."""
    row = EntityRow
    return dict(row.select(row.id, row.entity_id).where(row.id.between(first, last)).tuples().execute(db))


def highest_number(db: peewee.Database) -> int:
    return int(EntityRow.select(peewee.fn.MAX(EntityRow.id)).scalar(db) or 0)


def attribute_texts(db: peewee.Database, wanted: Iterable[int]) -> dict[int, str]:
    """The JSON of attribute sets, by number."""
    found: dict[int, str] = {}
    ids = sorted(set(wanted))
    row = AttributesRow
    for begin in range(0, len(ids), CHUNK):
        some = row.id.in_(ids[begin : begin + CHUNK])
        found.update(row.select(row.id, row.json).where(some).tuples().execute(db))
    return found


def changes(
    db: peewee.Database, entity: int, start_us: int, end_us: int, limit: int, only_states: bool = False
) -> list[ChangeRow]:
    """An entity's changes with `start_us <= updated < end_us`, oldest first, at most `limit`.

    Args:
        only_states: leave out changes of attributes alone.
    """
    s = StateRow
    where = (s.entity == entity) & (s.updated_us >= start_us) & (s.updated_us < end_us)
    if only_states:
        where &= s.changed_us.is_null() | (s.changed_us > s.updated_us - SAME_MOMENT_US)
    query = s.select(s.updated_us, s.changed_us, s.state, s.attributes).where(where).order_by(s.updated_us)
    return [
        ChangeRow(updated, updated if changed is None else changed, state, attributes)
        for updated, changed, state, attributes in query.limit(limit).tuples().execute(db)
    ]


def state_before(db: peewee.Database, entity: int, before_us: int) -> ChangeRow | None:
    """The entity's last change before that time; None when there is none, or it was its removal."""
    s = StateRow
    row = (
        s.select(s.updated_us, s.changed_us, s.state, s.attributes)
        .where((s.entity == entity) & (s.updated_us < before_us))
        .order_by(s.updated_us.desc()).limit(1).tuples().first(db)
    )
    if row is None or row[2] is None:
        return None
    updated, changed, state, attributes = row
    return ChangeRow(updated, updated if changed is None else changed, state, attributes)


_WINDOW = (
    "SELECT s.entity, s.updated_us, s.state, s.attributes FROM entities e CROSS JOIN states s ON s.entity = e.id "
    "AND s.updated_us >= ? AND s.updated_us < ? WHERE e.id IN ({marks}) LIMIT ?"
)
_BEFORE = (
    "SELECT s.entity, s.updated_us, s.state, s.attributes FROM entities e CROSS JOIN states s ON s.entity = e.id "
    "AND s.updated_us = (SELECT MAX(p.updated_us) FROM states p WHERE p.entity = e.id AND p.updated_us < ?) "
    "WHERE e.id IN ({marks})"
)


def windows(
    db: peewee.Database, entities: Sequence[int], start_us: int, end_us: int, limit: int
) -> dict[int, list[tuple[int, str | None, int | None]]]:
    """Of each of these (at most a few hundred) entities what held at the start and what changed until the end, oldest
    first, as `(updated, state, number of the attributes)`: two statements for all of them.

    Args:
        limit: the most changes in all; what is beyond is left out.
    """
    marks = ",".join("?" * len(entities))
    found: dict[int, list[tuple[int, str | None, int | None]]] = {}
    for entity, *row in db.execute_sql(sql(db, _BEFORE.format(marks=marks)), (start_us, *entities)).fetchall():
        found[entity] = [(row[0], row[1], row[2])]
    values = (start_us, end_us, *entities, limit)
    for entity, *row in db.execute_sql(sql(db, _WINDOW.format(marks=marks)), values).fetchall():
        found.setdefault(entity, []).append((row[0], row[1], row[2]))
    for rows in found.values():
        rows.sort(key=lambda row: row[0])
    return found


_LOG_COLUMNS = "s.entity, s.updated_us, s.state, s.attributes, s.context, s.parent, s.user"
_RECORDED = (
    f"SELECT {_LOG_COLUMNS} FROM entities e CROSS JOIN states s ON s.entity = e.id "
    "AND s.updated_us >= ? AND s.updated_us < ? WHERE e.id BETWEEN ? AND ? AND s.state IS NOT NULL "
    "AND (s.changed_us IS NULL OR s.changed_us > s.updated_us - 10) LIMIT ?"
)
# `<>` to the change before: also across the window's start, where LAG would see nothing.
_LOG = (
    f"SELECT {_LOG_COLUMNS} FROM entities e CROSS JOIN states s ON s.entity = e.id "
    "AND s.updated_us >= ? AND s.updated_us < ? WHERE {entities} AND s.state IS NOT NULL "
    "AND (s.changed_us IS NULL OR s.changed_us > s.updated_us - 10) {more} "
    "AND s.state <> (SELECT p.state FROM states p WHERE p.entity = s.entity AND p.updated_us < s.updated_us "
    "ORDER BY p.updated_us DESC LIMIT 1) LIMIT ?"
)


def logged_of(
    db: peewee.Database, entities: Sequence[int], start_us: int, end_us: int, limit: int, context: bytes | None = None
) -> list[LogRow]:
    """Where these entities' states became different ones, in no particular order; of one context if it is given.

    The first state ever is none.
    """
    found: list[LogRow] = []
    more = "" if context is None else "AND s.context = ?"
    for begin in range(0, len(entities), CHUNK):
        some = entities[begin : begin + CHUNK]
        text = _LOG.format(entities=f"e.id IN ({','.join('?' * len(some))})", more=more)
        values = (start_us, end_us, *some, *(() if context is None else (context,)), limit - len(found))
        found.extend(LogRow(*row) for row in db.execute_sql(sql(db, text), values))
    return found


def recorded_between(
    db: peewee.Database, first: int, last: int, start_us: int, end_us: int, limit: int
) -> list[LogRow]:
    """Every recorded state of the entities with numbers from `first` to `last`, but for changes of attributes alone."""
    values = (start_us, end_us, first, last, limit)
    return [LogRow(*row) for row in db.execute_sql(sql(db, _RECORDED), values).fetchall()]


def events(db: peewee.Database, start_us: int, end_us: int, limit: int) -> list[RecordedEvent]:
    """All recorded events with `start_us <= time < end_us`, oldest first."""
    return [RecordedEvent(*row) for row in _events(start_us, end_us).limit(limit).tuples().execute(db)]


def _events(start_us: int, end_us: int) -> Any:
    e = EventRow
    query = e.select(e.time_us, e.kind, e.data, e.context, e.parent, e.user)
    return query.where((e.time_us >= start_us) & (e.time_us < end_us)).order_by(e.time_us)
