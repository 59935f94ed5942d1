"""Changes that people and other programs make to statistics. Waits for the database; not on the shared dispatcher."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import peewee
import voluptuous as vol

from marge.errors import HomeError
from marge.history import stats_store as store
from marge.history.reader import read
from marge.history.stats_store import ARITHMETIC, NO_MEAN, OURS, Meta, Stat
from marge.model import valid_entity_id
from marge.util.units import can_convert, convert, convert_difference

if TYPE_CHECKING:
    from marge.home import Home

_EXTERNAL = re.compile(r"^(?!.+__)(?!_)[\da-z_]+(?<!_):(?!_)[\da-z_]+(?<!_)\Z")
ROWS_A_WRITE = 5_000
FIRST_YEAR, LAST_YEAR = 1970, 9000  # a calendar ends in 9999, and a month's end must still be in it


def number(value: Any) -> float:
    """voluptuous validator: a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise vol.Invalid("expected float")
    return float(value)


def moment(value: Any) -> datetime:
    """voluptuous validator: a time; one without an offset stays without."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise vol.Invalid(f"Invalid datetime specified: {value}") from exc


class UnknownStatistic(HomeError):
    """There is no statistic of that id."""


def import_rows(home: Home, metadata: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Take in hourly rows: of an entity, or of a statistic that another program keeps (`domain:name`).

    Args:
        metadata: `statistic_id`, `source`, `has_mean`, `has_sum`, `name`, `unit_of_measurement`.
        rows: `start` and `last_reset` as aware datetimes, the rest as numbers.

    Raises:
        HomeError: it cannot be taken, in HA's words.
    """
    statistic_id, source = metadata["statistic_id"], metadata["source"]
    if valid_entity_id(statistic_id):
        if source != OURS:
            raise HomeError("Invalid source")
    elif not _EXTERNAL.match(statistic_id):
        raise HomeError("Invalid statistic_id")
    elif source != statistic_id.partition(":")[0]:
        raise HomeError("Invalid source")
    stats = [_stat(row) for row in rows]
    mean_type = ARITHMETIC if metadata["has_mean"] else NO_MEAN
    unit, name = metadata["unit_of_measurement"], metadata["name"]

    def save(db: peewee.Database) -> int:
        return store.save_meta(db, statistic_id, source, unit, mean_type, metadata["has_sum"], name)

    number = read(home, save)
    for begin in range(0, len(stats), ROWS_A_WRITE):
        some = [(number, stat) for stat in stats[begin : begin + ROWS_A_WRITE]]
        read(home, _writer(some))


def _writer(rows: list[tuple[int, Stat]]) -> Any:
    return lambda db: store.insert(db, False, rows)


def _stat(row: Mapping[str, Any]) -> Stat:
    start: datetime = row["start"]
    if start.tzinfo is None or start.utcoffset() is None:
        raise HomeError("Naive timestamp: no or invalid timezone info provided")
    if start.minute or start.second or start.microsecond:
        raise HomeError("Invalid timestamp: timestamps must be from the top of the hour (minutes and seconds = 0)")
    last_reset: datetime | None = row.get("last_reset")
    if last_reset is not None and last_reset.tzinfo is None:
        raise HomeError("Naive timestamp: no or invalid timezone info provided")
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise HomeError(f"Invalid timestamp: the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return Stat(
        int(start.timestamp()),
        row.get("mean"),
        row.get("min"),
        row.get("max"),
        None if last_reset is None else last_reset.timestamp(),
        row.get("state"),
        row.get("sum"),
    )


def meta_of(home: Home, statistic_id: str) -> Meta | None:
    """What a statistic is of."""
    return read(home, lambda db: store.metas(db, [statistic_id])).get(statistic_id)


def adjust(home: Home, meta: Meta, start: float, by: float, unit: str | None) -> None:
    """Add to all sums from `start` on.

    Raises:
        ValueError: `unit` does not convert into the statistic's.
    """
    amount = convert_difference(by, unit, meta.unit)
    read(home, lambda db: store.adjust_sum(db, meta.id, start, amount))


def set_unit(home: Home, statistic_id: str, unit: str | None) -> None:
    """Say that the values were in this unit all along; an unknown id is ignored, as HA does."""
    meta = meta_of(home, statistic_id)
    if meta is not None:
        read(home, lambda db: store.set_unit(db, meta.id, unit))


def change_unit(home: Home, statistic_id: str, old: str | None, new: str | None) -> None:
    """Turn all values from one unit into another.

    Raises:
        HomeError: there is no such statistic, or no way from one to the other.
    """
    meta = meta_of(home, statistic_id)
    if meta is None:
        raise UnknownStatistic(f"No metadata found for {statistic_id}")
    if meta.unit != old or not can_convert(old, new):
        raise HomeError(f"Can't convert {statistic_id} from {old} to {new}")
    read(home, lambda db: store.convert_rows(db, meta.id, new, lambda value: convert(value, old, new)))


def clear(home: Home, statistic_ids: Sequence[str]) -> None:
    """Remove statistics with all their rows."""
    for statistic_id in statistic_ids:
        read(home, _clearer(statistic_id))


def _clearer(statistic_id: str) -> Any:
    return lambda db: store.clear(db, [statistic_id])
