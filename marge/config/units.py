"""The two unit systems, as `GET /api/config` names them. Not here: conversion."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

UnitSystem = Literal["metric", "us_customary"]

UNIT_SYSTEMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "metric": MappingProxyType(
            {
                "length": "km",
                "accumulated_precipitation": "mm",
                "area": "m²",
                "mass": "g",
                "pressure": "Pa",
                "temperature": "°C",
                "volume": "L",
                "wind_speed": "m/s",
            }
        ),
        "us_customary": MappingProxyType(
            {
                "length": "mi",
                "accumulated_precipitation": "in",
                "area": "ft²",
                "mass": "lb",
                "pressure": "psi",
                "temperature": "°F",
                "volume": "gal",
                "wind_speed": "mph",
            }
        ),
    }
)
