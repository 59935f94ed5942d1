"""What is known of the sun for some years at one place: its events, and where it stands. Plain data and arithmetic,
quick enough for an actor's turn.

The events are skyfield's, found by the child. Where the sun stands follows from the point of the earth right below it,
of which the table has one a day: its latitude and how far it runs ahead of the mean sun change so slowly that four
neighbours give every moment between them to a ten-thousandth of a degree.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

SolarKind = Literal["sunrise", "sunset", "dawn", "dusk", "noon", "midnight"]
KINDS: tuple[SolarKind, ...] = ("sunrise", "sunset", "dawn", "dusk", "noon", "midnight")

DAY_S = 86_400
BACK_DAYS, AHEAD_DAYS = 40, 780
"""What a table reaches from the moment it is made for."""
FAR_S = 370 * DAY_S
"""The longest polar night or day is shorter than a year: what does not come within this time does not come."""
RENEW_S = 30 * DAY_S
"""How long before a table is too short the next one is asked for."""
YEAR_S = 365.2425 * DAY_S
FORMAT = 1
"""Of the stored document; one of another format is made anew."""

_PARALLAX_DEGREES = 8.794 / 3600
_LOWEST_REFRACTED, _HIGHEST_REFRACTED = -1.0, 89.9
_AIR = 0.28 * 1010.0 / (10.0 + 273.0)
"""1010 mbar and 10 degrees, as almanacs assume."""


class Place(NamedTuple):
    """Degrees, north and east positive; metres above the sea: a higher observer sees the sun earlier and longer."""

    latitude: float
    longitude: float
    elevation: float


class SunTable:
    """The sun at `place`. Immutable.

    Attributes:
        start, end: UTC epoch seconds that it reaches. Beyond the ephemeris (1899-2053) it has no events.
    """

    __slots__ = ("_ahead", "_below", "_events", "_first_day", "end", "place", "start")

    def __init__(
        self,
        place: Place,
        start: float,
        end: float,
        events: Mapping[SolarKind, array[float]],
        first_day: int,
        below: array[float],
        ahead: array[float],
    ) -> None:
        self.place = place
        self.start, self.end = start, end
        self._events = events
        self._first_day = first_day
        self._below, self._ahead = below, ahead

    @classmethod
    def of_document(cls, document: Any) -> SunTable:
        """The table of what `ephemeris.make` returned, or of what was stored.

        Raises:
            ValueError: it is none, or one of another format.
        """
        try:
            if document["format"] != FORMAT:
                raise ValueError(f"its format is {document['format']!r}")
            place = Place(*(float(each) for each in document["place"]))
            events = {kind: array("d", document["events"][kind]) for kind in KINDS}
            below, ahead = array("d", document["below"]), array("d", document["ahead"])
            start, end, first_day = float(document["start"]), float(document["end"]), int(document["first_day"])
        except (KeyError, TypeError, OverflowError) as exc:
            raise ValueError(f"it is no table of the sun: {exc!r}") from exc
        sorted_well = all(all(a < b for a, b in zip(each, each[1:], strict=False)) for each in events.values())
        if not sorted_well or len(below) != len(ahead) or not start < end:
            raise ValueError("it is no table of the sun")
        return cls(place, start, end, events, first_day, below, ahead)

    def covers(self, epoch: float) -> bool:
        """Whether all questions about this moment and what follows it have their answer here."""
        return self.start <= epoch <= self.end - FAR_S

    def is_short(self, epoch: float) -> bool:
        """Whether the next table should be made soon."""
        return epoch > self.end - FAR_S - RENEW_S

    def shift_for(self, epoch: float) -> float:
        """Seconds, whole days of some years, to add to a moment so that the table covers it.

        The sun does much the same every year: what the table says of the shifted moment, shifted back, is right to a
        few minutes.
        """
        if self.covers(epoch):
            return 0.0
        middle = self.start + BACK_DAYS * DAY_S
        years = math.ceil((middle - epoch) / YEAR_S)
        return round(years * YEAR_S / DAY_S) * float(DAY_S)

    def next_event(self, kind: SolarKind, after: float) -> float | None:
        """The first event of this kind strictly after `after`, a moment that the table covers.

        Returns:
            UTC epoch seconds. In polar night and day the next event may be months away. None: there is none within a
            year (at the very poles), or the time is outside the ephemeris.
        """
        epochs = self._events[kind]
        index = bisect_right(epochs, after)
        if index == len(epochs) or epochs[index] - after > FAR_S:
            return None
        return epochs[index]

    def position(self, epoch: float) -> tuple[float, float] | None:
        """(altitude with refraction, azimuth from north over east) in degrees. None: the table does not reach it."""
        days = epoch / DAY_S - self._first_day
        whole = math.floor(days)
        if not 1 <= whole < len(self._below) - 2:
            return None
        fraction = days - whole
        latitude = math.radians(self.place.latitude)
        below = math.radians(_between(self._below, whole, fraction))
        # How far the sun has gone west of the place's meridian.
        hour = math.radians(fraction * 360 - 180 + _between(self._ahead, whole, fraction) + self.place.longitude)
        up = math.sin(latitude) * math.sin(below) + math.cos(latitude) * math.cos(below) * math.cos(hour)
        north = math.cos(latitude) * math.sin(below) - math.sin(latitude) * math.cos(below) * math.cos(hour)
        east = -math.cos(below) * math.sin(hour)
        altitude = math.degrees(math.atan2(up, math.hypot(north, east)))
        altitude -= _PARALLAX_DEGREES * math.cos(math.radians(altitude))
        return _refracted(altitude), math.degrees(math.atan2(east, north)) % 360


def _between(values: array[float], whole: int, fraction: float) -> float:
    """The cubic through the four neighbours of this moment."""
    before, first, second, behind = values[whole - 1 : whole + 3]
    x = fraction
    return (
        -before * x * (x - 1) * (x - 2) / 6
        + first * (x + 1) * (x - 1) * (x - 2) / 2
        - second * (x + 1) * x * (x - 2) / 2
        + behind * (x + 1) * x * (x - 1) / 6
    )


def _refracted(altitude: float) -> float:
    """Where the sun is seen that stands at this altitude (Bennett's formula, which starts from what is seen)."""
    seen = altitude
    for _ in range(20):
        if not _LOWEST_REFRACTED <= seen <= _HIGHEST_REFRACTED:
            return seen
        before, seen = seen, altitude + 0.016667 / math.tan(math.radians(seen + 7.31 / (seen + 4.4))) * _AIR
        if abs(seen - before) <= 3e-5:
            break
    return seen
