"""Fans: speed in percent, presets, direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._on_off import OnOffEntity
from marge.domains._units import finite
from marge.domains._validators import boolean, percentage, string
from marge.domains._virtual import Rule, flip, keep, to, virtual
from marge.entities import Domain
from marge.errors import InvalidValue, ServiceValidationError
from marge.model import State

SET_SPEED, OSCILLATE, DIRECTION, PRESET_MODE, TURN_OFF, TURN_ON = 1, 2, 4, 8, 16, 32


class FanEntity(OnOffEntity):
    """A fan that somebody owns. Owners override `turn_on(percentage=None, preset_mode=None)`, `turn_off()`,
    `set_percentage(percentage)`, `set_preset_mode(preset_mode)`, `set_direction(direction)`, `oscillate(oscillating)`.

    Attributes:
        percentage: 0-100; a fan with speed or presets is on while one of them says so.
        speed_count: how many speeds there are; steps are 100 / speed_count.
        supported_features: the constants of this module.
    """

    domain = "fan"
    percentage: int | None = None
    speed_count: int = 100
    preset_mode: str | None = None
    preset_modes: list[str] | None = None
    current_direction: str | None = None
    oscillating: bool | None = None
    supported_features: int = 0

    # -- for owners --------------------------------------------------------------------------------------------------

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> Any:
        self.is_on = True
        if preset_mode is not None:
            return self.set_preset_mode(preset_mode)
        if percentage is not None:
            return self.set_percentage(percentage)
        return None

    def turn_off(self, **_more: Any) -> Any:
        self.is_on = False
        self.preset_mode = None
        if self.supported_features & SET_SPEED:
            self.percentage = 0

    def set_percentage(self, percentage: int) -> Any:
        self.percentage, self.preset_mode, self.is_on = percentage, None, percentage > 0

    def set_preset_mode(self, preset_mode: str) -> Any:
        self.preset_mode, self.percentage, self.is_on = preset_mode, None, True

    def set_direction(self, direction: str) -> Any:
        self.current_direction = direction

    def oscillate(self, oscillating: bool) -> Any:
        self.oscillating = oscillating

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_set_direction(self, direction: str | None = None) -> Any:
        if direction is None:
            raise InvalidValue("A direction is needed")
        return self.set_direction(direction)

    def handle_turn_on(self, percentage: int | None = None, preset_mode: str | None = None) -> Any:
        if preset_mode is not None:
            self._check_preset(preset_mode)
        if percentage == 0:
            return self.turn_off()
        return self.turn_on(percentage=percentage, preset_mode=preset_mode)

    def handle_set_percentage(self, percentage: int) -> Any:
        return self.turn_off() if percentage == 0 else self.set_percentage(percentage)

    def handle_set_preset_mode(self, preset_mode: str) -> Any:
        self._check_preset(preset_mode)
        return self.set_preset_mode(preset_mode)

    def handle_increase_speed(self, percentage_step: int | None = None) -> Any:
        return self._step(1, percentage_step)

    def handle_decrease_speed(self, percentage_step: int | None = None) -> Any:
        return self._step(-1, percentage_step)

    def _step(self, sign: int, by: int | None) -> Any:
        present = self.percentage or 0
        if by is not None:
            wanted = present + sign * by
        else:
            # To the next speed of those there are: 43 % of a fan with three speeds is its second.
            size = 100 / self.speed_count
            place = -(-present // size)  # the speed that this percentage runs at, rounded up
            wanted = int((place + sign) * size)
        return self.handle_set_percentage(min(max(wanted, 0), 100))

    def _check_preset(self, preset_mode: str) -> None:
        modes = self.preset_modes or []
        if preset_mode in modes:
            return
        listed = ", ".join(modes)
        raise ServiceValidationError(
            f"Preset mode {preset_mode} is not valid, valid preset modes are: {listed}",
            translation_key="not_valid_preset_mode",
            translation_domain="fan",
            placeholders={"preset_mode": preset_mode, "preset_modes": listed},
        )

    # -- what it shows -----------------------------------------------------------------------------------------------

    def capability_attributes(self) -> dict[str, Any]:
        if self.supported_features & (SET_SPEED | PRESET_MODE):
            return {"preset_modes": self.preset_modes}
        return {}

    def state_attributes(self) -> dict[str, Any]:
        features = self.supported_features
        shown: dict[str, Any] = {}
        if features & DIRECTION:
            shown["direction"] = self.current_direction
        if features & OSCILLATE:
            shown["oscillating"] = self.oscillating
        if features & SET_SPEED:
            shown["percentage"] = self.percentage
            shown["percentage_step"] = 100 / self.speed_count
        if features & (SET_SPEED | PRESET_MODE):
            shown["preset_mode"] = self.preset_mode
        return shown


def _virtual_percentage(_state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    number = finite(data.get("percentage"))
    changes = {"percentage": data["percentage"]} if "percentage" in data else {}
    return ("on" if number is not None and number > 0 else "off"), changes


_STEP = {vol.Optional("percentage_step"): percentage}

DOMAIN = Domain(
    "fan",
    services={
        "turn_on": service(
            "fan", "turn_on", "handle_turn_on", "Turns fans on.",
            {vol.Optional("percentage"): percentage, vol.Optional("preset_mode"): string}, TURN_ON,
        ),
        "turn_off": service("fan", "turn_off", "turn_off", "Turns fans off.", features=TURN_OFF),
        "toggle": service(
            "fan", "toggle", "toggle", "Turns fans to their other side.", features=(TURN_OFF, TURN_ON)
        ),
        "increase_speed": service(
            "fan", "increase_speed", "handle_increase_speed", "Makes fans faster.", _STEP, SET_SPEED
        ),
        "decrease_speed": service(
            "fan", "decrease_speed", "handle_decrease_speed", "Makes fans slower.", _STEP, SET_SPEED
        ),
        "oscillate": service(
            "fan", "oscillate", "oscillate", "Lets fans swing, or not.",
            {vol.Required("oscillating"): boolean}, OSCILLATE,
        ),
        "set_direction": service(
            "fan", "set_direction", "handle_set_direction", "Turns the blades the other way.",
            {vol.Optional("direction"): string}, DIRECTION,
        ),
        "set_percentage": service(
            "fan", "set_percentage", "handle_set_percentage", "Sets the speed.",
            {vol.Required("percentage"): percentage}, SET_SPEED,
        ),
        "set_preset_mode": service(
            "fan", "set_preset_mode", "handle_set_preset_mode", "Chooses a preset.",
            {vol.Required("preset_mode"): string}, (SET_SPEED, PRESET_MODE),
        ),
    },
    entity=FanEntity,
    virtual=virtual(
        {
            "turn_on": to("on", "percentage", "preset_mode"),
            "turn_off": to("off"),
            "toggle": flip(),
            "set_percentage": Rule(compute=_virtual_percentage),
            "set_preset_mode": keep("on", "preset_mode"),
            "set_direction": keep("on", "direction"),
            "oscillate": keep("on", "oscillating"),
        }
    ),
)  # fmt: skip
