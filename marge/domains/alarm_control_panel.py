"""Alarm panels."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import string
from marge.domains._virtual import to, virtual
from marge.entities import Domain, Entity, Service
from marge.errors import ServiceValidationError

ARM_HOME, ARM_AWAY, ARM_NIGHT, TRIGGER, ARM_CUSTOM_BYPASS, ARM_VACATION = 1, 2, 4, 8, 16, 32

_ARMING = {
    "arm_home": (ARM_HOME, "armed_home", "Arms for people who stay at home."),
    "arm_away": (ARM_AWAY, "armed_away", "Arms for an empty house."),
    "arm_night": (ARM_NIGHT, "armed_night", "Arms for the night."),
    "arm_vacation": (ARM_VACATION, "armed_vacation", "Arms for a long absence."),
    "arm_custom_bypass": (ARM_CUSTOM_BYPASS, "armed_custom_bypass", "Arms, leaving some zones out."),
}


class AlarmControlPanelEntity(Entity):
    """An alarm panel that somebody owns.

    Owners override `alarm_disarm(code)`, `alarm_arm_home(code)`, … `alarm_trigger(code)`; `code` is None when nobody
    gave one.

    Attributes:
        alarm_state: `disarmed`, `armed_home`, …, `arming`, `pending`, `disarming`, `triggered`; None is unknown.
        code_format: `number`, `text` or None (no code).
        code_arm_required: arming without a code is refused.
        supported_features: the constants of this module.
    """

    domain = "alarm_control_panel"
    alarm_state: str | None = None
    code_format: str | None = None
    code_arm_required: bool = True
    changed_by: str | None = None
    supported_features: int = 0

    # -- for owners --------------------------------------------------------------------------------------------------

    def alarm_disarm(self, code: str | None = None) -> Any:
        self.alarm_state = "disarmed"

    def alarm_arm_home(self, code: str | None = None) -> Any:
        self.alarm_state = "armed_home"

    def alarm_arm_away(self, code: str | None = None) -> Any:
        self.alarm_state = "armed_away"

    def alarm_arm_night(self, code: str | None = None) -> Any:
        self.alarm_state = "armed_night"

    def alarm_arm_vacation(self, code: str | None = None) -> Any:
        self.alarm_state = "armed_vacation"

    def alarm_arm_custom_bypass(self, code: str | None = None) -> Any:
        self.alarm_state = "armed_custom_bypass"

    def alarm_trigger(self, code: str | None = None) -> Any:
        self.alarm_state = "triggered"

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_arm_home(self, code: str | None = None) -> Any:
        return self.alarm_arm_home(self._for_arming(code))

    def handle_arm_away(self, code: str | None = None) -> Any:
        return self.alarm_arm_away(self._for_arming(code))

    def handle_arm_night(self, code: str | None = None) -> Any:
        return self.alarm_arm_night(self._for_arming(code))

    def handle_arm_vacation(self, code: str | None = None) -> Any:
        return self.alarm_arm_vacation(self._for_arming(code))

    def handle_arm_custom_bypass(self, code: str | None = None) -> Any:
        return self.alarm_arm_custom_bypass(self._for_arming(code))

    def _for_arming(self, code: str | None) -> str | None:
        if not code and self.code_arm_required:
            raise ServiceValidationError(
                f"Arming requires a code but none was given for {self.entity_id}",
                translation_key="code_arm_required",
                translation_domain="alarm_control_panel",
                placeholders={"entity_id": self.entity_id},
            )
        return code

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        return self.alarm_state

    def state_attributes(self) -> dict[str, Any]:
        return {
            "code_format": self.code_format,
            "changed_by": self.changed_by,
            "code_arm_required": self.code_arm_required,
        }


_CODE = {vol.Optional("code"): string}


def _services() -> dict[str, Service]:
    """HA's names, and the same without `alarm_`, as Marge's own clients know them."""
    made = {
        "disarm": service("alarm_control_panel", "alarm_disarm", "alarm_disarm", "Disarms.", _CODE),
        **{
            name: service("alarm_control_panel", f"alarm_{name}", f"handle_{name}", description, _CODE, features)
            for name, (features, _state, description) in _ARMING.items()
        },
        "trigger": service(
            "alarm_control_panel", "alarm_trigger", "alarm_trigger", "Sets the alarm off.", _CODE, TRIGGER
        ),
    }
    return {**{f"alarm_{name}": each for name, each in made.items()}, **made}


_STATES = {
    "disarm": "disarmed",
    "trigger": "triggered",
    **{name: state for name, (_features, state, _description) in _ARMING.items()},
}

DOMAIN = Domain(
    "alarm_control_panel",
    services=_services(),
    entity=AlarmControlPanelEntity,
    virtual=virtual({prefix + name: to(state) for name, state in _STATES.items() for prefix in ("", "alarm_")}),
)
