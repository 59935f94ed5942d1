"""Which entities a Tasmota device has: their kinds, unique ids and names, as Home Assistant's users know them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from marge.bridges.mqtt_devices.tasmota import announced as has
from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.bridges.mqtt_devices.tasmota.quantities import MEASUREMENT, Quantity, Sensor, sensors_in

WITHOUT_SENSOR = frozenset((-1, 0, 7, 8, 11, 12))
"""Modes of inputs that have no position to tell (`SwitchMode`)."""
PULSES = frozenset((13, 14))
"""Modes of inputs that only say that something happened."""


@dataclass(frozen=True)
class Plan:
    """One entity to be.

    Attributes:
        domain: of the entity.
        unique_id: among the platform's entities of the domain.
        kind: which class it gets (`entities.CLASSES`).
        name: without the device's; None: the device's main thing.
        facts: more for that class.
    """

    domain: str
    unique_id: str
    kind: str
    name: str | None
    index: int = 0
    category: str | None = None
    enabled: bool = True
    facts: dict[str, Any] = field(default_factory=dict)


def plans_of(device: Announced) -> list[Plan]:
    """All entities of a device."""
    return [
        *_switches(device), *_lights(device), *_fan(device), *_covers(device), *_inputs(device), *_sensors(device),
        *_statuses(device),
    ]  # fmt: skip


def _relay_name(device: Announced, index: int, domain: str) -> str | None:
    given = device.friendly[index] if index < len(device.friendly) else None
    if given is None:
        return f"{domain} {index + 1}"
    return None if given in (device.name, "") else given


def _switches(device: Announced) -> Iterator[Plan]:
    for index, relay in enumerate(device.relays):
        if relay == has.RELAY and has.AS_LIGHTS not in device.options:
            yield Plan(
                "switch", f"{device.mac}_switch_relay_{index}", "switch", _relay_name(device, index, "switch"), index
            )


def _lights(device: Announced) -> Iterator[Plan]:
    for index, relay in enumerate(device.relays):
        if relay == has.RELAY and (has.AS_LIGHTS in device.options or (device.fan and index == 0)):
            name = _relay_name(device, index, "light")
            yield Plan("light", f"{device.mac}_light_relay_{index}", "relay_light", name, index)
    places = [index for index, relay in enumerate(device.relays) if relay == has.LIGHT]
    channels = has.CHANNELS in device.options and not device.linked
    split = not device.linked and not channels and device.light in (has.RGBW, has.RGBCCT) and len(places) > 1
    for number, index in enumerate(places):
        kind, suffix, key = device.light, "", "Dimmer"
        if channels:
            kind, suffix, key = has.DIMMER, str(number + 1), "Channel"
        elif split:
            second = has.DIMMER if device.light == has.RGBW else has.COLOR_TEMP
            kind, suffix = (has.RGB if number == 0 else second), str(number + 1)
        elif number > 0 and device.linked:
            continue  # one light drives all channels
        command = f"{key}{suffix}"
        yield Plan(
            "light", f"{device.mac}_light_light_{index}", "light", _relay_name(device, index, "light"), index,
            facts={
                "light": kind, "level_key": command, "level_command": "Dimmer3" if device.tuya else command,
            },
        )  # fmt: skip


def _fan(device: Announced) -> Iterator[Plan]:
    if device.fan:
        yield Plan("fan", f"{device.mac}_fan_fan_ifan", "fan", None)


def _covers(device: Announced) -> Iterator[Plan]:
    """Two relays drive a shutter."""
    for index in range(device.relays.count(has.SHUTTER) // 2):
        option = device.shutters[index] if index < len(device.shutters) else 0
        low, high, seconds = device.tilts[index] if index < len(device.tilts) else (0, 0, 0)
        tilts = (low, high) if seconds > 0 and low < high else None
        yield Plan(
            "cover", f"{device.mac}_cover_shutter_{index}", "cover", f"cover {index + 1}", index,
            facts={"inverted": bool(option & 1), "tilts": tilts},
        )  # fmt: skip


def _inputs(device: Announced) -> Iterator[Plan]:
    for index, mode in enumerate(device.switches):
        if mode in WITHOUT_SENSOR:
            continue
        given = device.switch_names[index] if index < len(device.switch_names) else None
        yield Plan(
            "binary_sensor", f"{device.mac}_binary_sensor_switch_{index}", "input",
            given or f"binary_sensor {index + 1}", index,
            facts={"key": given or f"Switch{index + 1}", "pulse": mode in PULSES},
        )  # fmt: skip


def _sensors(device: Announced) -> Iterator[Plan]:
    for sensor in sensors_in(device.sensors):
        yield Plan("sensor", f"{device.mac}_sensor_sensor_{sensor.id}", "sensor", sensor.name, facts={"sensor": sensor})


_COUNTER = Quantity(icon="mdi:counter")
# unique id, name, quantity, is it shown without being asked for
STATUSES: tuple[tuple[str, str, Quantity, bool], ...] = (
    ("last_restart_time", "Last Restart Time", Quantity("timestamp"), True),
    ("status_ip", "IP", Quantity(icon="mdi:ip-network"), False),
    ("status_link_count", "WiFi Connect Count", _COUNTER, True),
    ("status_mqtt_count", "MQTT Connect Count", _COUNTER, True),
    ("status_restart_reason", "Restart Reason", Quantity(icon="mdi:information-outline"), True),
    ("status_rssi", "RSSI", Quantity(unit="%", state_class=MEASUREMENT, icon="mdi:access-point"), False),
    ("status_signal", "Signal", Quantity("signal_strength", "dBm", MEASUREMENT), False),
    ("status_ssid", "SSID", Quantity(icon="mdi:access-point-network"), True),
    ("status_version", "Firmware Version", Quantity(), False),
)
BATTERY = ("status_battery_percentage", "Battery Level", Quantity("battery", "%", MEASUREMENT), True)


def _statuses(device: Announced) -> Iterator[Plan]:
    for what, name, quantity, enabled in (*STATUSES, *((BATTERY,) if device.battery else ())):
        yield Plan(
            "sensor", f"{device.mac}_status_sensor_status_sensor_{what}", "status", name, 0,
            None if quantity is BATTERY[2] else "diagnostic", enabled,
            {"what": what, "sensor": Sensor((what,), quantity)},
        )  # fmt: skip
