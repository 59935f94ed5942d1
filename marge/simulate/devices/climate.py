"""The thermostat on the wall, in degrees Fahrenheit."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Choice, Field, Numeric

THERMOSTAT = Model("Centralite", "3157100", "3-Series pearl touch thermostat", mains=True)

SETPOINT_MIN_F, SETPOINT_MAX_F = 55, 90
MODES = ("off", "heat", "cool", "heat_cool")
HEATING_STEP_F = 0.1
"""How far the room comes nearer to the set point in one tick of the drift."""

ACTION_TEMPLATE = (
    "{% set actions = {'off': 'off', 'idle': 'idle', 'heat': 'heating', 'cool': 'cooling'} %}"
    "{{ actions[value_json.running_state] }}"
)


class Thermostat(Device):
    """Heats or cools towards its set point; `running_state` follows from mode, set point and room temperature."""

    component = "climate"
    composite = "climate"
    plain_key = "system_mode"

    def __init__(self, label: Label, local_temperature: float, setpoint: float, mode: str = "heat") -> None:
        fields: dict[str, Field] = {
            "system_mode": Choice(values=MODES, settable=True, description="Mode of this device"),
            "occupied_heating_setpoint": Numeric(
                minimum=SETPOINT_MIN_F,
                maximum=SETPOINT_MAX_F,
                digits=1,
                unit="°F",
                settable=True,
                description="Temperature set point",
            ),
            "local_temperature": Numeric(
                minimum=-40, maximum=140, digits=1, unit="°F", description="Temperature measured on the device"
            ),
            "running_state": Choice(values=("off", "idle", "heat", "cool"), description="What it does now"),
        }
        initial = {
            "system_mode": mode,
            "occupied_heating_setpoint": setpoint,
            "local_temperature": local_temperature,
        }
        super().__init__(label, THERMOSTAT, fields, initial)
        self._follow()

    def apply(self, accepted: Mapping[str, Any]) -> None:
        super().apply(accepted)
        self._follow()

    def drift(self, random: Random) -> None:
        towards = {"heat": HEATING_STEP_F, "cool": -HEATING_STEP_F}.get(self.state["running_state"], 0.0)
        self.state["local_temperature"] = round(self.state["local_temperature"] + towards, 1)
        self._follow()

    def _follow(self) -> None:
        mode = self.state["system_mode"]
        missing = self.state["occupied_heating_setpoint"] - self.state["local_temperature"]
        running = "off" if mode == "off" else "idle"
        if missing > 0 and mode in ("heat", "heat_cool"):
            running = "heat"
        elif missing < 0 and mode in ("cool", "heat_cool"):
            running = "cool"
        self.state["running_state"] = running

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "action_topic": topics.state,
            "action_template": ACTION_TEMPLATE,
            "current_temperature_topic": topics.state,
            "current_temperature_template": "{{ value_json.local_temperature }}",
            "temperature_state_topic": topics.state,
            "temperature_state_template": "{{ value_json.occupied_heating_setpoint }}",
            "temperature_command_topic": f"{topics.set}/occupied_heating_setpoint",
            "mode_state_topic": topics.state,
            "mode_state_template": "{{ value_json.system_mode }}",
            "mode_command_topic": f"{topics.set}/system_mode",
            "modes": list(MODES),
            "min_temp": SETPOINT_MIN_F,
            "max_temp": SETPOINT_MAX_F,
            "temp_step": 1,
            # Without it the room's 67.2 °F would be shown as 67.
            "precision": 0.1,
            "temperature_unit": "F",
        }
