"""MQTT notifiers: a message to send, nothing to read."""

from __future__ import annotations

from collections.abc import Mapping as ReadMapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.mapping import Mapping
from marge.bridges.mqtt.schema import boolean, entity_schema, publish_topic, template
from marge.domains.notify import NotifyEntity
from marge.model import State
from marge.util.dt import parse_iso

SCHEMA = entity_schema(
    {
        vol.Required("command_topic"): publish_topic,
        vol.Optional("command_template"): template,
        vol.Optional("retain", default=False): boolean,
    }
)


class MqttNotify(MqttEntity, NotifyEntity):
    """Publishes the message; the device has no place for a title."""

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return False

    def on_add(self) -> None:
        super().on_add()
        before = self.outlet.home.restored.get(self.entity_id)
        if self.notified_at is None and before is not None:
            self.restore(before)

    def restore(self, state: State) -> None:
        moment = parse_iso(state.state)
        if moment is not None:
            self.notified_at = moment.timestamp()

    def send_message(self, message: str, title: str | None = None) -> None:
        self.command("command_topic", message)


COMPONENT = Component("notify", SCHEMA, MqttNotify, Mapping, "MQTT notify")
