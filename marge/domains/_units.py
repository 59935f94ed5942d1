"""Units that entities convert from what the device speaks to what the home reads. Not here: whose unit is which."""

from __future__ import annotations

import math
from collections.abc import Mapping

CELSIUS, FAHRENHEIT, KELVIN = "°C", "°F", "K"
TEMPERATURE_UNITS = (CELSIUS, FAHRENHEIT, KELVIN)

TENTHS, HALVES, WHOLE = 0.1, 0.5, 1.0


def convert_temperature(value: float, from_unit: str, to_unit: str) -> float:
    """A temperature in another unit. Units that are not temperatures leave the value as it is."""
    if from_unit == to_unit or from_unit not in TEMPERATURE_UNITS or to_unit not in TEMPERATURE_UNITS:
        return value
    if from_unit == CELSIUS and to_unit == FAHRENHEIT:
        return value * 1.8 + 32
    if from_unit == FAHRENHEIT and to_unit == CELSIUS:
        return (value - 32) / 1.8
    if from_unit == KELVIN:
        return convert_temperature(value - 273.15, CELSIUS, to_unit)
    return convert_temperature(value, from_unit, CELSIUS) + 273.15


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


# Factors to the first unit of each row; a home's own unit decides which rows convert (see `home_unit_for`).
_LINEAR: Mapping[str, Mapping[str, float]] = {
    "distance": {"m": 1, "km": 1000, "cm": 0.01, "mm": 0.001, "mi": 1609.344, "ft": 0.3048, "in": 0.0254, "yd": 0.9144},
    "wind_speed": {"m/s": 1, "km/h": 1 / 3.6, "mph": 0.44704, "ft/s": 0.3048, "kn": 1852 / 3600},
    "precipitation": {"mm": 1, "cm": 10, "in": 25.4},
    "volume": {"L": 1, "mL": 0.001, "m³": 1000, "gal": 3.785411784, "ft³": 28.316846592, "fl. oz.": 0.0295735295625},
    "area": {"m²": 1, "ft²": 0.09290304, "km²": 1e6, "mi²": 2589988.110336},
}
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
    """A measured value in another unit of its class; equal units and unknown classes leave it alone."""
    if from_unit == to_unit:
        return value
    if device_class == "temperature":
        return convert_temperature(value, from_unit, to_unit)
    factors = _LINEAR.get(_KIND_OF_CLASS.get(device_class or "", device_class or ""), {})
    if from_unit not in factors or to_unit not in factors:
        return value
    return value * factors[from_unit] / factors[to_unit]


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
