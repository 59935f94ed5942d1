"""Makes statistics of what sensors measured: five minutes at a time, twelve of which make an hour.

In the database's thread only: `compile_short` and `compile_hour` are run in a transaction each, for some sensors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

import peewee

from marge.history import stats_store as store
from marge.history.stats_store import ARITHMETIC, HOUR_S, NO_MEAN, OF_ANGLES, OURS, SHORT_S, Meta, Stat
from marge.history.when import parse_time
from marge.model import loads
from marge.recorder import queries
from marge.storage.models import KeyValueRow
from marge.util.units import can_convert, convert

MEASUREMENT, ANGLE, TOTAL, TOTAL_INCREASING = "measurement", "measurement_angle", "total", "total_increasing"
MEAN_TYPES: Mapping[str, int] = {MEASUREMENT: ARITHMETIC, ANGLE: OF_ANGLES, TOTAL: NO_MEAN, TOTAL_INCREASING: NO_MEAN}
"""State class to what kind of mean it has; the others have a sum."""
MAX_POINTS = 100_000
"""Changes of all sensors of one step in five minutes; beyond it the rest is left out."""
DIP = 0.9
"""A meter that falls below this share of what it showed has begun anew; a smaller dip is an error of its own."""
_COMPILED = "statistics_compiled_until"


class Sensor(NamedTuple):
    """A sensor that statistics are kept of."""

    entity_id: str
    state_class: str


class Reading(NamedTuple):
    """One measured value. `at`: UTC epoch seconds."""

    at: float
    value: float
    unit: str | None
    last_reset: float | None


def compiled_until(db: peewee.Database) -> int | None:
    """The end of the last five minutes that were compiled."""
    text = KeyValueRow.select(KeyValueRow.value).where(KeyValueRow.key == _COMPILED).scalar(db)
    try:
        return None if text is None else int(loads(text))
    except (ValueError, TypeError):
        return None


def note_compiled(db: peewee.Database, until: int) -> None:
    row = KeyValueRow
    query = row.insert({row.key: _COMPILED, row.value: str(until)})
    query.on_conflict(conflict_target=[row.key], update={row.value: str(until)}).execute(db)


def compile_short(db: peewee.Database, sensors: Sequence[Sensor], start: int) -> int:
    """The five minutes from `start` on, of these sensors; how many rows. Again for the same time: the same rows.

    A few hundred sensors at a time: each statement has to win the GIL back from a busy hub.
    """
    entity_ids = [each.entity_id for each in sensors]
    known = store.metas(db, entity_ids)
    numbers = queries.numbers(db, entity_ids)
    recorded = _readings(db, list(numbers.values()), start, start + SHORT_S)
    before = _sums_before(db, [known[each.entity_id].id for each in sensors if each.entity_id in known], start)
    made: list[tuple[int, Stat]] = []
    for sensor in sensors:
        meta = known.get(sensor.entity_id)
        usable, unit = in_one_unit(recorded.get(numbers.get(sensor.entity_id, 0), ()), meta)
        if not usable:
            continue
        mean_type = MEAN_TYPES[sensor.state_class]
        has_sum = mean_type == NO_MEAN
        if meta is None or (meta.mean_type, meta.has_sum, meta.unit) != (mean_type, has_sum, unit):
            name = None if meta is None else meta.name
            meta_id = store.save_meta(db, sensor.entity_id, OURS, unit, mean_type, has_sum, name)
        else:
            meta_id = meta.id
        if has_sum:
            made.append((meta_id, total(usable, sensor.state_class, before.get(meta_id), start)))
        else:
            made.append((meta_id, average(usable, mean_type, start, start + SHORT_S)))
    store.insert(db, True, made)
    return len(made)


def _sums_before(db: peewee.Database, metas: Sequence[int], start: int) -> dict[int, Stat]:
    """Where the sums stood: in the newest five minutes, or the newest hour when those are purged."""
    return store.newest_before(db, False, metas, start) | store.newest_before(db, True, metas, start)


def compile_hour(db: peewee.Database, metas: Sequence[Meta], start: int) -> int:
    """The hour from `start` on, out of its five minutes; how many rows."""
    made = []
    for meta in metas:
        rows = store.stats(db, True, meta.id, start, start + HOUR_S, 12)
        if not rows:
            continue
        last = rows[-1]
        lows = [row.min for row in rows if row.min is not None]
        highs = [row.max for row in rows if row.max is not None]
        means = [row.mean for row in rows if row.mean is not None]
        mean = None if not means else _mean_of([(each, 1.0) for each in means], meta.mean_type)
        made.append(
            (
                meta.id,
                Stat(
                    start, mean, min(lows, default=None), max(highs, default=None), last.last_reset, last.state,
                    last.sum,
                ),
            )
        )
    store.insert(db, False, made)
    return len(made)


def in_one_unit(readings: Sequence[Reading], meta: Meta | None) -> tuple[list[Reading], str | None]:
    """The readings in the statistic's unit (the first reading's, for a new one), and that unit.

    What cannot be converted is left out: a sensor that measures something else now goes on once its statistic was
    told so or cleared (`validate` names it).
    """
    if not readings:
        return [], None
    unit = readings[0].unit if meta is None else meta.unit
    found = []
    for each in readings:
        if each.unit == unit:
            found.append(each)
        elif can_convert(each.unit, unit):
            found.append(each._replace(value=convert(each.value, each.unit, unit), unit=unit))
    return found, unit


def average(readings: Sequence[Reading], mean_type: int, start: float, end: float) -> Stat:
    """Mean by how long each value held, lowest and highest. The first reading may be older than `start`."""
    weighted = []
    for number, each in enumerate(readings):
        until = readings[number + 1].at if number + 1 < len(readings) else end
        weighted.append((each.value, max(0.0, until - max(each.at, start))))
    mean = _mean_of(weighted, mean_type)
    if mean_type == OF_ANGLES:
        return Stat(int(start), mean)
    values = [each.value for each in readings]
    return Stat(int(start), mean, min(values), max(values))


def _mean_of(weighted: Sequence[tuple[float, float]], mean_type: int) -> float:
    weight = sum(share for _value, share in weighted)
    if weight <= 0:
        return weighted[-1][0]
    if mean_type != OF_ANGLES:
        return math.fsum(value * share for value, share in weighted) / weight
    x = math.fsum(math.cos(math.radians(value)) * share for value, share in weighted)
    y = math.fsum(math.sin(math.radians(value)) * share for value, share in weighted)
    return math.degrees(math.atan2(y, x)) % 360


def total(readings: Sequence[Reading], state_class: str, before: Stat | None, start: int) -> Stat:
    """The sum goes on from the row before: it grows by what the meter grew, also across its resets.

    A meter with `last_reset` begins anew when that changes, one of `total_increasing` when it falls. What it shows at
    its very first reading is where counting begins, not something that was used.
    """
    sum_ = 0.0 if before is None else before.sum or 0.0
    value = None if before is None else before.state
    last_reset = None if before is None else before.last_reset
    for each in readings:
        if value is None:
            value, last_reset = each.value, each.last_reset
            continue
        if state_class == TOTAL_INCREASING:
            if each.value < 0:
                continue
            anew = each.value < DIP * value
        else:
            anew = each.last_reset is not None and each.last_reset != last_reset
            last_reset = each.last_reset if each.last_reset is not None else last_reset
        sum_ += each.value - (0.0 if anew else value)
        value = each.value
    return Stat(start, last_reset=last_reset, state=value, sum=sum_)


def _readings(db: peewee.Database, numbers: Sequence[int], start: int, end: int) -> dict[int, list[Reading]]:
    """What sensors showed in that time, the value that held at the start included; only finite numbers."""
    rows = queries.windows(db, numbers, start * 1_000_000, end * 1_000_000, MAX_POINTS) if numbers else {}
    texts = queries.attribute_texts(db, {row[2] for some in rows.values() for row in some if row[2] is not None})
    details = {key: _details(text) for key, text in texts.items()}
    found: dict[int, list[Reading]] = {}
    for number, some in rows.items():
        for updated_us, state, attributes in some:
            value = _number(state)
            if value is not None:
                unit, last_reset = details.get(attributes or 0, (None, None))
                found.setdefault(number, []).append(Reading(updated_us / 1e6, value, unit, last_reset))
    return found


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _details(text: str) -> tuple[str | None, float | None]:
    try:
        attributes = loads(text)
    except ValueError:
        return None, None
    unit = attributes.get("unit_of_measurement")
    return (unit if isinstance(unit, str) else None), parse_time(attributes.get("last_reset"), UTC)


def due(until: int | None, now: float, most: int) -> Iterable[int]:
    """The starts of the five minutes that are over and not compiled yet, oldest first, at most `most` of them.

    Args:
        until: see `compiled_until`; None, or in the future because the clock was wrong: only the last ones are due.
    """
    end = int(now) // SHORT_S * SHORT_S
    begin = end - SHORT_S if until is None or until > end else until
    return range(max(begin, end - most * SHORT_S), end, SHORT_S)
