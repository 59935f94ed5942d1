"""Vacuum robots."""

from __future__ import annotations

import math
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import ensure_list, string
from marge.domains._virtual import keep, to, virtual
from marge.entities import Domain, Entity

PAUSE, STOP, RETURN_HOME, FAN_SPEED, BATTERY = 4, 8, 16, 32, 64
SEND_COMMAND, LOCATE, CLEAN_SPOT, STATE, START = 256, 512, 1024, 4096, 8192


class VacuumEntity(Entity):
    """One that somebody owns. Owners override `start()`, `pause()`, `stop()`, `return_to_base()`, `clean_spot()`,
    `locate()`, `set_fan_speed(fan_speed)`, `send_command(command, params=None)`.

    Attributes:
        activity: `cleaning`, `docked`, `paused`, `idle`, `returning` or `error`.
        supported_features: the constants of this module.
    """

    domain = "vacuum"
    activity: str | None = None
    battery_level: int | None = None
    fan_speed: str | None = None
    fan_speed_list: list[str] = []  # replaced, never changed
    supported_features: int = 0

    def start(self) -> Any:
        self.activity = "cleaning"

    def pause(self) -> Any:
        self.activity = "paused"

    def stop(self) -> Any:
        self.activity = "idle"

    def return_to_base(self) -> Any:
        self.activity = "returning"

    def clean_spot(self) -> Any:
        self.activity = "cleaning"

    def locate(self) -> Any:
        """Make a sound; the owner's part."""

    def set_fan_speed(self, fan_speed: str) -> Any:
        self.fan_speed = fan_speed

    def send_command(self, command: str, params: Any = None) -> Any:
        """Send it; the owner's part."""

    def state_value(self) -> str | None:
        return self.activity

    def capability_attributes(self) -> dict[str, Any]:
        return {"fan_speed_list": self.fan_speed_list} if self.supported_features & FAN_SPEED else {}

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if self.supported_features & BATTERY:
            shown["battery_level"] = self.battery_level
            shown["battery_icon"] = battery_icon(self.battery_level, self.activity == "docked")
        if self.supported_features & FAN_SPEED:
            shown["fan_speed"] = self.fan_speed
        return shown


def battery_icon(level: int | None, is_charging: bool) -> str:
    """The icon of the Material Design set that shows this charge: in steps of ten, while it charges of twenty."""
    if level is None:
        return "mdi:battery-unknown"
    if is_charging:
        twenties = min(math.ceil(level / 20 - 0.5), 5) * 20  # halves go down
        return "mdi:battery-outline" if level <= 10 else f"mdi:battery-charging-{twenties}"
    if level <= 5:
        return "mdi:battery-alert"
    return "mdi:battery" if level >= 95 else f"mdi:battery-{math.ceil(level / 10 - 0.5) * 10}"


_COMMAND = {vol.Required("command"): string, vol.Optional("params"): vol.Any(dict, vol.All(ensure_list, list))}

DOMAIN = Domain(
    "vacuum",
    services={
        "start": service("vacuum", "start", "start", "Starts cleaning, or goes on.", features=START),
        "pause": service("vacuum", "pause", "pause", "Pauses.", features=PAUSE),
        "return_to_base": service(
            "vacuum", "return_to_base", "return_to_base", "Drives to the dock.", features=RETURN_HOME
        ),
        "clean_spot": service("vacuum", "clean_spot", "clean_spot", "Cleans where it stands.", features=CLEAN_SPOT),
        "locate": service("vacuum", "locate", "locate", "Makes itself heard.", features=LOCATE),
        "stop": service("vacuum", "stop", "stop", "Stops.", features=STOP),
        "set_fan_speed": service(
            "vacuum", "set_fan_speed", "set_fan_speed", "Sets how hard it sucks.",
            {vol.Required("fan_speed"): string}, FAN_SPEED,
        ),
        "send_command": service(
            "vacuum", "send_command", "send_command", "Sends a command in the device's own words.", _COMMAND,
            SEND_COMMAND,
        ),
    },
    entity=VacuumEntity,
    virtual=virtual(
        {
            "start": to("cleaning"),
            "pause": to("paused"),
            "stop": to("idle"),
            "return_to_base": to("returning"),
            "clean_spot": to("cleaning"),
            "locate": keep("idle"),
            "set_fan_speed": keep("idle", "fan_speed"),
            "send_command": keep("idle"),
        }
    ),
)  # fmt: skip
