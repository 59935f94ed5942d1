"""Which units an entity's value can be shown in, for the settings of an entity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import voluptuous as vol

from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.units import VALID_UNITS

_FLUXES = frozenset({"in/d", "in/h", "mm/d", "mm/h"})
_PRESSURES = VALID_UNITS["pressure"]
_VOLUMES = VALID_UNITS["volume"] - {"MCF"}

SENSOR_UNITS: Mapping[str, frozenset[str | None]] = MappingProxyType(
    {
        "area": VALID_UNITS["area"],
        "atmospheric_pressure": _PRESSURES,
        "blood_glucose_concentration": VALID_UNITS["blood_glucose_concentration"],
        "conductivity": VALID_UNITS["conductivity"],
        "current": VALID_UNITS["electric_current"],
        "data_rate": VALID_UNITS["data_rate"],
        "data_size": VALID_UNITS["information"],
        "distance": VALID_UNITS["distance"],
        "duration": frozenset({"d", "h", "min", "s", "ms"}),
        "energy": VALID_UNITS["energy"],
        "energy_distance": VALID_UNITS["energy_distance"],
        "energy_storage": VALID_UNITS["energy"],
        "gas": frozenset({"CCF", "ft³", "m³"}),
        "power": VALID_UNITS["power"],
        "power_factor": frozenset({"%", None}),
        "precipitation": frozenset({"cm", "in", "mm"}),
        "precipitation_intensity": _FLUXES,
        "pressure": _PRESSURES,
        "speed": VALID_UNITS["speed"],
        "temperature": VALID_UNITS["temperature"],
        "voltage": VALID_UNITS["voltage"],
        "volume": _VOLUMES,
        "volume_flow_rate": frozenset({"ft³/min", "gal/min", "L/min", "m³/h", "mL/s"}),
        "volume_storage": _VOLUMES,
        "water": frozenset({"CCF", "ft³", "gal", "L", "m³"}),
        "weight": VALID_UNITS["mass"],
        "wind_speed": frozenset({"ft/s", "km/h", "kn", "m/s", "mph"}),
    }
)
"""Device class to the units that its sensors may show."""

NUMERIC_CLASSES = (
    "apparent_power", "aqi", "area", "atmospheric_pressure", "battery", "blood_glucose_concentration",
    "carbon_dioxide", "carbon_monoxide", "conductivity", "current", "data_rate", "data_size", "distance", "duration",
    "energy", "energy_distance", "energy_storage", "frequency", "gas", "humidity", "illuminance", "irradiance",
    "moisture", "monetary", "nitrogen_dioxide", "nitrogen_monoxide", "nitrous_oxide", "ozone", "ph", "pm1", "pm10",
    "pm25", "power", "power_factor", "precipitation", "precipitation_intensity", "pressure", "reactive_power",
    "signal_strength", "sound_pressure", "speed", "sulphur_dioxide", "temperature", "volatile_organic_compounds",
    "volatile_organic_compounds_parts", "voltage", "volume", "volume_flow_rate", "volume_storage", "water", "weight",
    "wind_direction", "wind_speed",
)  # fmt: skip
"""Device classes of sensors whose state is a number."""

_WEATHER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pressure_unit": ("hPa", "inHg", "mbar", "mmHg"),
        "temperature_unit": ("°C", "°F"),
        "visibility_unit": ("km", "mi"),
        "precipitation_unit": ("in", "mm"),
        "wind_speed_unit": ("ft/s", "km/h", "kn", "m/s", "mph"),
    }
)
_DEVICE_CLASS = {vol.Required("device_class"): str}


def _in_order(units: Iterable[str | None]) -> list[str | None]:
    return sorted(units, key=lambda unit: (str(unit).casefold(), str(unit)))


@command("sensor/numeric_device_classes")
def numeric_device_classes(session: Session, message: dict[str, Any]) -> None:
    """Device classes of sensors whose state is a number."""
    session.result(message["id"], {"numeric_device_classes": NUMERIC_CLASSES})


@command("sensor/device_class_convertible_units", _DEVICE_CLASS)
def sensor_units(session: Session, message: dict[str, Any]) -> None:
    """Units that a sensor of this class can be shown in."""
    session.result(message["id"], {"units": _in_order(SENSOR_UNITS.get(message["device_class"], ()))})


@command("number/device_class_convertible_units", _DEVICE_CLASS)
def number_units(session: Session, message: dict[str, Any]) -> None:
    """Units that a number of this class can be shown in: only temperatures convert, as in HA."""
    units = SENSOR_UNITS["temperature"] if message["device_class"] == "temperature" else ()
    session.result(message["id"], {"units": _in_order(units)})


@command("weather/convertible_units")
def weather_units(session: Session, message: dict[str, Any]) -> None:
    """Units that a weather entity can be shown in."""
    session.result(message["id"], {"units": dict(_WEATHER)})
