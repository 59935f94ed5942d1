"""Sensors: a measured value or a text, with unit and class. They have no services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.domains._units import convert, decimals_of, finite, home_unit_for
from marge.entities import Domain, Entity
from marge.util.units import can_convert


class SensorEntity(Entity):
    """Set `native_value`; `native_unit` and `device_class` say what it measures.

    With `home_units` (`home.config.units`) the value is shown in the unit that the home uses for such things, as HA
    does: 20 °C is shown as 68 °F in an imperial home.

    Attributes:
        native_value: number or text; None is unknown.
        native_unit: the device's unit; None: `unit_of_measurement` is shown as it is, nothing is converted.
        state_class: `measurement`, `total` or `total_increasing` for what long-term statistics are kept of.
        options: the possible texts of `device_class: enum`.
        last_reset: ISO text; when a `total` began.
        suggested_display_precision: digits that clients show; the state itself is then not rounded.
    """

    domain = "sensor"
    native_value: Any = None
    native_unit: str | None = None
    home_units: Mapping[str, str] | None = None
    state_class: str | None = None
    options: list[str] | None = None
    last_reset: str | None = None
    suggested_display_precision: int | None = None

    def state_value(self) -> str | None:
        if self.native_value is None:
            return None
        text = str(self.native_value)
        unit = self._shown_unit()
        number = finite(self.native_value)
        if unit is None or self.native_unit is None or unit == self.native_unit or number is None:
            return text
        converted = convert(self.device_class, number, self.native_unit, unit)
        if self.suggested_display_precision is not None:
            return str(converted)
        # As many digits as the device gave: more would claim a precision that nobody measured.
        rounded = round(converted, decimals_of(text))
        return str(int(rounded)) if decimals_of(text) == 0 else str(rounded)

    def shown(self) -> tuple[str, dict[str, Any]]:
        if self.native_unit is not None:
            self.unit_of_measurement = self._shown_unit()
        return super().shown()

    def _shown_unit(self) -> str | None:
        """The unit that the user has chosen for this sensor, if it can be had; else the home's."""
        chosen = self.chosen.get("unit")
        if chosen is not None and self.native_unit is not None and can_convert(self.native_unit, chosen):
            return str(chosen)
        return home_unit_for(self.device_class, self.native_unit, self.home_units)

    def capability_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if self.state_class is not None:
            shown["state_class"] = self.state_class
        if self.options is not None:
            shown["options"] = self.options
        return shown

    def state_attributes(self) -> dict[str, Any]:
        return {} if self.last_reset is None else {"last_reset": self.last_reset}


DOMAIN = Domain("sensor", entity=SensorEntity)
