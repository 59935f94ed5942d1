"""The weather's actor: fetches the forecast every half hour, and shows it. Offline it says nothing and tries again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import gevent

from marge.bridges.base import Bridge
from marge.bridges.weather import met
from marge.bridges.weather.met import ATTRIBUTION, UNITS, Outlook
from marge.domains.sensor import SensorEntity
from marge.domains.weather import FORECAST_DAILY, FORECAST_HOURLY, WeatherEntity, home_units
from marge.entities import Entity
from marge.errors import MargeError, Unreachable
from marge.integrations.host import add_entity
from marge.integrations.met import DOMAIN
from marge.model import loads
from marge.version import VERSION

if TYPE_CHECKING:
    from marge.actors import Subscription, Timer
    from marge.home import Home
    from marge.registries import ConfigEntry

E = TypeVar("E", bound=Entity)

EVERY_S = 1800.0
PAUSES_S = (60.0, 300.0, 900.0, EVERY_S)
"""Between tries while there is no answer. The service is free; whoever asks too often is shut out."""
GOOD_FOR_S = 7200.0
"""A forecast is worth showing that long after the last answer."""
TOTAL_S, MAX_REPLY = 15.0, 2 << 20
INTEGRATION = "weather"
DIGITS = 4
"""Of a degree: eleven metres. The service refuses more."""
# What is shown of a reading in a sensor of its own: unit and class.
_SENSORS: Mapping[str, tuple[str, str]] = {
    "temperature": ("°C", "temperature"), "humidity": ("%", "humidity"), "wind_speed": ("m/s", "wind_speed"),
    "pressure": ("hPa", "atmospheric_pressure"),
}  # fmt: skip


class Fetch(NamedTuple):
    """It is time to ask for the forecast."""


class HomeWeather(WeatherEntity):
    """`outlook`: what was told last."""

    attribution: str | None = ATTRIBUTION
    outlook: Outlook | None = None
    supported_features = FORECAST_DAILY | FORECAST_HOURLY

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        told = self.outlook
        if told is None:
            return []
        return [dict(entry) for entry in (told.daily if kind == "daily" else told.hourly)]

    def apply(self, values: Mapping[str, Any]) -> None:
        super().apply(values)
        if "outlook" in values:
            self.forecasts_changed()


class WeatherBridge(Bridge):
    """Owns `weather.home` and four sensors."""

    kind = "weather"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._weather = HomeWeather()
        self._sensors = {name: SensorEntity() for name in _SENSORS}
        self._timer: Timer | None = None
        self._moved: Subscription | None = None
        self._failures = 0
        self._last_answer: float | None = None
        self._last_modified: str | None = None
        self._where: tuple[float, float] | None = None

    def entity_ids(self) -> tuple[str, ...]:
        entities = (self._weather, *self._sensors.values())
        return tuple(entity.entity_id for entity in entities if entity.entity_id)

    # -- the actor ---------------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        self._add_entities()
        self._moved = self.system.bus.subscribe(self._core_config_changed, "core_config_updated")
        self._again(0.0)

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, Fetch):
            raise TypeError(f"the weather does not take {type(message).__name__}")
        try:
            with self.waiting_for("the weather service"):
                self._fetch()
        except MargeError as exc:
            self._offline(exc)
        except Exception as exc:  # noqa: BLE001 - the border: what a service sends
            self.log.debug("the weather service sent what cannot be understood", exc_info=exc)
            self._offline(Unreachable("The weather service sent what cannot be understood"))
        else:
            self.status, self.last_error, self._failures = "running", None, 0
            self._again(EVERY_S)

    def release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._moved is not None:
            self._moved.cancel()

    def _again(self, pause_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.home.clock.after(pause_s, self.path, Fetch())

    def _core_config_changed(self, _event: object) -> None:
        """On the bus: the home may have moved."""
        self.system.tell(self.path, Fetch())

    def _offline(self, reason: MargeError) -> None:
        self.note_error(reason)
        self.log.debug("no weather", reason=str(reason))
        self.status = "degraded"
        if self._last_answer is None or self.system.clock.monotonic() - self._last_answer > GOOD_FOR_S:
            self.mark_unavailable()
        self._again(PAUSES_S[min(self._failures, len(PAUSES_S) - 1)])
        self._failures += 1

    # -- asking ------------------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        config = self.home.config
        where = round(config.latitude, DIGITS), round(config.longitude, DIGITS)
        if where == (0.0, 0.0):
            raise Unreachable("The home has no place yet: latitude and longitude are nought")
        since = self._last_modified if where == self._where else None
        body, modified = ask(config.marge.weather_url, {
            "lat": where[0], "lon": where[1], "altitude": min(max(int(config.elevation), -500), 9000)
        }, since)  # fmt: skip
        if body is not None:
            told = met.outlook(body, self.home.clock.now(), config.time_zone)
            self._show(told)
            self._where, self._last_modified = where, modified
        self._last_answer = self.system.clock.monotonic()

    # -- entities ----------------------------------------------------------------------------------------------------

    def _add_entities(self) -> None:
        home = self.home
        [entry, *_] = home.registries.config_entries.for_domain(DOMAIN)
        weather = self._weather
        weather.name, weather.available = "Home", False
        weather.native_units, weather.units = UNITS, home_units(home.config.units)
        weather.extra_attributes = {"integration": INTEGRATION}
        self._weather = self._add(entry, weather, "home", "home")
        for name, (unit, device_class) in _SENSORS.items():
            sensor = self._sensors[name]
            sensor.name, sensor.available = f"Weather {name.replace('_', ' ')}", False
            sensor.native_unit, sensor.device_class, sensor.state_class = unit, device_class, "measurement"
            sensor.home_units, sensor.attribution = home.config.units, ATTRIBUTION
            sensor.extra_attributes = {"integration": INTEGRATION}
            self._sensors[name] = self._add(entry, sensor, name, f"weather_{name}")

    def _add(self, entry: ConfigEntry, entity: E, unique_id: str, object_id: str) -> E:
        """The entity, or the one that our predecessor has left: it goes on from where it was."""
        home = self.home
        known = home.registries.entities.by_unique_id(entity.domain, DOMAIN, unique_id)
        if known is not None:
            present = home.entities.owned.get(known.entity_id)
            if present is None and known.entity_id in home.entities.parked:
                present = home.entities.parked[known.entity_id].entity
            if isinstance(present, type(entity)):
                return present
        add_entity(home, entry, entity, unique_id, object_id=object_id)
        return entity

    def _show(self, told: Outlook) -> None:
        report = self.home.entities.report
        report(self._weather.entity_id, available=True, condition=told.condition, readings=told.readings, outlook=told)
        for name, sensor in self._sensors.items():
            report(sensor.entity_id, available=name in told.readings, native_value=told.readings.get(name))


def ask(base: str, query: Mapping[str, Any], since: str | None) -> tuple[Any, str | None]:
    """The service's JSON, and when it changed last; None: it has not since then. Waits.

    Raises:
        Unreachable: there is no answer, or none that makes sense.
    """
    from urllib3 import PoolManager, Timeout  # late: for homes that want the weather only
    from urllib3.exceptions import HTTPError

    headers = {"User-Agent": f"Marge/{VERSION} (smart-home server)", "Accept": "application/json"}
    if since is not None:
        headers["If-Modified-Since"] = since
    pool = PoolManager(timeout=Timeout(5.0, 10.0), retries=False, num_pools=1)
    whole = bytearray()
    try:
        with gevent.Timeout(TOTAL_S, TimeoutError()):
            reply = pool.request(
                "GET", f"{base}?{urlencode(query)}", headers=headers, preload_content=False, redirect=False
            )
            for piece in reply.stream(16 << 10, decode_content=False):
                whole += piece
                if len(whole) > MAX_REPLY:
                    raise Unreachable("The weather service sends too much")
        if reply.status == 304:
            return None, since
        if reply.status not in (200, 203):  # 203: this version will be gone one day
            raise Unreachable(f"The weather service answers with the status {reply.status}")
        return loads(bytes(whole)), reply.headers.get("Last-Modified")
    except (HTTPError, OSError, ValueError) as exc:
        raise Unreachable("The weather service cannot be reached") from exc
    finally:
        pool.clear()
