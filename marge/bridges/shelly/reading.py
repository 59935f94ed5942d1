"""What a Shelly says, in words that both generations share. Pure: JSON in, `Reading`s out.

Whatever a device sends, a field of another kind than expected counts as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from marge.bridges.lan.told import NOTHING, Json, at

NOT_TOLD = frozenset((404, 405, 500, 501))
"""Statuses of a device that does not know such a question."""
MAX_CHANNELS = 32
"""Of one kind. The largest device has eight."""


class Reading(NamedTuple):
    """One thing that a device has or measures.

    Attributes:
        key: stable; part of the unique id.
        kind: the entity's domain.
        suffix: of the entity id, after `shelly_<mac>_`.
        name: beside the device's; None: it is the device's main thing.
        values: fields of the entity, as they are now. fixed: those that never change.
        facts: for the entity registry.
    """

    key: str
    kind: Literal["switch", "light", "cover", "sensor", "binary_sensor", "update", "button"]
    suffix: str
    name: str | None
    values: Json
    fixed: Json = NOTHING
    facts: Json = NOTHING


class Measure(NamedTuple):
    """A kind of measurement: how it is called, its class and unit."""

    word: str
    name: str
    device_class: str
    unit: str | None
    state_class: str = "measurement"


POWER = Measure("power", "Power", "power", "W")
ENERGY = Measure("energy", "Energy", "energy", "kWh", "total_increasing")
RETURNED = Measure("energy_returned", "Energy returned", "energy", "kWh", "total_increasing")
VOLTAGE = Measure("voltage", "Voltage", "voltage", "V")
CURRENT = Measure("current", "Current", "current", "A")
TEMPERATURE = Measure("temperature", "Temperature", "temperature", "°C")
HUMIDITY = Measure("humidity", "Humidity", "humidity", "%")
ILLUMINANCE = Measure("illuminance", "Illuminance", "illuminance", "lx")
BATTERY = Measure("battery", "Battery", "battery", "%")


# -- lists of channels and components ---------------------------------------------------------------------------------


def rows(source: Any, name: str) -> list[Json]:
    """The list of objects called so, at most `MAX_CHANNELS` of them."""
    found = at(source, name)
    if not isinstance(found, list):
        return []
    return [each if isinstance(each, Mapping) else NOTHING for each in found[:MAX_CHANNELS]]


def components(source: Any, kind: str) -> dict[int, Json]:
    """The components `<kind>:<number>` by number, in order."""
    if not isinstance(source, Mapping):
        return {}
    found = {}
    for key, value in source.items():
        name, _, tail = str(key).partition(":")
        if name == kind and tail.isdecimal() and len(tail) <= 3 and isinstance(value, Mapping):
            found[int(tail)] = value
    return dict(sorted(found.items())[:MAX_CHANNELS])


# -- building readings -------------------------------------------------------------------------------------------------


def measured(
    measure: Measure, value: float | None, key: str, prefix: str = "", name: str | None = None, **facts: Any
) -> Reading:
    """A sensor. `prefix`: of the suffix, `<channel>_`; `name`: of what is measured."""
    fixed = {"device_class": measure.device_class, "native_unit": measure.unit, "state_class": measure.state_class}
    shown = f"{name} {measure.name.lower()}" if name else measure.name
    return Reading(key, "sensor", f"{prefix}{measure.word}", shown, {"native_value": value}, fixed, facts)


def noticed(word: str, name: str, device_class: str | None, value: bool | None, key: str, **facts: Any) -> Reading:
    """A binary sensor."""
    return Reading(key, "binary_sensor", word, name, {"is_on": value}, {"device_class": device_class}, facts)


def firmware(installed: str | None, latest: str | None, in_progress: bool = False) -> Reading:
    """The device's own software; `latest`: None where there is no newer one."""
    values = {"installed_version": installed, "latest_version": latest or installed, "in_progress": in_progress}
    fixed, facts = {"device_class": "firmware"}, {"entity_category": "config"}
    return Reading("firmware", "update", "firmware", "Firmware", values, fixed, facts)


def restart() -> Reading:
    """A button that lets the device start anew."""
    facts = {"entity_category": "config"}
    return Reading("restart", "button", "restart", "Restart", NOTHING, {"device_class": "restart"}, facts)


def kilo(value: float | None) -> float | None:
    """Wh as kWh."""
    return None if value is None else round(value / 1000, 4)


def total(values: list[float | None]) -> float | None:
    """The sum of those that are known."""
    known = [each for each in values if each is not None]
    return round(sum(known), 4) if known else None


def percent_to_byte(value: float | None) -> int | None:
    """0-100 as 0-255; what is on is never 0."""
    if value is None:
        return None
    return min(max(round(value * 255 / 100), 1 if value > 0 else 0), 255)


def byte_to_percent(value: float) -> int:
    """1-255 as 1-100."""
    return min(max(round(value * 100 / 255), 1), 100)
