"""What the statistics helper can say about samples: a function a characteristic. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

Values = Sequence[float]
Times = Sequence[float]
Characteristic = Callable[[Values, Times, int], Any]
"""Of at least one sample, oldest first: values, times (epoch seconds), and the percentile that is asked for."""


def _moment(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="seconds")


def _variance(values: Values) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((each - mean) ** 2 for each in values) / (len(values) - 1)


def _steps(values: Values) -> list[float]:
    return [after - before for before, after in zip(values, values[1:], strict=False)]


def _weighed(heights: Sequence[float], times: Times, otherwise: float) -> float:
    """The mean of what held between two samples, by how long it did."""
    whole = times[-1] - times[0]
    if whole <= 0:
        return otherwise
    lengths = _steps(times)
    return math.fsum(height * length for height, length in zip(heights, lengths, strict=True)) / whole


def _step(values: Values, times: Times, _percentile: int = 0) -> float:
    return _weighed(values[:-1], times, values[-1])


def _linear(values: Values, times: Times, _percentile: int) -> float:
    return _weighed([(a + b) / 2 for a, b in zip(values, values[1:], strict=False)], times, values[-1])


def _mean(values: Values, _times: Times = (), _percentile: int = 0) -> float:
    return math.fsum(values) / len(values)


def _circular(values: Values, _times: Times, _percentile: int) -> float:
    """The mean direction, in degrees from 0 to 360."""
    sines = math.fsum(math.sin(math.radians(each)) for each in values)
    cosines = math.fsum(math.cos(math.radians(each)) for each in values)
    return math.degrees(math.atan2(sines, cosines)) % 360


def _per_second(values: Values, times: Times, _percentile: int) -> float:
    whole = times[-1] - times[0]
    return (values[-1] - values[0]) / whole if whole > 0 else 0.0


def _percentile(values: Values, _times: Times, percentile: int) -> float:
    if len(values) < 2:
        return values[0]
    return float(statistics.quantiles(values, n=100, method="exclusive")[percentile - 1])


def _total(values: Values, _times: Times, _percentile: int) -> float:
    return math.fsum(values)


NUMBERS: dict[str, Characteristic] = {
    "average_linear": _linear,
    "average_step": _step,
    "average_timeless": _mean,
    "change_sample": lambda v, _t, _p: (v[-1] - v[0]) / (len(v) - 1) if len(v) > 1 else 0.0,
    "change_second": _per_second,
    "change": lambda v, _t, _p: v[-1] - v[0],
    "count": lambda v, _t, _p: len(v),
    "datetime_newest": lambda _v, t, _p: _moment(t[-1]),
    "datetime_oldest": lambda _v, t, _p: _moment(t[0]),
    "datetime_value_max": lambda v, t, _p: _moment(t[v.index(max(v))]),
    "datetime_value_min": lambda v, t, _p: _moment(t[v.index(min(v))]),
    "distance_95_percent_of_values": lambda v, _t, _p: 2 * 1.96 * math.sqrt(_variance(v)),
    "distance_99_percent_of_values": lambda v, _t, _p: 2 * 2.58 * math.sqrt(_variance(v)),
    "distance_absolute": lambda v, _t, _p: max(v) - min(v),
    "mean": _mean,
    "mean_circular": _circular,
    "median": lambda v, _t, _p: statistics.median(v),
    "noisiness": lambda v, _t, _p: _mean([abs(each) for each in _steps(v)]) if len(v) > 1 else 0.0,
    "percentile": _percentile,
    "standard_deviation": lambda v, _t, _p: math.sqrt(_variance(v)),
    "sum": _total,
    "sum_differences": lambda v, _t, _p: math.fsum(abs(each) for each in _steps(v)),
    # A counter that begins again has counted what it shows now.
    "sum_differences_nonnegative": lambda v, _t, _p: math.fsum(
        after - before if after >= before else after for before, after in zip(v, v[1:], strict=False)
    ),
    "total": _total,
    "value_max": lambda v, _t, _p: max(v),
    "value_min": lambda v, _t, _p: min(v),
    "variance": lambda v, _t, _p: _variance(v),
}  # fmt: skip
"""Of numbers."""

ON_OFF: dict[str, Characteristic] = {
    "average_step": lambda v, t, _p: 100 * _step(v, t),
    "average_timeless": lambda v, _t, _p: 100 * _mean(v),
    "count": NUMBERS["count"],
    "count_on": lambda v, _t, _p: sum(1 for each in v if each),
    "count_off": lambda v, _t, _p: sum(1 for each in v if not each),
    "datetime_newest": NUMBERS["datetime_newest"],
    "datetime_oldest": NUMBERS["datetime_oldest"],
    "mean": lambda v, _t, _p: 100 * _mean(v),
}
"""Of binary sensors, whose samples are 1 and 0: shares are percentages."""

WITHOUT_UNIT = frozenset(("count", "count_on", "count_off"))
UNIT_SUFFIX = {"change_sample": "/sample", "change_second": "/s", "variance": "²"}
