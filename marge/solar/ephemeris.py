"""The sun's events and places out of an ephemeris, by skyfield. Only for the child process and tests: no I/O but the
ephemeris's file, 50 MB of memory, some tenths of a second.

Depressions: the upper limb on the visible horizon, seen from the observer's height, with the refraction formula of
the NOAA solar calculator. This reproduces the recorded `sun.sun` of Home Assistant to about ten seconds.
"""

from __future__ import annotations

import math
import warnings
from functools import lru_cache
from typing import Any

from marge.solar.table import AHEAD_DAYS, BACK_DAYS, DAY_S, FORMAT, KINDS, Place, SolarKind

_MARGIN_S = 3600
_MARGIN_DAYS = 3
_SUN_RADIUS_DEGREES = 16 / 60
_CIVIL_DEPRESSION = 6.0
_EARTH_RADIUS_M = 6_356_900.0
_MAX_ELEVATION_M = 9_000.0
_UNIX_EPOCH_JULIAN = 2440587.5


@lru_cache(maxsize=1)
def sky() -> tuple[Any, Any, Any]:
    """(time scale, earth, sun)."""
    from skyfield.api import Loader
    from skyfield_data import get_skyfield_data_path

    # It warns when its tables of the rotation age; they matter for milliseconds, the ephemeris reaches 2053.
    warnings.filterwarnings("ignore", r"The file .* has expired", RuntimeWarning)
    load = Loader(get_skyfield_data_path(), expire=False, verbose=False)
    ephemeris = load("de421.bsp")
    return load.timescale(builtin=True), ephemeris["earth"], ephemeris["sun"]


def make(at: float, place: Place) -> dict[str, Any]:
    """The document of a table around `at` (UTC epoch seconds), as `SunTable.of_document` takes it."""
    today = math.floor(at / DAY_S)
    start, end = (today - BACK_DAYS) * DAY_S, (today + AHEAD_DAYS) * DAY_S
    first, last = _reach()
    known_from, known_to = max(start, first), min(end, last)
    events: dict[SolarKind, list[float]] = {kind: [] for kind in KINDS}
    if known_from < known_to:
        events = {kind: _search(kind, known_from, known_to, place) for kind in KINDS}
    days = range(
        math.floor(max(start / DAY_S - _MARGIN_DAYS, first / DAY_S)),
        math.floor(min(end / DAY_S + _MARGIN_DAYS, last / DAY_S)),
    )
    below, ahead = _points_below(days) if days else ([], [])
    return {
        "format": FORMAT, "place": list(place), "start": start, "end": end, "events": events,
        "first_day": days.start, "below": below, "ahead": ahead,
    }  # fmt: skip


@lru_cache(maxsize=1)
def _reach() -> tuple[int, int]:
    """The days that the ephemeris reaches, as epochs, a few days less at both ends."""
    segments = [segment for segment in sky()[1].ephemeris.segments if segment.target in (3, 10)]
    first = max(segment.spk_segment.start_jd for segment in segments) - _UNIX_EPOCH_JULIAN
    last = min(segment.spk_segment.end_jd for segment in segments) - _UNIX_EPOCH_JULIAN
    return (math.ceil(first) + _MARGIN_DAYS) * DAY_S, (math.floor(last) - _MARGIN_DAYS) * DAY_S


def _instant(epoch: float) -> Any:
    return sky()[0].ut1_jd(_UNIX_EPOCH_JULIAN + epoch / DAY_S)


def _epoch_of(julian: float) -> float:
    return (float(julian) - _UNIX_EPOCH_JULIAN) * DAY_S


def _observer(latitude: float, longitude: float, elevation: float) -> Any:
    from skyfield.api import wgs84

    return sky()[1] + wgs84.latlon(latitude, longitude, elevation_m=elevation)


def _refraction_degrees(altitude: float) -> float:
    """NOAA's refraction near and below the horizon."""
    if altitude < -0.575:
        seconds = -20.774 / math.tan(math.radians(altitude))
    else:
        seconds = 1735 + altitude * (-518.2 + altitude * (103.4 + altitude * (-12.79 + altitude * 0.711)))
    return seconds / 3600


def _horizon_degrees(depression: float, elevation: float) -> float:
    """The true altitude of the sun's centre at an event with this depression, for an observer this high."""
    height = min(max(elevation, 0.0), _MAX_ELEVATION_M)
    dip = math.degrees(math.acos(_EARTH_RADIUS_M / (_EARTH_RADIUS_M + height)))
    below = -(depression + dip)
    return below - _refraction_degrees(below)


def _search(kind: SolarKind, start: float, end: float, place: Place) -> list[float]:
    """Epochs of the event in [start, end), sorted, in milliseconds."""
    from skyfield import almanac

    latitude, longitude, elevation = place
    sun = sky()[2]
    # A margin on both sides: skyfield's search begins with rough guesses, and one right at a boundary may be lost.
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
    epochs = {round(_epoch_of(each), 3) for each in found}
    return sorted(epoch for epoch in epochs if start <= epoch < end)


def _points_below(days: range) -> tuple[list[float], list[float]]:
    """Latitude of the point right below the sun, and degrees that it is ahead of the mean sun, at the start of each
    of these days (UTC, counted from 1970)."""
    import numpy

    timescale, earth, sun = sky()
    julian = numpy.arange(days.start, days.stop, dtype=float) + _UNIX_EPOCH_JULIAN
    moments = timescale.ut1_jd(julian)
    ascension, declination, _ = earth.at(moments).observe(sun).apparent().radec("date")
    # At the start of a day the mean sun is above longitude 180.
    ahead = (moments.gast * 15 - ascension.degrees + 360) % 360 - 180
    return [round(float(each), 7) for each in declination.degrees], [round(float(each), 7) for each in ahead]
