"""Numbers of devices."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._units import TEMPERATURE_UNITS, convert_temperature, decimals_of
from marge.domains._validators import number
from marge.domains._virtual import Rule, virtual
from marge.domains.input_number import virtual_number
from marge.entities import Domain, Entity
from marge.errors import ServiceValidationError


class NumberEntity(Entity):
    """One that somebody owns. Owners override `set_value(value)`; values are in `native_unit`.

    Attributes:
        value: None is unknown. minimum, maximum, step: of the value. mode: `auto`, `box` or `slider`.
        native_unit: the device's unit; None: `unit_of_measurement` is shown as it is.
        home_unit: the home's temperature unit, for `device_class: temperature`.
    """

    domain = "number"
    value: float | None = None
    minimum: float = 0.0
    maximum: float = 100.0
    step: float = 1.0
    mode: str = "auto"
    native_unit: str | None = None
    home_unit: str | None = None

    def set_value(self, value: float) -> Any:
        self.value = value

    def handle_set_value(self, value: float) -> Any:
        lowest, highest = self._home(self.minimum), self._home(self.maximum)
        if not lowest <= value <= highest:
            raise ServiceValidationError(
                f"Value {value} for {self.entity_id} is outside valid range {lowest} - {highest}",
                translation_key="out_of_range",
                translation_domain="number",
                placeholders={
                    "value": value,  # type: ignore[dict-item]  # a number on HA's wire
                    "entity_id": self.entity_id,
                    "min_value": str(lowest),
                    "max_value": str(highest),
                },
            )
        if self._converts:
            assert self.native_unit is not None and self.home_unit is not None
            value = convert_temperature(value, self.home_unit, self.native_unit)
            value = min(max(value, self.minimum), self.maximum)
        return self.set_value(value)

    @property
    def _converts(self) -> bool:
        return (
            self.device_class == "temperature"
            and self.native_unit in TEMPERATURE_UNITS
            and self.home_unit is not None
            and self.home_unit != self.native_unit
        )

    def _home(self, value: float) -> float:
        if not self._converts:
            return value
        assert self.native_unit is not None and self.home_unit is not None
        return round(convert_temperature(value, self.native_unit, self.home_unit), decimals_of(str(value)))

    def state_value(self) -> str | None:
        return None if self.value is None else str(self._home(self.value))

    def shown(self) -> tuple[str, dict[str, Any]]:
        if self.native_unit is not None:
            self.unit_of_measurement = self.home_unit if self._converts else self.native_unit
        return super().shown()

    def capability_attributes(self) -> dict[str, Any]:
        return {
            "min": self._home(self.minimum),
            "max": self._home(self.maximum),
            "step": self.step,
            "mode": self.mode,
        }


DOMAIN = Domain(
    "number",
    services={
        "set_value": service(
            "number", "set_value", "handle_set_value", "Sets the number.", {vol.Required("value"): number}
        ),
    },
    entity=NumberEntity,
    virtual=virtual({"set_value": Rule(compute=virtual_number)}),
)
