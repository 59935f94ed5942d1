"""An app's sensors and its tracker. What they showed before a restart is shown until the app reports again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.device_tracker import DeviceTrackerEntity
from marge.domains.sensor import SensorEntity
from marge.domains.zone import place_name, zone_at
from marge.model import STATE_UNAVAILABLE, STATE_UNKNOWN

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import State

DEFAULT_ICON = "mdi:cellphone"
_OFF_TEXTS = ("off", "false", "no", "0", "")
_POSITION = ("altitude", "course", "speed", "vertical_accuracy")


class _Restoring:
    """Takes over the state from before the restart once it knows its entity id."""

    home: Home
    entity_id: str
    _fresh = False

    def before(self) -> State | None:
        if self._fresh:
            return None
        self._fresh = True
        state = self.home.restored.get(self.entity_id)
        return None if state is None or state.state in (STATE_UNKNOWN, STATE_UNAVAILABLE) else state


class AppSensor(_Restoring, SensorEntity):
    """A number or text that the app reports."""

    def __init__(self, home: Home, config: Mapping[str, Any]) -> None:
        self.home = home
        self.home_units = home.config.units
        self._take(config)

    def on_add(self) -> None:
        before = self.before()
        if before is not None and self.native_value is None:
            # Shown as it was shown: the unit is the home's already.
            self.native_value, self.native_unit = before.state, before.attributes.get("unit_of_measurement")

    def apply(self, values: Mapping[str, Any]) -> None:
        if "config" in values:
            self._fresh = True
            self._take(values["config"])

    def _take(self, config: Mapping[str, Any]) -> None:
        self.name = config["name"]
        self.device_class = config.get("device_class")
        self.native_unit = config.get("unit_of_measurement")
        self.state_class = config.get("state_class")
        self.icon = config.get("icon")
        self.extra_attributes = config.get("attributes") or {}
        value = config.get("state")
        self.native_value = None if value in (None, STATE_UNKNOWN) else value
        self.available = value != STATE_UNAVAILABLE


class AppBinarySensor(_Restoring, BinarySensorEntity):
    """Something that the app says is the case or not."""

    def __init__(self, home: Home, config: Mapping[str, Any]) -> None:
        self.home = home
        self._take(config)

    def on_add(self) -> None:
        before = self.before()
        if before is not None and self.is_on is None:
            self.is_on = before.state == "on"

    def apply(self, values: Mapping[str, Any]) -> None:
        if "config" in values:
            self._fresh = True
            self._take(values["config"])

    def _take(self, config: Mapping[str, Any]) -> None:
        self.name = config["name"]
        self.device_class = config.get("device_class")
        self.icon = config.get("icon")
        self.extra_attributes = config.get("attributes") or {}
        value = config.get("state")
        if value in (None, STATE_UNKNOWN, STATE_UNAVAILABLE):
            self.is_on = None
        else:
            self.is_on = value.lower() not in _OFF_TEXTS if isinstance(value, str) else bool(value)
        self.available = value != STATE_UNAVAILABLE


def app_sensor(home: Home, config: Mapping[str, Any]) -> AppSensor | AppBinarySensor:
    """The entity of a registered sensor."""
    return AppSensor(home, config) if config["type"] == "sensor" else AppBinarySensor(home, config)


class AppTracker(_Restoring, DeviceTrackerEntity):
    """Where the telephone is."""

    def __init__(self, home: Home, name: str, device_id: str) -> None:
        self.home = home
        self.name = name
        self.unique_id = device_id
        self._more: dict[str, Any] = {}
        self._named: str | None = None

    def on_add(self) -> None:
        before = self.before()
        if before is None or self.latitude is not None or self._named is not None:
            return
        shown = before.attributes
        self.latitude, self.longitude = shown.get("latitude"), shown.get("longitude")
        self.gps_accuracy, self.battery = shown.get("gps_accuracy"), shown.get("battery_level")
        self._more = {key: shown[key] for key in _POSITION if key in shown}
        self._named = None if self.latitude is not None else before.state

    def apply(self, values: Mapping[str, Any]) -> None:
        """`location`: what the app sent with `update_location`."""
        location = values.get("location")
        if location is None:
            return
        self._fresh = True
        self._named = location.get("location_name")
        self.latitude, self.longitude = location.get("gps", (None, None))
        self.gps_accuracy = location.get("gps_accuracy")
        self.battery = location.get("battery")
        self._more = {key: location[key] for key in _POSITION if key in location}

    def state_value(self) -> str | None:
        if self._named is not None:
            return self._named
        if self.latitude is None or self.longitude is None:
            return None
        return place_name(zone_at(self.home.states, self.latitude, self.longitude, self.gps_accuracy or 0))

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"source_type": "gps"}
        if self.battery is not None:
            shown["battery_level"] = self.battery
        if self.latitude is not None and self.longitude is not None:
            shown.update(latitude=self.latitude, longitude=self.longitude, gps_accuracy=self.gps_accuracy or 0)
        return {**shown, **self._more}
