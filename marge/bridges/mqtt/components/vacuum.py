"""MQTT vacuum robots: commands as words, states as JSON objects."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping, json_object
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    publish_topic,
    string,
    subscribe_topic,
    text_list,
)
from marge.domains import vacuum as domain
from marge.domains.vacuum import VacuumEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

STATUS = 128
"""A feature that old clients know; nothing follows from it."""
FEATURES: ReadMapping[str, int] = MappingProxyType({
    "start": domain.START, "pause": domain.PAUSE, "stop": domain.STOP, "return_home": domain.RETURN_HOME,
    "fan_speed": domain.FAN_SPEED, "battery": domain.BATTERY, "status": STATUS, "send_command": domain.SEND_COMMAND,
    "locate": domain.LOCATE, "clean_spot": domain.CLEAN_SPOT,
})  # fmt: skip
DEFAULT_FEATURES = ["start", "stop", "return_home", "battery", "clean_spot"]
ACTIVITIES = frozenset(("idle", "docked", "error", "paused", "returning", "cleaning"))
_COMMANDS = ("start", "pause", "stop", "return_to_base", "clean_spot", "locate")
MAX_SPEED_LENGTH = 100

SCHEMA = entity_schema(
    {
        vol.Optional("schema"): one_of("state"),
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("command_topic"): publish_topic,
        vol.Optional("set_fan_speed_topic"): publish_topic,
        vol.Optional("send_command_topic"): publish_topic,
        vol.Optional("fan_speed_list", default=list): text_list,
        vol.Optional("supported_features", default=DEFAULT_FEATURES): vol.All(text_list, [one_of(*FEATURES)]),
        **{vol.Optional(f"payload_{name}", default=name): string for name in _COMMANDS},
        vol.Optional("retain", default=False): boolean,
    }
)


class MqttVacuum(MqttEntity, VacuumEntity):
    """Publishes the payload of each command to one topic; nothing is assumed."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        features = domain.STATE
        for name in config["supported_features"]:
            features |= FEATURES[name]
        return {
            **super().fields(config, home),
            "fan_speed_list": config["fan_speed_list"],
            "supported_features": features,
        }

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def restore(self, state: State) -> None:
        if state.state in ACTIVITIES:
            self.activity = state.state

    def assume_initial(self) -> None:
        """A robot may be anywhere."""

    def start(self) -> None:
        self._send("start", "cleaning")

    def pause(self) -> None:
        self._send("pause", "paused")

    def stop(self) -> None:
        self._send("stop", "idle")

    def return_to_base(self) -> None:
        self._send("return_to_base", "returning")

    def clean_spot(self) -> None:
        self._send("clean_spot", "cleaning")

    def locate(self) -> None:
        self._send("locate", None)

    def _send(self, command: str, activity: str | None) -> None:
        self.command("command_topic", self.config[f"payload_{command}"], None)
        if self.assumes and activity is not None:
            self.activity = activity

    def set_fan_speed(self, fan_speed: str) -> None:
        if fan_speed not in self.fan_speed_list:
            return  # as in HA: devices do odd things with speeds that they do not know
        self.command("set_fan_speed_topic", fan_speed, None)
        if self.assumes:
            self.fan_speed = fan_speed

    def send_command(self, command: str, params: Any = None) -> None:
        if "send_command_topic" not in self.config:
            return
        payload = command
        if isinstance(params, dict):
            payload = orjson.dumps({"command": command, **params}).decode()
        self.publish(self.config["send_command_topic"], payload)


class VacuumMapping(Mapping):
    """Reads `state_topic`. What an object leaves out stays as it was said before."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._said: dict[str, Any] = {}

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        payload = self.render(None, message)
        if not payload:
            return
        said = json_object(payload)
        if said is None:
            raise ValueError(f"{payload[:50]!r} is no JSON object")
        values: dict[str, Any] = {}
        if "state" in said and (said["state"] is None or said["state"] in ACTIVITIES):
            values["activity"] = said["state"]
        battery = said.get("battery_level", self._said.get("battery_level", 0))
        speed = said.get("fan_speed", self._said.get("fan_speed", 0))
        if not isinstance(battery, (int, float)):
            raise ValueError(f"battery_level {str(battery)[:50]!r} is no number")
        if not isinstance(speed, (str, int, float)) or len(str(speed)) > MAX_SPEED_LENGTH:
            raise ValueError("fan_speed is no name")
        self._said = {"battery_level": battery, "fan_speed": speed}
        self.report(**values, battery_level=min(max(int(battery), 0), 100), fan_speed=speed)


COMPONENT = Component("vacuum", SCHEMA, MqttVacuum, VacuumMapping, "MQTT Vacuum")
