"""Statistics in the database: what they are of, their rows, and changes to them. In the database's thread only.

A row is an hour (`statistics`) or five minutes (`statistics_short`) of one statistic, named by its start in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

import peewee

from marge.storage.bulk import BulkInsert
from marge.storage.dialect import sql
from marge.storage.models import ShortStatisticRow, StatisticMetaRow, StatisticRow

OURS = "recorder"
"""The source of statistics that are compiled here; all others came from outside."""
NO_MEAN, ARITHMETIC, OF_ANGLES = 0, 1, 2
HOUR_S, SHORT_S = 3_600, 300
CHUNK = 400
_NUMBERS = ("mean", "min", "max", "last_reset", "state", "sum")


class Meta(NamedTuple):
    """What a statistic is of."""

    id: int
    statistic_id: str
    source: str
    unit: str | None
    mean_type: int
    has_sum: bool
    name: str | None


class Stat(NamedTuple):
    """One row. `start` and `last_reset` in UTC epoch seconds."""

    start: int
    mean: float | None = None
    min: float | None = None
    max: float | None = None
    last_reset: float | None = None
    state: float | None = None
    sum: float | None = None


def table(short: bool) -> type[StatisticRow]:
    return ShortStatisticRow if short else StatisticRow


def metas(db: peewee.Database, statistic_ids: Iterable[str] | None = None) -> dict[str, Meta]:
    """By id; None: all, in order of their making."""
    m = StatisticMetaRow
    query = m.select(m.id, m.statistic_id, m.source, m.unit, m.mean_type, m.has_sum, m.name).order_by(m.id)
    if statistic_ids is None:
        rows = list(query.tuples().execute(db))
    else:
        wanted = list(dict.fromkeys(statistic_ids))
        rows = []
        for begin in range(0, len(wanted), CHUNK):
            rows += query.where(m.statistic_id.in_(wanted[begin : begin + CHUNK])).tuples().execute(db)
    return {row[1]: Meta(row[0], row[1], row[2], row[3], row[4], bool(row[5]), row[6]) for row in rows}


def save_meta(
    db: peewee.Database, statistic_id: str, source: str, unit: str | None, mean_type: int, has_sum: bool,
    name: str | None,
) -> int:
    """Make or change what a statistic is of; its number."""
    m = StatisticMetaRow
    values = {m.source: source, m.unit: unit, m.mean_type: mean_type, m.has_sum: has_sum, m.name: name}
    known = m.select(m.id).where(m.statistic_id == statistic_id).scalar(db)
    if known is not None:
        m.update(values).where(m.id == known).execute(db)
        return int(known)
    return int(m.insert({m.statistic_id: statistic_id, **values}).execute(db))


def insert(db: peewee.Database, short: bool, rows: Sequence[tuple[int, Stat]]) -> None:
    """Write rows `(number of the statistic, row)`; what was there for the same time is replaced."""
    _bulk(short).run(db, [(meta, *stat) for meta, stat in rows])


@cache
def _bulk(short: bool) -> BulkInsert:
    """Made once: the text of a long statement costs more than running it."""
    model = table(short)
    numbers: list[peewee.Field[Any]] = [getattr(model, name) for name in _NUMBERS]
    return BulkInsert(model, [model.meta, model.start, *numbers], key=[model.meta, model.start], update=numbers)


def stats(db: peewee.Database, short: bool, meta: int, start: float, end: float, limit: int) -> list[Stat]:
    """The rows with `start <= row.start < end`, oldest first."""
    t = table(short)
    where = (t.meta == meta) & (t.start >= start) & (t.start < end)
    query = _columns(t).where(where).order_by(t.start).limit(limit)
    return [Stat(*row) for row in query.tuples().execute(db)]


def last_before(db: peewee.Database, short: bool, meta: int, before: float) -> Stat | None:
    """The newest row that began before that time."""
    t = table(short)
    row = _columns(t).where((t.meta == meta) & (t.start < before)).order_by(t.start.desc()).limit(1).tuples().first(db)
    return None if row is None else Stat(*row)


def newest_before(db: peewee.Database, short: bool, numbers: Sequence[int], before: float) -> dict[int, Stat]:
    """As `last_before`, of a few hundred statistics in one statement."""
    if not numbers:
        return {}
    name = "statistics_short" if short else "statistics"
    text = (
        f"SELECT s.meta, s.start, {', '.join('s.' + each for each in _NUMBERS)} FROM statistics_meta m "
        f"CROSS JOIN {name} s ON s.meta = m.id AND s.start = "
        f"(SELECT MAX(p.start) FROM {name} p WHERE p.meta = m.id AND p.start < ?) "
        f"WHERE m.id IN ({','.join('?' * len(numbers))})"
    )
    return {row[0]: Stat(*row[1:]) for row in db.execute_sql(sql(db, text), (before, *numbers)).fetchall()}


def _columns(t: type[StatisticRow]) -> Any:
    return t.select(t.start, t.mean, t.min, t.max, t.last_reset, t.state, t.sum)


def clear(db: peewee.Database, statistic_ids: Sequence[str]) -> int:
    """Remove statistics with all their rows; how many there were."""
    found = metas(db, statistic_ids)
    for meta in found.values():
        for model in (StatisticRow, ShortStatisticRow):
            model.delete().where(model.meta == meta.id).execute(db)
        StatisticMetaRow.delete().where(StatisticMetaRow.id == meta.id).execute(db)
    return len(found)


def adjust_sum(db: peewee.Database, meta: int, start: float, by: float) -> None:
    """Add to all sums from that time on."""
    for model in (StatisticRow, ShortStatisticRow):
        query = model.update({model.sum: model.sum + by}).where((model.meta == meta) & (model.start >= start))
        query.execute(db)


def set_unit(db: peewee.Database, meta: int, unit: str | None) -> None:
    """Say that the values were in another unit all along."""
    StatisticMetaRow.update({StatisticMetaRow.unit: unit}).where(StatisticMetaRow.id == meta).execute(db)


def convert_rows(db: peewee.Database, meta: int, unit: str | None, convert: Callable[[float], float]) -> None:
    """Turn all values into another unit."""
    for short in (False, True):
        position = -1.0
        while rows := stats(db, short, meta, position + 1, 1e12, 5_000):
            insert(db, short, [(meta, _converted(row, convert)) for row in rows])
            position = rows[-1].start
    set_unit(db, meta, unit)


def _converted(row: Stat, convert: Callable[[float], float]) -> Stat:
    def of(value: float | None) -> float | None:
        return None if value is None else convert(value)

    return row._replace(mean=of(row.mean), min=of(row.min), max=of(row.max), state=of(row.state), sum=of(row.sum))
