"""Water heaters."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._units import CELSIUS, FAHRENHEIT, convert_temperature, shown_temperature
from marge.domains._validators import boolean, number, string
from marge.domains._virtual import Rule, keep, to, virtual
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError

TARGET_TEMPERATURE, OPERATION_MODE, AWAY_MODE, ON_OFF = 1, 2, 4, 8
DEFAULT_MIN_TEMP_F, DEFAULT_MAX_TEMP_F = 110, 140


class WaterHeaterEntity(Entity):
    """One that somebody owns; temperatures in its fields and commands are in `temperature_unit`.

    Owners override `set_temperature(temperature=, operation_mode=)`, `set_operation_mode(operation_mode)`,
    `set_away_mode(away_mode)`, `turn_on()`, `turn_off()`.
    """

    domain = "water_heater"
    temperature_unit: str = CELSIUS
    home_unit: str = CELSIUS
    precision: float | None = None
    operation_mode: str | None = None
    operation_list: list[str] | None = None
    current_temperature: float | None = None
    target_temperature: float | None = None
    target_temperature_high: float | None = None
    target_temperature_low: float | None = None
    target_temperature_step: float | None = None
    min_temp: float | None = None
    max_temp: float | None = None
    is_away: bool | None = None
    supported_features: int = 0

    def set_temperature(self, temperature: float, operation_mode: str | None = None) -> Any:
        self.target_temperature = temperature
        return None if operation_mode is None else self.set_operation_mode(operation_mode)

    def set_operation_mode(self, operation_mode: str) -> Any:
        self.operation_mode = operation_mode

    def set_away_mode(self, away_mode: bool) -> Any:
        self.is_away = away_mode

    def turn_on(self) -> Any:
        return self.set_operation_mode("eco")

    def turn_off(self) -> Any:
        return self.set_operation_mode("off")

    def handle_set_temperature(self, temperature: float, operation_mode: str | None = None) -> Any:
        wanted = convert_temperature(temperature, self.home_unit, self.temperature_unit)
        return self.set_temperature(wanted, operation_mode)

    def handle_set_operation_mode(self, operation_mode: str) -> Any:
        modes = self.operation_list
        if modes is None or operation_mode not in modes:
            listed = ", ".join(modes or [])
            raise ServiceValidationError(
                f"Operation mode {operation_mode} is not valid for {self.entity_id}. "
                f"Valid operation modes are: {listed}",
                translation_key="not_valid_operation_mode",
                translation_domain="water_heater",
                placeholders={
                    "entity_id": self.entity_id,
                    "operation_mode": operation_mode,
                    "operation_list": listed,
                },
            )
        return self.set_operation_mode(operation_mode)

    def state_value(self) -> str | None:
        return self.operation_mode

    def _temperature(self, value: float | None) -> float | int | None:
        return shown_temperature(value, self.temperature_unit, self.home_unit, self.precision)

    def capability_attributes(self) -> dict[str, Any]:
        unit = self.temperature_unit
        lowest = convert_temperature(DEFAULT_MIN_TEMP_F, FAHRENHEIT, unit) if self.min_temp is None else self.min_temp
        highest = convert_temperature(DEFAULT_MAX_TEMP_F, FAHRENHEIT, unit) if self.max_temp is None else self.max_temp
        shown: dict[str, Any] = {"min_temp": self._temperature(lowest), "max_temp": self._temperature(highest)}
        if self.target_temperature_step is not None:
            shown["target_temp_step"] = self.target_temperature_step
        if self.supported_features & OPERATION_MODE:
            shown["operation_list"] = self.operation_list
        return shown

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "current_temperature": self._temperature(self.current_temperature),
            "temperature": self._temperature(self.target_temperature),
            "target_temp_high": self._temperature(self.target_temperature_high),
            "target_temp_low": self._temperature(self.target_temperature_low),
        }
        if self.supported_features & OPERATION_MODE:
            shown["operation_mode"] = self.operation_mode
        if self.supported_features & AWAY_MODE:
            shown["away_mode"] = "on" if self.is_away else "off"
        return shown


DOMAIN = Domain(
    "water_heater",
    services={
        "turn_on": service("water_heater", "turn_on", "turn_on", "Starts water heaters.", features=ON_OFF),
        "turn_off": service("water_heater", "turn_off", "turn_off", "Stops water heaters.", features=ON_OFF),
        "set_away_mode": service(
            "water_heater", "set_away_mode", "set_away_mode", "Saves while nobody is at home.",
            {vol.Required("away_mode"): boolean}, AWAY_MODE,
        ),
        "set_temperature": service(
            "water_heater", "set_temperature", "handle_set_temperature", "Sets what temperature is wanted.",
            {vol.Required("temperature"): number, vol.Optional("operation_mode"): string},
            TARGET_TEMPERATURE,
        ),
        "set_operation_mode": service(
            "water_heater", "set_operation_mode", "handle_set_operation_mode", "Chooses how it heats.",
            {vol.Required("operation_mode"): string}, OPERATION_MODE,
        ),
    },
    entity=WaterHeaterEntity,
    virtual=virtual(
        {
            "turn_on": to("eco"),
            "turn_off": to("off"),
            "set_temperature": keep("eco", "temperature"),
            "set_operation_mode": Rule(compute=lambda _state, data: (str(data.get("operation_mode", "eco")), {})),
            "set_away_mode": keep("eco", "away_mode"),
        }
    ),
)  # fmt: skip
