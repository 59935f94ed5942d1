"""MQTT lawn mowers: a topic for each command."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    optional_keys,
    publish_topic,
    subscribe_topic,
    template,
)
from marge.domains import lawn_mower as domain
from marge.domains.lawn_mower import LawnMowerEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

ACTIVITIES = ("error", "paused", "mowing", "docked", "returning")
COMMANDS = (("start_mowing", domain.START_MOWING), ("pause", domain.PAUSE), ("dock", domain.DOCK))

SCHEMA = entity_schema(
    {
        vol.Optional("activity_state_topic"): subscribe_topic,
        vol.Optional("activity_value_template"): template,
        **optional_keys(publish_topic, *(f"{name}_command_topic" for name, _bit in COMMANDS)),
        **optional_keys(template, *(f"{name}_command_template" for name, _bit in COMMANDS)),
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
    }
)


class MqttLawnMower(MqttEntity, LawnMowerEntity):
    """Publishes the name of a command to its topic."""

    reads = ("activity_state_topic",)

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        features = sum(bit for name, bit in COMMANDS if f"{name}_command_topic" in config)
        return {**super().fields(config, home), "supported_features": features}

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return bool(config["optimistic"]) or "activity_state_topic" not in config

    def start_mowing(self) -> None:
        self._send("start_mowing", "mowing")

    def pause(self) -> None:
        self._send("pause", "paused")

    def dock(self) -> None:
        self._send("dock", "docked")

    def _send(self, command: str, activity: str) -> None:
        self.command(f"{command}_command_topic", command, f"{command}_command_template")
        if self.assumes:
            self.activity = activity

    def restore(self, state: State) -> None:
        if state.state in ACTIVITIES:
            self.activity = state.state

    def assume_initial(self) -> None:
        """A mower may be anywhere."""


class LawnMowerMapping(Mapping):
    """Reads `activity_state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "activity_state_topic" in self.config:
            yield self.config["activity_state_topic"], self.on_activity

    def on_activity(self, message: Incoming) -> None:
        payload = self.render(self.config.get("activity_value_template"), message)
        if not payload:
            return
        if payload.lower() == PAYLOAD_NONE.lower():
            self.report(activity=None)
        elif payload in ACTIVITIES:
            self.report(activity=payload)
        else:
            raise ValueError(f"{payload[:50]!r} is no activity; valid are {', '.join(ACTIVITIES)}")


COMPONENT = Component("lawn_mower", SCHEMA, MqttLawnMower, LawnMowerMapping, "MQTT lawn mower")
