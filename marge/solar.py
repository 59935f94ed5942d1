"""When the sun rises, sets, stands highest, and where it stands: arithmetic over an ephemeris, no I/O but its file.

Here: events and position for a place on earth. Not here: the `sun.sun` entity (`marge/domains/sun.py`), clocks, actors.

A day costs 2-10 ms of numpy when it is first asked for, and comes from a cache later. The server computes on one native
thread, its lane `LANE`, after `load()` on the hub: skyfield takes locks, and patched ones must not be fought over by
two threads (one of them would wait for ever).

Depressions: the upper limb on the visible horizon, seen from the observer's height, with the refraction formula of
the NOAA solar calculator. This reproduces the recorded `sun.sun` of Home Assistant to about ten seconds.
"""

from __future__ import annotations

import math
import warnings
from functools import lru_cache
from typing import Any, Literal

SolarKind = Literal["sunrise", "sunset", "dawn", "dusk", "noon", "midnight"]
KINDS: tuple[SolarKind, ...] = ("sunrise", "sunset", "dawn", "dusk", "noon", "midnight")

DAY_S = 86_400
_MARGIN_S = 3600
_NEAR_DAYS = 3  # outside the polar circles every event happens within a day or two
_FAR_DAYS = 370  # the longest polar night or day is shorter than a year
_SUN_RADIUS_DEGREES = 16 / 60
_CIVIL_DEPRESSION = 6.0
_EARTH_RADIUS_M = 6_356_900.0
_MAX_ELEVATION_M = 9_000.0


LANE = "sun"
"""Name of the native thread (`ActorSystem.lane`) on which the server asks this module."""


def load() -> None:
    """Import numpy and skyfield and open the ephemeris: 200 ms, once. On the hub, before the lane is used."""
    from skyfield import almanac  # noqa: F401  # imported for the lane, where nothing may be imported

    _sky()


@lru_cache(maxsize=1)
def _sky() -> tuple[Any, Any, Any]:
    """(time scale, earth, sun); imported here because numpy costs start-up time."""
    from skyfield.api import Loader
    from skyfield_data import get_skyfield_data_path

    # It warns when its tables of the rotation age; they matter for milliseconds, the ephemeris reaches 2053. Not
    # `catch_warnings`: that swaps the filters of the whole process, and threads do so at the same time.
    warnings.filterwarnings("ignore", r"The file .* has expired", RuntimeWarning)
    load = Loader(get_skyfield_data_path(), expire=False, verbose=False)
    timescale = load.timescale(builtin=True)
    ephemeris = load("de421.bsp")
    return timescale, ephemeris["earth"], ephemeris["sun"]


@lru_cache(maxsize=16)
def _observer(latitude: float, longitude: float, elevation: float) -> Any:
    from skyfield.api import wgs84

    return _sky()[1] + wgs84.latlon(latitude, longitude, elevation_m=elevation)


def _instant(epoch: float) -> Any:
    # 2440587.5 is the Julian date of the Unix epoch.
    return _sky()[0].ut1_jd(2440587.5 + epoch / DAY_S)


def _epoch_of(julian: float) -> float:
    return (float(julian) - 2440587.5) * DAY_S


def _refraction_degrees(altitude: float) -> float:
    """NOAA's refraction near and below the horizon."""
    if altitude < -0.575:
        seconds = -20.774 / math.tan(math.radians(altitude))
    else:
        seconds = 1735 + altitude * (-518.2 + altitude * (103.4 + altitude * (-12.79 + altitude * 0.711)))
    return seconds / 3600


@lru_cache(maxsize=64)
def _horizon_degrees(depression: float, elevation: float) -> float:
    """The true altitude of the sun's centre at an event with this depression, for an observer this high."""
    height = min(max(elevation, 0.0), _MAX_ELEVATION_M)
    dip = math.degrees(math.acos(_EARTH_RADIUS_M / (_EARTH_RADIUS_M + height)))
    below = -(depression + dip)
    return below - _refraction_degrees(below)


def _search(
    kind: SolarKind, start: float, end: float, latitude: float, longitude: float, elevation: float
) -> tuple[float, ...]:
    """Epochs of the event in [start, end), sorted."""
    from skyfield import almanac

    sun = _sky()[2]
    # A margin on both sides: an event right at a boundary must be found by exactly one of two neighbouring searches.
    first, last = _instant(start - _MARGIN_S), _instant(end + _MARGIN_S)
    if kind in ("noon", "midnight"):
        # The sun's lower transit is its upper one on the meridian at the other side of the earth.
        meridian = longitude if kind == "noon" else (longitude + 360) % 360 - 180
        found = list(almanac.find_transits(_observer(latitude, meridian, 0.0), sun, first, last).ut1)
    else:
        depression = _CIVIL_DEPRESSION if kind in ("dawn", "dusk") else _SUN_RADIUS_DEGREES
        search = almanac.find_risings if kind in ("sunrise", "dawn") else almanac.find_settings
        observer = _observer(latitude, longitude, elevation)
        times, real = search(observer, sun, first, last, horizon_degrees=_horizon_degrees(depression, elevation))
        # In polar night and day there is a "closest approach" to the horizon, flagged False: not an event.
        found = [time for time, crossed in zip(times.ut1, real, strict=True) if crossed]
    return tuple(sorted(epoch for epoch in map(_epoch_of, found) if start <= epoch < end))


@lru_cache(maxsize=2048)
def _events_of_day(
    kind: SolarKind, day: int, latitude: float, longitude: float, elevation: float
) -> tuple[float, ...]:
    return _search(kind, day * DAY_S, (day + 1) * DAY_S, latitude, longitude, elevation)


@lru_cache(maxsize=256)
def _far_event(kind: SolarKind, day: int, latitude: float, longitude: float, elevation: float) -> float | None:
    start = day * DAY_S
    found = _search(kind, start, start + _FAR_DAYS * DAY_S, latitude, longitude, elevation)
    return found[0] if found else None


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
        year (at the very poles), or the time is outside the ephemeris (1899-2053).
    """
    day = math.floor(after_epoch / DAY_S)
    try:
        for near in range(day, day + _NEAR_DAYS):
            for epoch in _events_of_day(kind, near, latitude, longitude, elevation):
                if epoch > after_epoch:
                    return epoch
        return _far_event(kind, day + _NEAR_DAYS, latitude, longitude, elevation)
    except ValueError:  # skyfield's EphemerisRangeError is one
        return None


def solar_position(
    epoch: float, latitude: float, longitude: float, elevation: float = 0.0
) -> tuple[float, float] | None:
    """(altitude with refraction, azimuth from north over east) in degrees. None: outside the ephemeris."""
    try:
        seen = _observer(latitude, longitude, elevation).at(_instant(epoch)).observe(_sky()[2]).apparent()
        altitude, azimuth, _ = seen.altaz(temperature_C=10.0, pressure_mbar=1010.0)
    except ValueError:
        return None
    return float(altitude.degrees), float(azimuth.degrees)
