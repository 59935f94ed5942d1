"""Answers about statistics: rows by hour, day, week or month, and one figure for a whole time.

Waits for the database; not on the shared dispatcher.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Any

import peewee

from marge.errors import HomeError
from marge.history import stats_store as store
from marge.history.reader import read
from marge.history.stats_store import ARITHMETIC, HOUR_S, OF_ANGLES, OURS, SHORT_S, Meta, Stat
from marge.util.breathe import in_turns
from marge.util.dt import from_epoch
from marge.util.units import can_convert, convert, convert_difference, unit_class

if TYPE_CHECKING:
    from marge.home import Home

TYPES = ("change", "last_reset", "max", "mean", "min", "state", "sum")
PERIODS = ("5minute", "hour", "day", "week", "month")
_OF_MEAN = frozenset({"mean", "min", "max"})
_OF_SUM = frozenset({"change", "last_reset", "state", "sum"})
_IN_UNITS = ("mean", "min", "max", "state", "sum", "change")
_GROWTH = frozenset({"sum", "change"})
SLICE_ROWS = 5_000
MAX_ROWS = 500_000
"""Rows read for one answer."""
FOREVER = 1e11


# -- what there is ---------------------------------------------------------------------------------------------------


def display_unit(home: Home, meta: Meta) -> str | None:
    """The unit that the entity shows now when the statistic converts into it, else the statistic's own."""
    state = home.states.get(meta.statistic_id) if meta.source == OURS else None
    if state is None or "unit_of_measurement" not in state.attributes:
        return meta.unit
    unit = state.attributes["unit_of_measurement"]
    return unit if isinstance(unit, str) and can_convert(meta.unit, unit) else meta.unit


def describe(home: Home, meta: Meta) -> dict[str, Any]:
    """A statistic as clients see it in lists."""
    return {
        "statistic_id": meta.statistic_id,
        "display_unit_of_measurement": display_unit(home, meta),
        "has_mean": meta.mean_type == ARITHMETIC,
        "mean_type": meta.mean_type,
        "has_sum": meta.has_sum,
        "name": meta.name,
        "source": meta.source,
        "statistics_unit_of_measurement": meta.unit,
        "unit_class": unit_class(meta.unit),
    }


# -- rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wish:
    """Which rows. `start` and `end` in UTC epoch seconds, the end not included.

    Attributes:
        period: of `PERIODS`.
        types: of `TYPES`.
        units: unit class to the unit wanted.
    """

    start: float
    end: float
    period: str
    types: Set[str]
    units: Mapping[str, str | None]


def during_period(home: Home, statistic_ids: Sequence[str] | None, wish: Wish) -> dict[str, list[dict[str, Any]]]:
    """Rows by statistic id; statistics without any in that time are left out.

    Raises:
        HomeError: it would be more than `MAX_ROWS`.
    """
    found = read(home, lambda db: store.metas(db, statistic_ids))
    types = set(wish.types)
    if not any(meta.mean_type for meta in found.values()):
        types -= _OF_MEAN
    if not any(meta.has_sum for meta in found.values()):
        types -= _OF_SUM
    rows_left = MAX_ROWS
    answer = {}
    for statistic_id, meta in found.items():
        rows = _rows(home, meta, wish, rows_left)
        rows_left -= len(rows)
        before = None
        if "change" in types and rows and meta.has_sum:
            before = read(home, _before_reader(meta.id, rows[0].start, wish.period == "5minute"))
        shown = _shown(home, meta, rows, wish, types, 0.0 if before is None else before.sum or 0.0)
        if shown:
            answer[statistic_id] = shown
    return answer


def _before_reader(meta: int, start: int, short: bool) -> Callable[[peewee.Database], Stat | None]:
    return lambda db: store.last_before(db, short, meta, start)


def _rows(home: Home, meta: Meta, wish: Wish, most: int) -> list[Stat]:
    short, rows, position = wish.period == "5minute", list[Stat](), wish.start
    while some := read(home, _slice_reader(short, meta.id, position, wish.end)):
        rows += some
        if len(rows) > most:
            raise HomeError(f"More than {MAX_ROWS} rows of statistics: ask for less time at once")
        if len(some) < SLICE_ROWS:
            break
        position = some[-1].start + 1
    return rows


def _slice_reader(short: bool, meta: int, start: float, end: float) -> Callable[[peewee.Database], list[Stat]]:
    return lambda db: store.stats(db, short, meta, start, end, SLICE_ROWS)


def _shown(
    home: Home, meta: Meta, rows: Sequence[Stat], wish: Wish, types: Set[str], sum_before: float
) -> list[dict[str, Any]]:
    shown_unit = wish.units.get(unit_class(meta.unit) or "", display_unit(home, meta))
    shown = []
    for start, end, row in in_turns(_in_periods(rows, wish.period, home.config.time_zone, meta.mean_type)):
        values: dict[str, Any] = {"start": start * 1_000, "end": end * 1_000}
        full = row._asdict() | {"change": None if row.sum is None else row.sum - sum_before}
        sum_before = sum_before if row.sum is None else row.sum
        for name in TYPES:
            if name in types:
                values[name] = _in_unit(name, full[name], meta.unit, shown_unit)
        shown.append(values)
    return shown


def _in_unit(name: str, value: float | None, unit: str | None, wanted: str | None) -> float | None:
    if value is None:
        return None
    if name == "last_reset":
        return value * 1_000
    if name not in _IN_UNITS or unit == wanted or not can_convert(unit, wanted):
        return value
    return (convert_difference if name in _GROWTH else convert)(value, unit, wanted)


def _in_periods(
    rows: Sequence[Stat], period: str, zone: tzinfo, mean_type: int
) -> Iterator[tuple[int, int, Stat]]:
    """`(start, end, row)`: hours are put together to the days, weeks and months of the home's calendar."""
    if period in ("5minute", "hour"):
        length = SHORT_S if period == "5minute" else HOUR_S
        for row in rows:
            yield row.start, row.start + length, row
        return
    for start, some in groupby(rows, key=lambda row: period_start(row.start, period, zone)):
        yield start, period_end(start, period, zone), _together(start, list(some), mean_type)


def _together(start: int, rows: list[Stat], mean_type: int) -> Stat:
    means = [row.mean for row in rows if row.mean is not None]
    if mean_type == OF_ANGLES and means:
        x = sum(math.cos(math.radians(each)) for each in means)
        y = sum(math.sin(math.radians(each)) for each in means)
        mean: float | None = math.degrees(math.atan2(y, x)) % 360
    else:
        mean = math.fsum(means) / len(means) if means else None
    return Stat(
        start,
        mean,
        min((row.min for row in rows if row.min is not None), default=None),
        max((row.max for row in rows if row.max is not None), default=None),
        rows[-1].last_reset,
        rows[-1].state,
        rows[-1].sum,
    )


def period_start(at: float, period: str, zone: tzinfo) -> int:
    """When the day, week (from Monday), month or year of the home's calendar began that holds `at`."""
    local = from_epoch(at).astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if period == "hour":
        return int(at) // HOUR_S * HOUR_S
    day = local.replace(hour=0, fold=0)
    if period == "week":
        day -= timedelta(days=day.weekday())
    elif period == "month":
        day = day.replace(day=1)
    elif period == "year":
        day = day.replace(month=1, day=1)
    return int(_epoch(day, zone))


def period_end(start: float, period: str, zone: tzinfo) -> int:
    """When the next one begins, after the one that began at `start`. A day may have 23 or 25 hours."""
    if period == "hour":
        return int(start) + HOUR_S
    # Wall-clock arithmetic: the zone gives the offset of the day that is reached.
    local = from_epoch(start).astimezone(zone).replace(tzinfo=None)
    if period == "day":
        following = local + timedelta(days=1)
    elif period == "week":
        following = local + timedelta(days=7)
    elif period == "month":
        following = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        following = local.replace(year=local.year + 1)
    return int(_epoch(following, zone))


def _epoch(local: datetime, zone: tzinfo) -> float:
    return local.replace(tzinfo=zone).timestamp()


# -- one figure ------------------------------------------------------------------------------------------------------


def of_period(
    home: Home, statistic_id: str, start: float | None, end: float | None, types: Set[str],
    units: Mapping[str, str | None],
) -> dict[str, Any]:
    """`max`, `mean`, `min` and `change` of a whole time; None where there is nothing to say.

    Args:
        start, end: None: since ever, until now.
    """
    meta = read(home, lambda db: store.metas(db, [statistic_id])).get(statistic_id)
    if meta is None:
        return {}
    first, last = 0.0 if start is None else start, FOREVER if end is None else end
    found = read(home, lambda db: _figures(db, meta, first, last))
    shown_unit = units.get(unit_class(meta.unit) or "", display_unit(home, meta))
    return {
        name: _in_unit(name, found[name], meta.unit, shown_unit)
        for name in ("max", "mean", "min", "change") if name in types
    }  # fmt: skip


def _figures(db: peewee.Database, meta: Meta, start: float, end: float) -> dict[str, float | None]:
    rows = _finest(db, meta.id, start, end)
    weighted = [(row.mean, length) for row, length in rows if row.mean is not None]
    weight = sum(length for _mean, length in weighted)
    mean = None
    if weight and meta.mean_type == OF_ANGLES:
        x = sum(math.cos(math.radians(value)) * length for value, length in weighted)
        y = sum(math.sin(math.radians(value)) * length for value, length in weighted)
        mean = math.degrees(math.atan2(y, x)) % 360
    elif weight:
        mean = math.fsum(value * length for value, length in weighted) / weight
    return {
        "max": max((row.max for row, _length in rows if row.max is not None), default=None),
        "min": min((row.min for row, _length in rows if row.min is not None), default=None),
        "mean": mean,
        "change": _change(db, meta, start, end) if meta.has_sum else None,
    }


def _finest(db: peewee.Database, meta: int, start: float, end: float) -> list[tuple[Stat, int]]:
    """Whole hours, and five minutes where the time begins or ends within an hour or hours are not made yet."""
    first_hour, last_hour = -(-start // HOUR_S) * HOUR_S, end // HOUR_S * HOUR_S
    hours = store.stats(db, False, meta, first_hour, last_hour, MAX_ROWS)
    made_until = hours[-1].start + HOUR_S if hours else first_hour
    rows = [(row, SHORT_S) for row in store.stats(db, True, meta, start, min(first_hour, end), MAX_ROWS)]
    rows += [(row, HOUR_S) for row in hours]
    tail = max(made_until, start)
    return rows + [(row, SHORT_S) for row in store.stats(db, True, meta, tail, end, MAX_ROWS)]


def _change(db: peewee.Database, meta: Meta, start: float, end: float) -> float | None:
    last = _sum_at(db, meta.id, end)
    if last is None:
        return None
    first = _sum_at(db, meta.id, start)
    return last - (first or 0.0)


def _sum_at(db: peewee.Database, meta: int, at: float) -> float | None:
    """The sum when that moment came: of the newest row that was over by then."""
    short = store.last_before(db, True, meta, at - SHORT_S + 1)
    hour = store.last_before(db, False, meta, at - HOUR_S + 1)
    if short is not None and (hour is None or short.start + SHORT_S >= hour.start + HOUR_S):
        return short.sum
    return None if hour is None else hour.sum
