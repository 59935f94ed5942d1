"""Thermostats: one that heats, an air conditioner with everything, one with a range. Each has its own unit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains import climate
from marge.domains._units import CELSIUS, FAHRENHEIT
from marge.domains.climate import ClimateEntity

if TYPE_CHECKING:
    from marge.home import Home

_ON_OFF = climate.TURN_ON | climate.TURN_OFF
_FANS = ["on_low", "on_high", "auto_low", "auto_high", "off"]
_SWINGS = ["auto", "1", "2", "3", "off"]

# name, unique id, what it shows
_DEVICES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("HeatPump", "climate_1", {
        "temperature_unit": FAHRENHEIT, "hvac_mode": "heat", "hvac_modes": ["heat", "off"], "hvac_action": "heating",
        "target_temperature": 68, "current_temperature": 77,
        "supported_features": climate.TARGET_TEMPERATURE | _ON_OFF,
    }),
    ("Hvac", "climate_2", {
        "temperature_unit": CELSIUS, "hvac_mode": "cool", "hvac_action": "cooling",
        "hvac_modes": ["off", "heat", "cool", "auto", "dry", "fan_only"],
        "target_temperature": 21, "current_temperature": 22, "target_humidity": 67.4, "current_humidity": 54.2,
        "fan_mode": "on_high", "fan_modes": _FANS, "swing_mode": "off", "swing_modes": _SWINGS,
        "swing_horizontal_mode": "auto", "swing_horizontal_modes": ["auto", "rangefull", "off"],
        "supported_features": 943,
    }),
    ("Ecobee", "climate_3", {
        "temperature_unit": CELSIUS, "hvac_mode": "heat_cool",
        "hvac_modes": ["off", "cool", "heat_cool", "auto", "dry", "fan_only"],
        "target_temperature_high": 24, "target_temperature_low": 21, "current_temperature": 23,
        "fan_mode": "auto_low", "fan_modes": _FANS, "preset_mode": "home", "preset_modes": ["home", "eco", "away"],
        "swing_mode": "auto", "swing_modes": _SWINGS,
        "supported_features": 442,
    }),
)  # fmt: skip


def items(home: Home) -> Iterator[Item]:
    for name, unique_id, shown in _DEVICES:
        device = with_fields(ClimateEntity(), home_unit=home.config.units["temperature"], **shown)
        yield of_device(f"climate.{name.lower()}", device, name, unique_id, translation_key="ubercool")
