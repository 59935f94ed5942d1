"""Tables of the sun made in the test's own process, and what skyfield itself says."""

from __future__ import annotations

import math
from functools import lru_cache

from marge.solar import Place, SolarKind, SunTable, ephemeris


@lru_cache(maxsize=64)
def table_of_day(day: int, place: Place) -> SunTable:
    return SunTable.of_document(ephemeris.make(day * 86_400.0, place))


def table_for(at: float, place: tuple[float, float, float]) -> SunTable:
    """The table that the child would make for this moment."""
    return table_of_day(math.floor(at / 86_400), Place(*place))


def solar_event(kind: SolarKind, after: float, *place: float) -> float | None:
    """The first event after a moment."""
    return table_for(after, place).next_event(kind, after)  # type: ignore[arg-type]


def position_by_skyfield(epoch: float, place: Place) -> tuple[float, float]:
    """(altitude, azimuth) as skyfield works them out for just this moment."""
    _timescale, _earth, sun = ephemeris.sky()
    seen = ephemeris._observer(*place).at(ephemeris._instant(epoch)).observe(sun).apparent()
    altitude, azimuth, _ = seen.altaz(temperature_C=10.0, pressure_mbar=1010.0)
    return float(altitude.degrees), float(azimuth.degrees)
