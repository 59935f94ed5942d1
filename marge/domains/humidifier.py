"""Humidifiers and dehumidifiers."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._on_off import OnOffEntity
from marge.domains._validators import percentage, string
from marge.domains._virtual import ON_OFF, keep, virtual
from marge.entities import Domain
from marge.errors import ServiceValidationError

MODES = 1


class HumidifierEntity(OnOffEntity):
    """One that somebody owns. Owners override `turn_on()`, `turn_off()`, `set_humidity(humidity)`, `set_mode(mode)`.

    Attributes:
        action: `humidifying`, `drying`, `idle` or `off`; not shown while None.
        supported_features: 1: it has modes.
    """

    domain = "humidifier"
    target_humidity: float | None = None
    current_humidity: float | None = None
    min_humidity: float = 0
    max_humidity: float = 100
    mode: str | None = None
    available_modes: list[str] | None = None
    action: str | None = None
    supported_features: int = 0

    def set_humidity(self, humidity: int) -> Any:
        self.target_humidity = humidity

    def set_mode(self, mode: str) -> Any:
        self.mode = mode

    def handle_set_humidity(self, humidity: int) -> Any:
        if not self.min_humidity <= humidity <= self.max_humidity:
            raise ServiceValidationError(
                f"Provided humidity {humidity} is not valid. "
                f"Accepted range is {self.min_humidity} to {self.max_humidity}",
                translation_key="humidity_out_of_range",
                translation_domain="humidifier",
                placeholders={
                    "humidity": str(humidity),
                    "min_humidity": str(self.min_humidity),
                    "max_humidity": str(self.max_humidity),
                },
            )
        return self.set_humidity(humidity)

    def capability_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"min_humidity": self.min_humidity, "max_humidity": self.max_humidity}
        if self.supported_features & MODES:
            shown["available_modes"] = self.available_modes
        return shown

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if self.action is not None:
            shown["action"] = self.action if self.is_on else "off"
        if self.current_humidity is not None:
            shown["current_humidity"] = self.current_humidity
        if self.target_humidity is not None:
            shown["humidity"] = self.target_humidity
        if self.supported_features & MODES:
            shown["mode"] = self.mode
        return shown


DOMAIN = Domain(
    "humidifier",
    services={
        "turn_on": service("humidifier", "turn_on", "turn_on", "Turns humidifiers on."),
        "turn_off": service("humidifier", "turn_off", "turn_off", "Turns humidifiers off."),
        "toggle": service("humidifier", "toggle", "toggle", "Turns humidifiers to their other side."),
        "set_mode": service(
            "humidifier", "set_mode", "set_mode", "Chooses a mode.", {vol.Required("mode"): string}, MODES
        ),
        "set_humidity": service(
            "humidifier", "set_humidity", "handle_set_humidity", "Sets what humidity is wanted.",
            {vol.Required("humidity"): percentage},
        ),
    },
    entity=HumidifierEntity,
    virtual=virtual({**ON_OFF, "set_humidity": keep("on", "humidity"), "set_mode": keep("on", "mode")}),
)  # fmt: skip
