"""The entities of Tasmota devices: commands leave from here, in the entity's own actor.

Each class says in `read` what a message means for it; that runs in the MQTT bridge's greenlet and touches nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.bridges.mqtt_devices.tasmota.plans import Plan
from marge.bridges.mqtt_devices.tasmota.quantities import Sensor, is_told, value_at
from marge.domains import cover as covers
from marge.domains import fan as fans
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.cover import CoverEntity
from marge.domains.fan import FanEntity
from marge.domains.light import LightEntity
from marge.domains.sensor import SensorEntity
from marge.domains.switch import SwitchEntity
from marge.entities import Entity
from marge.util import dt

STATE, RESULT, SENSOR, STATUS, NETWORK, FIRMWARE, PARAMETERS = (
    "STATE", "RESULT", "SENSOR", "STATUS", "NETWORK", "FIRMWARE", "PARAMETERS",
)  # fmt: skip
"""Kinds of messages; answers to `Status` count as what they hold: `StatusSTS` is a STATE, `StatusSNS` a SENSOR."""
OFF_DELAY_S = 1.0
RESTART_SLACK_S = 60.0
"""By how much a restart's time, worked out from the uptime, may drift before it counts as another restart."""


class Outlet(Protocol):
    """What an entity needs of the bridge: it survives the bridge's actor."""

    home: Any

    def command(self, device: Announced, command: str, payload: str) -> None: ...


class TasmotaEntity(Entity):
    """An entity of a device.

    Attributes:
        device, plan: what it is made from; they change when the device announces itself differently.
        hears: kinds of messages that `read` wants.
    """

    hears: ClassVar[frozenset[str]] = frozenset()
    device: Announced
    plan: Plan
    outlet: Outlet

    def __init__(self, outlet: Outlet, device: Announced, plan: Plan) -> None:
        self.outlet, self.device, self.plan = outlet, device, plan
        self.apply(self.fields(device, plan, outlet.home))

    @classmethod
    def fields(cls, device: Announced, plan: Plan, home: Any) -> dict[str, Any]:
        """Every field that follows from the announcement."""
        return {"device": device, "plan": plan, "unique_id": plan.unique_id}

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        """The fields that a message sets; none: it says nothing to this entity."""
        return {}

    def send(self, command: str, payload: str = "") -> None:
        """A command to the device."""
        self.outlet.command(self.device, command, payload)

    def _power(self, message: Mapping[str, Any]) -> bool | None:
        """Whether a message says that the relay is on."""
        index = self.plan.index
        word = message.get(f"POWER{index + 1}", message.get("POWER") if index == 0 else None)
        return {self.device.on: True, self.device.off: False}.get(word) if isinstance(word, str) else None


class _Relay(TasmotaEntity):
    hears = frozenset((STATE, RESULT))
    is_on: bool | None = False

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        power = self._power(message)
        return {} if power is None else {"is_on": power}

    def _switch(self, on: bool) -> None:
        self.send(f"Power{self.plan.index + 1}", self.device.on if on else self.device.off)


class TasmotaSwitch(_Relay, SwitchEntity):
    """A relay."""

    def turn_on(self, **params: Any) -> None:
        self._switch(True)

    def turn_off(self, **params: Any) -> None:
        self._switch(False)


class TasmotaRelayLight(_Relay, LightEntity):
    """A relay that a lamp hangs on."""

    supported_color_modes = frozenset(("onoff",))
    color_mode = "onoff"

    def turn_on(self, **params: Any) -> None:
        self._switch(True)

    def turn_off(self, **params: Any) -> None:
        self._switch(False)


class TasmotaFan(TasmotaEntity, FanEntity):
    """The fan of an iFan: three speeds."""

    hears = frozenset((STATE, RESULT))
    is_on: bool | None = False
    percentage: int | None = 0
    speed_count = 3
    supported_features = fans.SET_SPEED | fans.TURN_ON | fans.TURN_OFF
    last_speed = 2

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        speed = message.get("FanSpeed")
        if not isinstance(speed, int) or not 0 <= speed <= 3:
            return {}
        known = {"last_speed": speed} if speed else {}
        return {"is_on": speed > 0, "percentage": speed * 100 // 3, **known}

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> None:
        if percentage is None:
            self.send("FanSpeed", str(self.last_speed))
        else:
            self.set_percentage(percentage)

    def turn_off(self, **_more: Any) -> None:
        self.send("FanSpeed", "0")

    def set_percentage(self, percentage: int) -> None:
        self.send("FanSpeed", str(math.ceil(percentage * 3 / 100)))


class TasmotaCover(TasmotaEntity, CoverEntity):
    """A shutter on two relays."""

    hears = frozenset((SENSOR, RESULT))

    @classmethod
    def fields(cls, device: Announced, plan: Plan, home: Any) -> dict[str, Any]:
        features = covers.OPEN | covers.CLOSE | covers.SET_POSITION | covers.STOP
        if plan.facts["tilts"] is not None:
            features |= covers.OPEN_TILT | covers.CLOSE_TILT | covers.STOP_TILT | covers.SET_TILT_POSITION
        return {**super().fields(device, plan, home), "supported_features": features}

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        told = message.get(f"Shutter{self.plan.index + 1}")
        if not isinstance(told, dict):
            return {}
        read: dict[str, Any] = {}
        position, direction, tilt = told.get("Position"), told.get("Direction"), told.get("Tilt")
        if isinstance(position, int) and 0 <= position <= 100:
            shown = 100 - position if self.plan.facts["inverted"] else position
            read |= {"current_position": shown, "is_closed": shown == 0}
        if isinstance(direction, int):
            way = -direction if self.plan.facts["inverted"] else direction
            read |= {"is_opening": way > 0, "is_closing": way < 0}
        tilts = self.plan.facts["tilts"]
        if tilts is not None and isinstance(tilt, int):
            low, high = tilts
            read["current_tilt_position"] = min(max(round((tilt - low) * 100 / (high - low)), 0), 100)
        return read

    def open_cover(self) -> None:
        self._shutter("Open")

    def close_cover(self) -> None:
        self._shutter("Close")

    def stop_cover(self) -> None:
        self._shutter("Stop")

    def set_cover_position(self, position: int) -> None:
        self._shutter("Position", str(100 - position if self.plan.facts["inverted"] else position))

    def open_cover_tilt(self) -> None:
        self._shutter("Tilt", "OPEN")

    def close_cover_tilt(self) -> None:
        self._shutter("Tilt", "CLOSE")

    def stop_cover_tilt(self) -> None:
        self._shutter("Stop")

    def set_cover_tilt_position(self, tilt_position: int) -> None:
        low, high = self.plan.facts["tilts"] or (0, 100)
        self._shutter("Tilt", str(round(low + tilt_position * (high - low) / 100)))

    def _shutter(self, what: str, payload: str = "") -> None:
        self.send(f"Shutter{what}{self.plan.index + 1}", payload)


class TasmotaInput(TasmotaEntity, BinarySensorEntity):
    """A switch on an input that drives no relay, or is told beside it."""

    hears = frozenset((SENSOR, RESULT))
    _timer: Any = None

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        told = message.get(self.plan.facts["key"])
        word = told.get("Action") if isinstance(told, dict) else told
        on = {self.device.on: True, self.device.off: False}.get(word) if isinstance(word, str) else None
        return {} if on is None else {"is_on": on}

    def apply(self, values: Mapping[str, Any]) -> None:
        super().apply(values)
        if values.get("is_on") and self.plan.facts["pulse"] and self.actor is not None:
            self._cancel()
            self._timer = self.outlet.home.clock.after(OFF_DELAY_S, self._over)

    def on_remove(self) -> None:
        self._cancel()

    def _over(self, _message: Any) -> None:
        """Nobody says when it is over."""
        self.outlet.home.entities.report(self.entity_id, is_on=False)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class TasmotaSensor(TasmotaEntity, SensorEntity):
    """A measured value in SENSOR messages."""

    hears = frozenset((SENSOR,))

    @classmethod
    def fields(cls, device: Announced, plan: Plan, home: Any) -> dict[str, Any]:
        sensor: Sensor = plan.facts["sensor"]
        quantity = sensor.quantity
        return {
            **super().fields(device, plan, home),
            "device_class": quantity.device_class,
            "native_unit": quantity.unit,
            "home_units": home.config.units,
            "state_class": quantity.state_class,
            "icon": quantity.icon,
        }

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        path = self.plan.facts["sensor"].path
        if not is_told(message, path):
            return {}
        value = value_at(message, path)
        if self.state_class is not None and isinstance(value, str) and not _is_number(value):
            return {"native_value": None}
        return {"native_value": value}


class TasmotaStatus(TasmotaSensor):
    """What a device says about itself."""

    hears = frozenset((STATE, NETWORK, FIRMWARE, PARAMETERS))
    _paths: ClassVar[Mapping[str, tuple[str, tuple[str, ...]]]] = {
        "status_ip": (NETWORK, ("IPAddress",)),
        "status_link_count": (STATE, ("Wifi", "LinkCount")),
        "status_mqtt_count": (STATE, ("MqttCount",)),
        "status_restart_reason": (PARAMETERS, ("RestartReason",)),
        "status_rssi": (STATE, ("Wifi", "RSSI")),
        "status_signal": (STATE, ("Wifi", "Signal")),
        "status_ssid": (STATE, ("Wifi", "SSId")),
        "status_version": (FIRMWARE, ("Version",)),
        "status_battery_percentage": (STATE, ("BatteryPercentage",)),
        "last_restart_time": (STATE, ("UptimeSec",)),
    }
    restarted: float | None = None

    def read(self, kind: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        what = self.plan.facts["what"]
        wanted, path = self._paths[what]
        if kind != wanted:
            return {}
        value = value_at(message, path)
        if isinstance(value, (dict, list)) or value is None:
            return {}
        if what != "last_restart_time":
            return {"native_value": value}
        if not isinstance(value, (int, float)) or not 0 <= value < 1e10:
            return {}
        restarted = now - value
        if self.restarted is not None and abs(restarted - self.restarted) < RESTART_SLACK_S:
            return {}
        return {"restarted": restarted, "native_value": dt.from_epoch(float(int(restarted))).isoformat()}


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
