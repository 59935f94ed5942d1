"""The alarm panel: arms and disarms without a code and without a delay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Choice, Field

PANEL = Model("Frient", "KEPZB-110", "Intelligent keypad", mains=False)

EFFECT_OF = {
    "disarm": "disarmed",
    "arm_home": "armed_home",
    "arm_away": "armed_away",
    "arm_night": "armed_night",
    "arm_vacation": "armed_vacation",
    "arm_custom_bypass": "armed_custom_bypass",
    "trigger": "triggered",
}
"""Command word to the state that it leads to. On the wire commands are in capitals."""


class AlarmPanel(Device):
    """Keeps the alarm's mode. A command is `ARM_AWAY` or `{"arm_mode": "ARM_AWAY"}`."""

    component = "alarm_control_panel"
    plain_key = "arm_mode"
    echo_s = 0.1
    """Longer than a lock's: who locks the doors and arms in one go must see the doors locked when it reports armed."""

    def __init__(self, label: Label, mode: str = "armed_home") -> None:
        fields: dict[str, Field] = {
            "state": Choice(values=tuple(EFFECT_OF.values()), description="Mode of the alarm"),
            "arm_mode": Choice(values=tuple(EFFECT_OF), settable=True, reported=False, description="What to do"),
        }
        super().__init__(label, PANEL, fields, {"state": mode})

    def apply(self, accepted: Mapping[str, Any]) -> None:
        change = dict(accepted)
        word = change.pop("arm_mode", None)
        if word is not None:
            change["state"] = EFFECT_OF[word]
        super().apply(change)

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "command_topic": topics.set,
            "value_template": "{{ value_json.state }}",
            "code_arm_required": False,
            "code_disarm_required": False,
            "code_trigger_required": False,
            "supported_features": [word for word in EFFECT_OF if word != "disarm"],
        }
