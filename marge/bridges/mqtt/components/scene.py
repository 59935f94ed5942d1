"""MQTT scenes: the device knows what they mean."""

from __future__ import annotations

from collections.abc import Mapping as ReadMapping
from typing import Any

import voluptuous as vol

from marge.automations.entities import DeviceSceneEntity
from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.mapping import Mapping
from marge.bridges.mqtt.schema import boolean, entity_schema, publish_topic, string
from marge.model import State
from marge.util.dt import parse_iso

SCHEMA = entity_schema(
    {
        vol.Required("command_topic"): publish_topic,
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("retain", default=False): boolean,
    }
)


class MqttScene(MqttEntity, DeviceSceneEntity):
    """Publishes `payload_on`."""

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def on_add(self) -> None:
        super().on_add()
        before = self.outlet.home.restored.get(self.entity_id)
        if self.activated is None and before is not None:
            self.restore(before)

    def restore(self, state: State) -> None:
        if parse_iso(state.state) is not None:
            self.activated = state.state

    def activate(self, transition: float | None = None) -> None:
        self.command("command_topic", self.config["payload_on"], None)


COMPONENT = Component("scene", SCHEMA, MqttScene, Mapping, "MQTT Scene")
