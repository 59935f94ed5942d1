"""What measures; and everything that is nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.matter.entity import Fields, Kind, MatterEntity
from marge.bridges.matter.node import BOOLEAN_STATE, ON_OFF, Endpoint
from marge.domains.sensor import SensorEntity

if TYPE_CHECKING:
    from marge.home import Home


class Quantity(NamedTuple):
    """Where a measured value stands, and what it is. `words`: of one that is a word; the place is the value."""

    cluster: int
    attribute: int
    device_class: str | None
    unit: str | None = None
    read: Callable[[int], Any] = lambda value: value
    words: tuple[str, ...] = ()


def _hundredths(value: int) -> float:
    return value / 100


def _tenths(value: int) -> float:
    return value / 10


def _lux(value: int) -> float:
    """Of 10,000 times the logarithm of the light, and one; nought is too dark to measure."""
    return round(10 ** ((value - 1) / 10_000), 1) if 0 < value <= 65_534 else 0.0


_ALARM = ("normal", "warning", "critical")
_AIR = ("unknown", "good", "fair", "moderate", "poor", "very_poor", "extremely_poor")
QUANTITIES = (
    Quantity(1026, 0, "temperature", "°C", _hundredths),
    Quantity(1029, 0, "humidity", "%", _hundredths),
    Quantity(1027, 0, "pressure", "hPa"),
    Quantity(1028, 0, "volume_flow_rate", "m³/h", _tenths),
    Quantity(1024, 0, "illuminance", "lx", _lux),
    Quantity(144, 8, "power", "W", lambda value: value / 1000),
    Quantity(144, 4, "voltage", "V", lambda value: value / 1000),
    Quantity(144, 5, "current", "A", lambda value: value / 1000),
    Quantity(92, 1, "enum", words=_ALARM),
    Quantity(92, 2, "enum", words=_ALARM),
    Quantity(91, 0, "enum", words=_AIR),
    Quantity(1066, 0, None, "µg/m³"),
    Quantity(1037, 0, None, "ppm"),
)
"""In this order: a device that measures several things shows the first."""
_NO_VALUE = frozenset({-32_768, 65_535, 0x7FFF_FFFF_FFFF_FFFF})


class MatterSensor(MatterEntity, SensorEntity):
    """One measured value."""


def _quantity(endpoint: Endpoint) -> Quantity | None:
    prefix = f"{endpoint.number}/"
    return next((q for q in QUANTITIES if f"{prefix}{q.cluster}/{q.attribute}" in endpoint.attributes), None)


def _make(home: Home, endpoint: Endpoint) -> MatterSensor:
    sensor = MatterSensor()
    sensor.home_units = home.config.units
    quantity = _quantity(endpoint)
    if quantity is not None:
        sensor.device_class, sensor.native_unit = quantity.device_class, quantity.unit
        sensor.options = list(quantity.words) or None
        sensor.state_class = None if quantity.words else "measurement"
    return sensor


def _fields(endpoint: Endpoint) -> Fields:
    quantity = _quantity(endpoint)
    if quantity is None:
        return {"native_value": _anything(endpoint)}
    value = endpoint.get(quantity.cluster, quantity.attribute)
    if isinstance(value, bool) or not isinstance(value, int | float) or value in _NO_VALUE:
        return {"native_value": None}
    if quantity.words:
        return {"native_value": quantity.words[int(value)] if 0 <= value < len(quantity.words) else None}
    return {"native_value": quantity.read(value) if isinstance(value, int) else round(value, 3)}


def _anything(endpoint: Endpoint) -> str | None:
    """Of a device that measures nothing that is known: whether it is on, if it says so."""
    for cluster in (ON_OFF, BOOLEAN_STATE):
        value = endpoint.flag(cluster, 0)
        if value is not None:
            return "on" if value else "off"
    return None


KINDS = (Kind(frozenset(), _make, _fields),)
