"""Units of measurement: which can be turned into which, and how. One table, no state; safe from any thread.

A *unit class* is a set of units that convert into each other; its name is what clients read in `unit_class`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_KILO, _MEGA, _GIGA, _TERA = 1e3, 1e6, 1e9, 1e12
_INCH, _FOOT, _YARD, _MILE, _NAUTICAL_MILE = 0.0254, 0.3048, 0.9144, 1609.344, 1852.0
_LITRE = 0.001
_FLUID_OUNCE, _GALLON, _CUBIC_FOOT = 2.95735295625e-5, 0.003785411784, 0.028316846592
_POUND, _OUNCE, _STONE = 0.45359237, 0.028349523125, 6.35029318
_HOUR, _DAY = 3600.0, 86_400.0

_FACTORS: Mapping[str, Mapping[str | None, float]] = {
    "area": {
        "m²": 1, "cm²": 1e-4, "km²": 1e6, "mm²": 1e-6, "in²": _INCH**2, "ft²": _FOOT**2, "yd²": _YARD**2,
        "mi²": _MILE**2, "ac": 4046.8564224, "ha": 1e4,
    },
    "blood_glucose_concentration": {"mg/dL": 1 / 18, "mmol/L": 1},
    "conductivity": {"S/cm": 1, "mS/cm": 1e-3, "μS/cm": 1e-6},
    "data_rate": {
        "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "B/s": 8, "kB/s": 8e3, "MB/s": 8e6, "GB/s": 8e9,
        "KiB/s": 8 * 2**10, "MiB/s": 8 * 2**20, "GiB/s": 8 * 2**30,
    },
    "distance": {
        "m": 1, "km": 1e3, "cm": 0.01, "mm": 0.001, "mi": _MILE, "nmi": _NAUTICAL_MILE, "yd": _YARD, "ft": _FOOT,
        "in": _INCH,
    },
    "duration": {"s": 1, "μs": 1e-6, "ms": 1e-3, "min": 60, "h": _HOUR, "d": _DAY, "w": 7 * _DAY},
    "electric_current": {"A": 1, "mA": 1e-3},
    "voltage": {"V": 1, "mV": 1e-3, "μV": 1e-6, "kV": 1e3, "MV": 1e6},
    "energy": {
        "J": 1, "kJ": _KILO, "MJ": _MEGA, "GJ": _GIGA, "mWh": 3.6, "Wh": 3600, "kWh": 3.6e6, "MWh": 3.6e9,
        "GWh": 3.6e12, "TWh": 3.6e15, "cal": 4.184, "kcal": 4184, "Mcal": 4.184e6, "Gcal": 4.184e9,
    },
    "information": {
        "bit": 1, "kbit": 1e3, "Mbit": 1e6, "Gbit": 1e9, "B": 8, "kB": 8e3, "MB": 8e6, "GB": 8e9, "TB": 8e12,
        "PB": 8e15, "EB": 8e18, "ZB": 8e21, "YB": 8e24, "KiB": 8 * 2**10, "MiB": 8 * 2**20, "GiB": 8 * 2**30,
        "TiB": 8 * 2**40, "PiB": 8 * 2**50, "EiB": 8 * 2**60, "ZiB": 8 * 2**70, "YiB": 8 * 2**80,
    },
    "mass": {
        "kg": 1, "g": 1e-3, "mg": 1e-6, "μg": 1e-9, "oz": _OUNCE, "lb": _POUND, "st": _STONE,
    },
    "power": {"W": 1, "mW": 1e-3, "kW": _KILO, "MW": _MEGA, "GW": _GIGA, "TW": _TERA},
    "pressure": {
        "Pa": 1, "hPa": 100, "kPa": 1e3, "bar": 1e5, "cbar": 1e3, "mbar": 100, "mmHg": 133.322387415,
        "inHg": 3386.38864034, "psi": 6894.757293168,
    },
    "reactive_energy": {"varh": 1, "kvarh": 1e3},
    "speed": {
        "m/s": 1, "mm/s": 1e-3, "km/h": 1 / 3.6, "mph": _MILE / _HOUR, "kn": _NAUTICAL_MILE / _HOUR, "ft/s": _FOOT,
        "in/s": _INCH, "m/min": 1 / 60, "mm/h": 1e-3 / _HOUR, "in/h": _INCH / _HOUR, "mm/d": 1e-3 / _DAY,
        "in/d": _INCH / _DAY,
    },
    "unitless": {None: 1, "%": 0.01, "ppb": 1e-9, "ppm": 1e-6},
    "volume": {
        "m³": 1, "L": _LITRE, "mL": 1e-6, "gal": _GALLON, "fl. oz.": _FLUID_OUNCE, "ft³": _CUBIC_FOOT,
        "CCF": 100 * _CUBIC_FOOT, "MCF": 1000 * _CUBIC_FOOT,
    },
    "volume_flow_rate": {
        "m³/h": 1, "m³/s": _HOUR, "ft³/min": 60 * _CUBIC_FOOT, "L/min": 60 * _LITRE, "L/h": _LITRE,
        "L/s": _HOUR * _LITRE, "mL/s": _HOUR * 1e-6, "gal/min": 60 * _GALLON,
    },
}  # fmt: skip
"""Factors to the first unit of each class."""

_DISTANCE_A_KWH = {"km/kWh": 1.0, "mi/kWh": _MILE / 1e3}
_KWH_A_DISTANCE = {"kWh/100km": 100.0}
_SCALE_AND_ZERO: Mapping[str, tuple[float, float]] = {"°C": (1.0, 0.0), "°F": (1.8, 32.0), "K": (1.0, 273.15)}
_NOT_STATISTIC = frozenset({"ppb", "ppm"})
"""Parts per million of something are a concentration, not a ratio: they have no class of their own."""

VALID_UNITS: Mapping[str, frozenset[str | None]] = MappingProxyType(
    {name: frozenset(factors) - (_NOT_STATISTIC if name == "unitless" else frozenset())
     for name, factors in _FACTORS.items()}
    | {"temperature": frozenset(_SCALE_AND_ZERO), "energy_distance": frozenset({*_DISTANCE_A_KWH, *_KWH_A_DISTANCE})}
)
"""Unit class to its units."""

_CLASS_OF: Mapping[str | None, str] = MappingProxyType(
    {unit: name for name, units in VALID_UNITS.items() for unit in units}
)


def unit_class(unit: str | None) -> str | None:
    """The class that a unit belongs to, or None when nothing converts into it. No unit at all is `unitless`."""
    return _CLASS_OF.get(unit)


def can_convert(from_unit: str | None, to_unit: str | None) -> bool:
    """Whether `convert` knows a way. Equal units always convert."""
    if from_unit == to_unit:
        return True
    found = _CLASS_OF.get(from_unit)
    return found is not None and found == _CLASS_OF.get(to_unit)


def convert(value: float, from_unit: str | None, to_unit: str | None) -> float:
    """`value` in another unit of its class.

    Raises:
        ValueError: there is no way from one to the other.
    """
    if from_unit == to_unit:
        return value
    if not can_convert(from_unit, to_unit):
        raise ValueError(f"{from_unit} cannot be converted to {to_unit}")
    name = _CLASS_OF[from_unit]
    if name == "temperature":
        scale, zero = _SCALE_AND_ZERO[str(from_unit)]
        to_scale, to_zero = _SCALE_AND_ZERO[str(to_unit)]
        return (value - zero) / scale * to_scale + to_zero
    if name == "energy_distance":
        return _convert_consumption(value, str(from_unit), str(to_unit))
    factors = _FACTORS[name]
    return value * factors[from_unit] / factors[to_unit]


def convert_difference(value: float, from_unit: str | None, to_unit: str | None) -> float:
    """As `convert`, for how much two values differ: 1 °C more is 1.8 °F more."""
    if _CLASS_OF.get(from_unit) == "temperature" and from_unit != to_unit:
        return convert(value, from_unit, to_unit) - convert(0.0, from_unit, to_unit)
    return convert(value, from_unit, to_unit)


def _convert_consumption(value: float, from_unit: str, to_unit: str) -> float:
    """Distance for an energy, and energy for a distance: one is the inverse of the other."""
    if from_unit in _KWH_A_DISTANCE:
        if value == 0:
            return 0.0
        return _KWH_A_DISTANCE[from_unit] / value / _DISTANCE_A_KWH[to_unit]
    in_km = value * _DISTANCE_A_KWH[from_unit]
    if to_unit in _KWH_A_DISTANCE:
        return _KWH_A_DISTANCE[to_unit] / in_km if in_km else 0.0
    return in_km / _DISTANCE_A_KWH[to_unit]
