"""Units that entities convert from what the device speaks to what the home reads. Not here: whose unit is which."""

from __future__ import annotations

import math
from collections.abc import Mapping

from marge.util import units

CELSIUS, FAHRENHEIT, KELVIN = "°C", "°F", "K"
TEMPERATURE_UNITS = (CELSIUS, FAHRENHEIT, KELVIN)

TENTHS, HALVES, WHOLE = 0.1, 0.5, 1.0


def convert_temperature(value: float, from_unit: str, to_unit: str) -> float:
    """A temperature in another unit. Units that are not temperatures leave the value as it is."""
    if from_unit == to_unit or from_unit not in TEMPERATURE_UNITS or to_unit not in TEMPERATURE_UNITS:
        return value
    return units.convert(value, from_unit, to_unit)


def shown_temperature(
    value: float | None, from_unit: str, home_unit: str, precision: float | None = None
) -> float | int | None:
    """A temperature as the home's attributes show it: converted and rounded.

    Args:
        precision: 0.1, 0.5 or 1 degree; None is tenths in a Celsius home and whole degrees in a Fahrenheit one.
    """
    if value is None:
        return None
    converted = convert_temperature(value, from_unit, home_unit)
    if precision is None:
        precision = TENTHS if home_unit == CELSIUS else WHOLE
    if precision == HALVES:
        return round(converted * 2) / 2
    if precision == TENTHS:
        return round(converted, 1)
    return round(converted)


# What an imperial home reads in place of a metric unit, and the other way round.
_COUNTERPARTS: Mapping[str, Mapping[str, str]] = {
    "distance": {"m": "ft", "km": "mi", "cm": "in", "mm": "in"},
    "wind_speed": {"m/s": "mph", "km/h": "mph"},
    "precipitation": {"mm": "in", "cm": "in"},
    "volume": {"L": "gal", "m³": "ft³", "mL": "fl. oz."},
    "area": {"m²": "ft²"},
}
_BACK = {
    "distance": {"ft": "m", "mi": "km", "in": "mm", "yd": "m"},
    "wind_speed": {"mph": "km/h", "ft/s": "km/h"},
    "precipitation": {"in": "mm"},
    "volume": {"gal": "L", "ft³": "m³", "fl. oz.": "mL"},
    "area": {"ft²": "m²", "mi²": "km²"},
}
_KIND_OF_CLASS = {"speed": "wind_speed", "water": "volume", "gas": "volume"}


def home_unit_for(device_class: str | None, unit: str | None, home_units: Mapping[str, str] | None) -> str | None:
    """The unit in which a home shows a sensor of this class; the sensor's own unless the unit system says otherwise."""
    if unit is None or home_units is None or device_class is None:
        return unit
    home_temperature = home_units.get("temperature", CELSIUS)
    if device_class == "temperature":
        return home_temperature if unit in TEMPERATURE_UNITS else unit
    kind = _KIND_OF_CLASS.get(device_class, device_class)
    table = _COUNTERPARTS if home_temperature == FAHRENHEIT else _BACK
    return table.get(kind, {}).get(unit, unit)


def convert(device_class: str | None, value: float, from_unit: str, to_unit: str) -> float:
    """A measured value in another unit of its class; without a class, or without a way, the value as it is."""
    if device_class is None or not units.can_convert(from_unit, to_unit):
        return value
    return units.convert(value, from_unit, to_unit)


def decimals_of(text: str) -> int:
    """How many digits stand behind the point."""
    return len(text) - text.index(".") - 1 if "." in text else 0


def finite(value: object) -> float | None:
    """The value as a finite number, or None."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
