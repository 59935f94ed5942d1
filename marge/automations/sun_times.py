"""Sunrise and sunset for triggers and conditions: computed by a pinned helper on a native thread, not in a turn.

Not here: the arithmetic (`marge.solar`) and the `sun.sun` entity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import ChildSpec, PinnedActor, join
from marge.errors import AlreadyExists
from marge.solar import LANE, SolarKind, load, solar_event

if TYPE_CHECKING:
    from marge.automations.kinds import Condition
    from marge.home import Home

NAME = "sun_times"
_HELPERS = "/helpers"


class NextEvent(NamedTuple):
    """Find the first sunrise or sunset after `after` and call `deliver(epoch or None)`, which must not wait."""

    kind: SolarKind
    after: float
    deliver: Callable[[float | None], None]


class Warm(NamedTuple):
    """Compute the days around `day`, so that conditions find them in the cache."""

    day: date


class SunTimes(PinnedActor):
    """Computes sun events on a native thread. Takes `NextEvent` and `Warm`; owns nothing: a restart loses nothing."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def on_start(self) -> None:
        load()

    def on_receive(self, message: Any) -> None:
        if isinstance(message, NextEvent):
            with self.waiting_for("the ephemeris"):
                found = self.system.lane(LANE).run(solar_event, message.kind, message.after, *_place(self._home))
            message.deliver(found)
        elif isinstance(message, Warm):
            with self.waiting_for("the ephemeris"):
                self.system.lane(LANE).run(_warm, self._home, message.day)


def _place(home: Home) -> tuple[float, float, float]:
    config = home.config
    return float(config.latitude), float(config.longitude), float(config.elevation)


def _warm(home: Home, day: date) -> None:
    for offset in (0, 1):
        sun_times_of_day(home, day + timedelta(days=offset))


def sun_times_of_day(home: Home, day: date) -> dict[str, float | None]:
    """`sunrise` and `sunset` (epoch seconds) of a local day; None where there is none.

    Microseconds for a day that `SunTimes` has warmed, else some milliseconds of arithmetic.
    """
    zone = home.config.time_zone
    start = datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone).timestamp()
    found: dict[str, float | None] = {}
    kinds: tuple[SolarKind, ...] = ("sunrise", "sunset")
    for kind in kinds:
        moment = solar_event(kind, start - 1, *_place(home))
        found[kind] = moment if moment is not None and moment < end else None
    return found


def asks_sun(conditions: Sequence[Condition]) -> bool:
    """Whether one of the conditions, or one inside them, is about the sun."""
    return any(
        condition.name == "sun" or asks_sun(condition.config.get("conditions", ())) for condition in conditions
    )


def ensure_sun_times(home: Home) -> str:
    """The path of the helper; started when it does not run yet."""
    parent = _HELPERS if home.system.ref(_HELPERS) is not None else "/"
    path = join(parent, NAME)
    if home.system.ref(path) is None:
        try:
            home.system.spawn(ChildSpec(NAME, SunTimes, (home,)), parent)
        except AlreadyExists:
            return path
    return path


def find_next(home: Home, kind: SolarKind, after: float, deliver: Callable[[float | None], None]) -> None:
    """Ask the helper for the first event after `after`; returns at once."""
    home.system.tell(ensure_sun_times(home), NextEvent(kind, after, deliver))


def warm(home: Home, day: date) -> None:
    """Let the helper compute a day ahead of need; returns at once."""
    home.system.tell(ensure_sun_times(home), Warm(day))
