"""MQTT selects: one of several options."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, text_list, with_command_topic
from marge.domains.select import SelectEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

SCHEMA = entity_schema({**with_command_topic(), vol.Required("options"): text_list})


class MqttSelect(MqttEntity, SelectEntity):
    """Publishes the option."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {**super().fields(config, home), "options": config["options"]}

    def select_option(self, option: str) -> None:
        self.command("command_topic", option)
        if self.assumes:
            self.current_option = option

    def restore(self, state: State) -> None:
        if state.state in self.options:
            self.current_option = state.state


class SelectMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        payload = self.render(self.config.get("value_template"), message)
        if not payload.strip():
            return
        if payload.lower() == PAYLOAD_NONE.lower():
            self.report(current_option=None)
        elif payload in self.config["options"]:
            self.report(current_option=payload)
        else:
            raise ValueError(f"{payload[:50]!r} is none of the options")


COMPONENT = Component("select", SCHEMA, MqttSelect, SelectMapping, "MQTT Select")
