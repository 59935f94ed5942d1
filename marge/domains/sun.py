"""`sun.sun`: where the sun is and when it comes and goes, in the home's time. The arithmetic is in `marge/solar/`.

An actor looks it up in the almanac at each event of the sun and now and then between them, and reports to the entity.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import CLOCK_SET, Actor, ChildSpec, Timer
from marge.entities import Domain, Entity
from marge.model import Event
from marge.solar import SolarKind, SunTable
from marge.solar.almanac import HELPERS_PATH, almanac_of
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

ENTITY_ID = "sun.sun"

ABOVE, BELOW = "above_horizon", "below_horizon"

_EVENTS: tuple[tuple[str, SolarKind], ...] = (
    ("next_dawn", "dawn"),
    ("next_dusk", "dusk"),
    ("next_midnight", "midnight"),
    ("next_noon", "noon"),
    ("next_rising", "sunrise"),
    ("next_setting", "sunset"),
)
# Seconds between two looks by the altitude they hold above: a degree takes the sun about 4 minutes. By night nobody
# reads the altitude; near the horizon it is what people trigger on.
_RHYTHM_S = ((10.0, 240.0), (-6.0, 120.0), (-18.0, 480.0), (-90.0, 1200.0))
_SHORTEST_PAUSE_S = 0.25  # of real time, however fast the home's runs: each look is a new state for everybody
_HORIZON_DEGREES = 0.0  # only asked where the sun neither rises nor sets within a day


class Sun(NamedTuple):
    """What is known at one moment. Times: UTC epoch seconds, None where there is no such event within a year."""

    at: float
    altitude: float | None
    azimuth: float | None
    next_dawn: float | None
    next_dusk: float | None
    next_midnight: float | None
    next_noon: float | None
    next_rising: float | None
    next_setting: float | None

    @property
    def is_up(self) -> bool:
        """Up means: it sets before it rises again. In polar day and night the altitude decides."""
        rising, setting = self.next_rising, self.next_setting
        soon = self.at + 2 * 86_400
        if rising is not None and setting is not None and min(rising, setting) < soon:
            return setting < rising
        return self.altitude is not None and self.altitude > _HORIZON_DEGREES

    @property
    def is_rising(self) -> bool:
        noon, midnight = self.next_noon, self.next_midnight
        return noon is not None and midnight is not None and noon < midnight

    def next_look(self, speed: float = 1.0) -> float:
        """When to work it out again: at the next event, or when the sun has moved about a degree.

        Args:
            speed: of the home's time.
        """
        altitude = self.altitude if self.altitude is not None else -90.0
        pause = next((pause for above, pause in _RHYTHM_S if altitude >= above), _RHYTHM_S[-1][1])
        pause = max(pause, _SHORTEST_PAUSE_S * speed)
        events = [epoch for epoch in self[3:] if epoch is not None]
        return min([self.at + pause, *events])


def look(table: SunTable, at: float) -> Sun:
    """What the table says of one moment that it covers."""
    altitude, azimuth = table.position(at) or (None, None)
    return Sun(at, altitude, azimuth, *(table.next_event(kind, at) for _name, kind in _EVENTS))


class SunEntity(Entity):
    domain = "sun"
    name = "Sun"
    sun: Sun | None = None

    def state_value(self) -> str | None:
        if self.sun is None:
            return None
        return ABOVE if self.sun.is_up else BELOW

    def state_attributes(self) -> dict[str, Any]:
        sun = self.sun
        if sun is None:
            return {}
        shown: dict[str, Any] = {}
        for name, _kind in _EVENTS:
            epoch = getattr(sun, name)
            shown[name] = None if epoch is None else iso(epoch)
        shown["elevation"] = None if sun.altitude is None else round(sun.altitude, 2)
        shown["azimuth"] = None if sun.azimuth is None else round(sun.azimuth, 2)
        shown["rising"] = sun.is_rising
        return shown


class Look(NamedTuple):
    """It is time to look at the sun again, or the almanac has the table that was missing."""


class SunActor(Actor):
    """Looks at the sun when it is time to, and when the clock was set or the home has moved. Takes `Look` and the
    events `clock_set` and `core_config_updated`.

    Owns the one timer; a restart looks at once and sets it again.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._timer: Timer | None = None
        self._last: Sun | None = None

    def on_start(self) -> None:
        self._home.bus.subscribe(self.actor_ref, CLOCK_SET)
        self._home.bus.subscribe(self.actor_ref, "core_config_updated")
        self._look()

    def on_receive(self, message: Any) -> None:
        if isinstance(message, (Look, Event)):
            self._look()

    def on_stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def describe(self) -> dict[str, Any]:
        last = self._last
        return {} if last is None else {"looked_at": iso(last.at), "next_look": iso(last.next_look())}

    def _look(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        clock, almanac = self._home.clock, almanac_of(self._home)
        now = clock.home_now()
        table = almanac.exact(now)
        if table is None:
            almanac.when_known(self.path, now, partial(self.system.deliver, self.actor_ref, Look()))
            return
        self._last = sun = look(table, now)
        self._home.entities.report(ENTITY_ID, sun=sun)
        # Just past the event, so that its successor is the next one then.
        self._timer = clock.at(sun.next_look(clock.home_speed) + 0.001, self.actor_ref, Look(), home=True)


def _setup(home: Home, _section: Any) -> None:
    almanac_of(home).load()
    home.entities.add(SunEntity(), ENTITY_ID, "sun")
    home.system.spawn(ChildSpec("sun", SunActor, (home,)), HELPERS_PATH)


DOMAIN = Domain("sun", entity=SunEntity, setup=_setup)
