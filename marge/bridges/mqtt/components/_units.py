"""Units of sensors: which one the home shows, and the arithmetic. Pure; published conversion factors only."""

from __future__ import annotations

import math
from typing import Literal

_Kind = Literal["temperature", "pressure", "speed", "distance", "volume", "weight", "precipitation", "intensity"]

# How many of the kind's base unit one of this unit is.
_FACTORS: dict[str, dict[str, float]] = {
    "pressure": {"Pa": 1.0, "hPa": 100.0, "mbar": 100.0, "cbar": 1000.0, "kPa": 1000.0, "bar": 100_000.0,
                 "psi": 6894.757293168, "inHg": 3386.388640341, "mmHg": 133.322387415},
    "speed": {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "kn": 1852 / 3600, "ft/s": 0.3048},
    "distance": {"m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "mi": 1609.344, "ft": 0.3048, "in": 0.0254,
                 "yd": 0.9144},
    "volume": {"L": 1.0, "mL": 0.001, "m³": 1000.0, "gal": 3.785411784, "fl. oz.": 0.0295735295625,
               "ft³": 28.316846592, "CCF": 2831.6846592},
    "weight": {"g": 1.0, "kg": 1000.0, "mg": 0.001, "µg": 0.000001, "lb": 453.59237, "oz": 28.349523125,
               "st": 6350.29318},
    "precipitation": {"mm": 1.0, "cm": 10.0, "in": 25.4},
    "intensity": {"mm/h": 1.0, "mm/d": 1 / 24, "in/h": 25.4, "in/d": 25.4 / 24},
}  # fmt: skip
_KIND_OF_CLASS = {
    "temperature": "temperature", "pressure": "pressure", "atmospheric_pressure": "pressure", "speed": "speed",
    "wind_speed": "speed", "distance": "distance", "volume": "volume", "volume_storage": "volume", "water": "volume",
    "gas": "volume", "weight": "weight", "precipitation": "precipitation", "precipitation_intensity": "intensity",
}  # fmt: skip

_TO_US = {
    "pressure": dict.fromkeys(("Pa", "hPa", "mbar", "cbar", "kPa", "bar", "mmHg"), "psi"),
    "speed": {"m/s": "mph", "km/h": "mph"},
    "distance": {"m": "ft", "km": "mi", "cm": "in", "mm": "in"},
    "volume": {"L": "gal", "mL": "fl. oz.", "m³": "ft³"},
    "weight": {"kg": "lb", "g": "oz", "mg": "oz"},
    "precipitation": {"mm": "in", "cm": "in"},
    "intensity": {"mm/h": "in/h", "mm/d": "in/d"},
}
_TO_METRIC = {
    "pressure": {"psi": "kPa", "inHg": "hPa"},
    "speed": {"mph": "km/h", "ft/s": "km/h"},
    "distance": {"mi": "km", "ft": "m", "in": "mm", "yd": "m"},
    "volume": {"gal": "L", "fl. oz.": "mL", "ft³": "m³", "CCF": "m³"},
    "weight": {"lb": "kg", "oz": "g"},
    "precipitation": {"in": "mm"},
    "intensity": {"in/h": "mm/h", "in/d": "mm/d"},
}
_UNCHANGED_WATER = frozenset(("weight",))


def shown_unit(device_class: str | None, unit: str | None, unit_system: str) -> str | None:
    """The unit that a home of this system shows for a sensor that reports in `unit`."""
    if unit is None or device_class is None:
        return unit
    kind = _KIND_OF_CLASS.get(device_class)
    is_us = unit_system == "us_customary"
    if kind == "temperature":
        if unit in ("°C", "°F"):
            return "°F" if is_us else "°C"
        return unit
    if kind is None or kind in _UNCHANGED_WATER:
        return unit
    return (_TO_US if is_us else _TO_METRIC)[kind].get(unit, unit)


def convert(value: float, kind_of: str | None, unit: str, wanted: str) -> float:
    """`value` of `unit` in `wanted`; both of one kind."""
    kind = _KIND_OF_CLASS.get(kind_of or "")
    if unit == wanted or kind is None:
        return value
    if kind == "temperature":
        return value * 1.8 + 32 if wanted == "°F" else (value - 32) / 1.8
    factors = _FACTORS[kind]
    return value * factors[unit] * (1 / factors[wanted])


def as_shown(text: str, device_class: str | None, unit: str | None, wanted: str | None, exact: bool) -> str:
    """A number as text in the wanted unit, with as many decimals as make sense.

    Args:
        exact: somebody else rounds for display, so no decimal is dropped.
    """
    if unit is None or wanted is None or unit == wanted:
        return text
    converted = convert(float(text), device_class, unit, wanted)
    if exact:
        return str(converted)
    decimals = len(text.partition(".")[2]) if "." in text else 0
    kind = _KIND_OF_CLASS.get(device_class or "")
    if kind in _FACTORS:  # a larger unit needs more decimals to say as much
        ratio = _FACTORS[kind][wanted] / _FACTORS[kind][unit]
        decimals += math.floor(max(0.0, math.log10(ratio)))
    return f"{converted:z.{decimals}f}"
