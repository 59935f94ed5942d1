"""MQTT buttons: something to send, nothing to read."""

from __future__ import annotations

from collections.abc import Mapping as ReadMapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.mapping import Mapping
from marge.bridges.mqtt.schema import boolean, entity_schema, one_of, publish_topic, string, template
from marge.domains.button import ButtonEntity
from marge.model import State
from marge.util.dt import parse_iso

SCHEMA = entity_schema(
    {
        vol.Required("command_topic"): publish_topic,
        vol.Optional("command_template"): template,
        vol.Optional("payload_press", default="PRESS"): string,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("device_class"): vol.Any(None, one_of("identify", "restart", "update")),
    }
)


class MqttButton(MqttEntity, ButtonEntity):
    """Publishes `payload_press`."""

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def on_add(self) -> None:
        super().on_add()
        before = self.outlet.home.restored.get(self.entity_id)
        if self.pressed_at is None and before is not None:
            self.restore(before)

    def restore(self, state: State) -> None:
        moment = parse_iso(state.state)
        if moment is not None:
            self.pressed_at = moment.timestamp()

    def press(self) -> None:
        self.command("command_topic", self.config["payload_press"])


COMPONENT = Component("button", SCHEMA, MqttButton, Mapping, "MQTT Button")
