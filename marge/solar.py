"""When the sun rises, sets, stands highest, and where it stands: arithmetic alone, quick enough for any thread or turn.

Here: events and position for a place on earth. Not here: the `sun.sun` entity (`marge/domains/sun.py`), clocks, actors.

The sun's place follows from its mean longitude, the equation of the centre, the five largest pulls of the moon and the
planets, and the four largest terms of the nutation (Meeus, Astronomical Formulae for Calculators, chapter 18;
Astronomical Algorithms, chapter 22). Outside the polar circles its events are within 3 s of those of the ephemeris
DE421 from 1900 to 2053, without its 15 MB of memory. A position takes 10 µs, an event that no cache knows
0.5 ms, a polar night's end 3 ms.

Depressions: the upper limb on the visible horizon, seen from the observer's height, with the refraction formula of
the NOAA solar calculator. This reproduces the recorded `sun.sun` of Home Assistant to about ten seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from math import cos, degrees, radians, sin
from typing import Literal, NamedTuple

SolarKind = Literal["sunrise", "sunset", "dawn", "dusk", "noon", "midnight"]
KINDS: tuple[SolarKind, ...] = ("sunrise", "sunset", "dawn", "dusk", "noon", "midnight")

DAY_S = 86_400
FIRST_EPOCH, LAST_EPOCH = -2_208_988_800.0, 2_619_000_000.0
"""From 1900 until the end of 2052."""
_NEAR_DAYS = 3  # outside the polar circles every event happens within a day or two
_FAR_DAYS = 370  # the longest polar night or day is shorter than a year
_SUN_RADIUS_DEGREES = 16 / 60
_CIVIL_DEPRESSION = 6.0
_EARTH_RADIUS_M = 6_356_900.0
_MAX_ELEVATION_M = 9_000.0
_POLE_DEGREES = 89.99  # so near to a pole the sun circles level, and neither rises nor sets in the course of a day
_PARALLAX_DEGREES = 8.794 / 3600
_MEAN_DAY_DEGREES = 360.0  # what the sun's hour angle grows by in a day
_EXACT_S = 0.01
_UNIX_EPOCH_FROM_1900, _UNIX_EPOCH_FROM_2000 = 25567.5, -10957.5
"""Days from 1900 January 0.5 and 2000 January 1.5 to 1970 January 1.0."""

_DELTA_T: tuple[tuple[float, float], ...] = (
    (1900, -2.8), (1910, 10.4), (1920, 21.1), (1930, 24.0), (1940, 24.3), (1950, 29.1), (1960, 33.1), (1970, 40.2),
    (1980, 50.5), (1990, 56.9), (2000, 63.8), (2010, 66.1), (2020, 69.4), (2030, 70.0), (2053, 76.0),
)  # fmt: skip
"""(year, seconds that even time is ahead of the earth's rotation); the sun moves 3 seconds of arc in 70 of them."""
_YEARS = [year for year, _seconds in _DELTA_T]


class _Place(NamedTuple):
    """Where the sun stands for the whole earth, in degrees."""

    declination: float
    hour_angle: float
    """West of Greenwich's meridian, -180 to 180."""


def _delta_t(epoch: float) -> float:
    year = 1970 + epoch / (365.2425 * DAY_S)
    index = min(max(bisect_right(_YEARS, year), 1), len(_YEARS) - 1)
    (first, before), (last, after) = _DELTA_T[index - 1], _DELTA_T[index]
    return before + (after - before) * (year - first) / (last - first)


def _place(epoch: float) -> _Place:
    universal = epoch / DAY_S
    century = (universal + _delta_t(epoch) / DAY_S + _UNIX_EPOCH_FROM_1900) / 36525
    mean_longitude = 279.69668 + century * (36000.76892 + century * 0.0003025)
    anomaly = radians(358.47583 + century * (35999.04975 - century * (0.000150 + century * 0.0000033)))
    longitude = (
        mean_longitude
        + (1.919460 - century * (0.004789 + century * 0.000014)) * sin(anomaly)
        + (0.020094 - century * 0.000100) * sin(2 * anomaly)
        + 0.000293 * sin(3 * anomaly)
        + 0.00134 * cos(radians(153.23 + 22518.7541 * century))
        + 0.00154 * cos(radians(216.57 + 45037.5082 * century))
        + 0.00200 * cos(radians(312.69 + 32964.3577 * century))
        + 0.00179 * sin(radians(350.74 + 445267.1142 * century))
        + 0.00178 * sin(radians(231.19 + 20.20 * century))
    )
    node = radians(259.183275 - 1934.142008 * century)
    twice_sun = radians(2 * mean_longitude)
    twice_moon = radians(2 * (270.434164 + 481267.883142 * century))
    nutation = (
        -17.20 * sin(node) - 1.32 * sin(twice_sun) - 0.23 * sin(twice_moon) + 0.21 * sin(2 * node)
    ) / 3600  # fmt: skip
    tilt = radians(
        23.452294 - 0.0130125 * century
        + (9.20 * cos(node) + 0.57 * cos(twice_sun) + 0.10 * cos(twice_moon) - 0.09 * cos(2 * node)) / 3600
    )  # fmt: skip
    apparent = radians(longitude + nutation - 20.4955 / 3600)  # its light left eight minutes ago
    ascension = degrees(math.atan2(cos(tilt) * sin(apparent), cos(apparent)))
    declination = degrees(math.asin(sin(tilt) * sin(apparent)))
    days = universal + _UNIX_EPOCH_FROM_2000
    sidereal = 280.46061837 + 360.98564736629 * days + 0.000387933 * (days / 36525) ** 2 + nutation * cos(tilt)
    return _Place(declination, _half_turn(sidereal - ascension))


def _half_turn(angle: float) -> float:
    """The same angle from -180 to 180."""
    return (angle + 180.0) % 360.0 - 180.0


def _seen(epoch: float, latitude: float, longitude: float) -> tuple[float, float]:
    """(altitude without refraction, azimuth from north over east) in degrees."""
    place = _place(epoch)
    hour, declination, north = radians(place.hour_angle + longitude), radians(place.declination), radians(latitude)
    up = sin(north) * sin(declination) + cos(north) * cos(declination) * cos(hour)
    east = -cos(declination) * sin(hour)
    ahead = cos(north) * sin(declination) - sin(north) * cos(declination) * cos(hour)
    altitude = math.atan2(up, math.hypot(east, ahead))
    return degrees(altitude) - _PARALLAX_DEGREES * cos(altitude), degrees(math.atan2(east, ahead)) % 360.0


def _altitude(epoch: float, latitude: float, longitude: float) -> float:
    return _seen(epoch, latitude, longitude)[0]


def _refraction_degrees(altitude: float) -> float:
    """NOAA's refraction near and below the horizon."""
    if altitude < -0.575:
        seconds = -20.774 / math.tan(math.radians(altitude))
    else:
        seconds = 1735 + altitude * (-518.2 + altitude * (103.4 + altitude * (-12.79 + altitude * 0.711)))
    return seconds / 3600


def _lifted(altitude: float) -> float:
    """An altitude as refraction (Bennett's formula, 10 °C and 1010 hPa) shows it; no change far below the horizon."""
    if not -1.0 <= altitude <= 89.9:
        return altitude
    seen = altitude
    for _ in range(8):  # the formula wants the altitude that it gives
        seen = altitude + 0.28 * 1010.0 / 283.0 * 0.016667 / math.tan(radians(seen + 7.31 / (seen + 4.4)))
    return seen


@lru_cache(maxsize=64)
def _horizon_degrees(depression: float, elevation: float) -> float:
    """The true altitude of the sun's centre at an event with this depression, for an observer this high."""
    height = min(max(elevation, 0.0), _MAX_ELEVATION_M)
    dip = math.degrees(math.acos(_EARTH_RADIUS_M / (_EARTH_RADIUS_M + height)))
    below = -(depression + dip)
    return below - _refraction_degrees(below)


def _transit(day: int, longitude: float) -> float:
    """When the sun crosses this meridian on this day of its mean time (the days count from 1970)."""
    epoch = day * DAY_S + DAY_S / 2 - longitude * DAY_S / 360
    for _ in range(3):
        epoch -= _half_turn(_place(epoch).hour_angle + longitude) / _MEAN_DAY_DEGREES * DAY_S
    return epoch


def _crossing(first: float, last: float, latitude: float, longitude: float, horizon: float) -> float | None:
    """When the altitude passes the horizon between its lowest and highest point, or the other way round."""
    before = _altitude(first, latitude, longitude) - horizon
    after = _altitude(last, latitude, longitude) - horizon
    if before * after > 0 or before == after:
        return None
    while last - first > _EXACT_S:
        # Between them the altitude is nearly a cosine: half by its steepness, half by the middle, never fails.
        share = before / (before - after)
        for middle in (first + (last - first) * min(max(share, 0.001), 0.999), (first + last) / 2):
            if not first < middle < last:
                continue
            height = _altitude(middle, latitude, longitude) - horizon
            if height * before > 0:
                first, before = middle, height
            else:
                last, after = middle, height
    return (first + last) / 2


def _may_cross(day: int, latitude: float, horizon: float) -> bool:
    """Whether the sun may pass the horizon on about this day: cheap, and never wrongly no."""
    declination = _place(day * DAY_S + DAY_S / 2).declination
    highest, lowest = 90.0 - abs(latitude - declination), abs(latitude + declination) - 90.0
    return lowest - 1.0 < horizon < highest + 1.0


def _search(
    kind: SolarKind, start: float, end: float, latitude: float, longitude: float, elevation: float
) -> tuple[float, ...]:
    """Epochs of the event in [start, end), sorted."""
    found = []
    days = range(math.floor(start / DAY_S) - 1, math.floor(end / DAY_S) + 2)
    if kind in ("noon", "midnight"):
        # The sun's lower transit is its upper one on the meridian at the other side of the earth.
        meridian = longitude if kind == "noon" else _half_turn(longitude + 180.0)
        found = [_transit(day, meridian) for day in days]
    elif abs(latitude) < _POLE_DEGREES:
        depression = _CIVIL_DEPRESSION if kind in ("dawn", "dusk") else _SUN_RADIUS_DEGREES
        horizon = _horizon_degrees(depression, elevation)
        half = -DAY_S / 2 if kind in ("sunrise", "dawn") else DAY_S / 2
        for day in days:
            if not _may_cross(day, latitude, horizon):
                continue
            noon = _transit(day, longitude)
            first, last = sorted((noon, noon + half))
            crossed = _crossing(first, last, latitude, longitude, horizon)
            if crossed is not None:
                found.append(crossed)
    return tuple(sorted(epoch for epoch in found if start <= epoch < end))


@lru_cache(maxsize=2048)
def _events_of_day(
    kind: SolarKind, day: int, latitude: float, longitude: float, elevation: float
) -> tuple[float, ...]:
    return _search(kind, day * DAY_S, (day + 1) * DAY_S, latitude, longitude, elevation)


@lru_cache(maxsize=256)
def _far_event(kind: SolarKind, day: int, latitude: float, longitude: float, elevation: float) -> float | None:
    for later in range(day, day + _FAR_DAYS):
        found = _events_of_day(kind, later, latitude, longitude, elevation)
        if found:
            return found[0]
    return None


def solar_event(
    kind: SolarKind, after_epoch: float, latitude: float, longitude: float, elevation: float = 0.0
) -> float | None:
    """The first event of this kind strictly after `after_epoch`.

    Args:
        kind: `sunrise`, `sunset` (upper limb on the visible horizon), `dawn`, `dusk` (civil, 6 degrees below it),
            `noon`, `midnight` (highest and lowest point).
        after_epoch: UTC epoch seconds.
        latitude, longitude: degrees, north and east positive.
        elevation: metres above the sea; a higher observer sees the sun earlier and longer.

    Returns:
        UTC epoch seconds. In polar night and day the next event may be months away. None: there is none within a
        year (at the very poles), or the time is one that the formulas are not for (`FIRST_EPOCH`, `LAST_EPOCH`).
    """
    if not FIRST_EPOCH <= after_epoch <= LAST_EPOCH:
        return None
    day = math.floor(after_epoch / DAY_S)
    for near in range(day, day + _NEAR_DAYS):
        for epoch in _events_of_day(kind, near, latitude, longitude, elevation):
            if epoch > after_epoch:
                return epoch
    return _far_event(kind, day + _NEAR_DAYS, latitude, longitude, elevation)


def solar_position(
    epoch: float, latitude: float, longitude: float, elevation: float = 0.0
) -> tuple[float, float] | None:
    """(altitude with refraction, azimuth from north over east) in degrees. None: a time outside the formulas' range.

    The elevation makes no difference that could be seen; it is taken so that all that ask for a place ask alike.
    """
    if not FIRST_EPOCH <= epoch <= LAST_EPOCH:
        return None
    altitude, azimuth = _seen(epoch, latitude, longitude)
    return _lifted(altitude), azimuth
