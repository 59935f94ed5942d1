"""MQTT texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import (
    entity_schema,
    one_of,
    positive_int,
    regular_expression,
    with_command_topic,
)
from marge.domains.text import MAX_STATE_LENGTH, TextEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home


def _check_range(config: dict[str, Any]) -> dict[str, Any]:
    if config["min"] > config["max"]:
        raise vol.Invalid("text length min must be <= max")
    if config["max"] > MAX_STATE_LENGTH:
        raise vol.Invalid(f"max text length must be <= {MAX_STATE_LENGTH}")
    return config


SCHEMA = entity_schema(
    {
        **with_command_topic(),
        vol.Optional("min", default=0): positive_int,
        vol.Optional("max", default=MAX_STATE_LENGTH): positive_int,
        vol.Optional("pattern"): regular_expression,
        vol.Optional("mode", default="text"): one_of("text", "password"),
    },
    _check_range,
)


class MqttText(MqttEntity, TextEntity):
    """Publishes the text."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {
            **super().fields(config, home),
            "minimum": config["min"],
            "maximum": config["max"],
            "pattern": config.get("pattern"),
            "mode": config["mode"],
        }

    def set_value(self, value: str) -> None:
        self.command("command_topic", value)
        if self.assumes:
            self.value = value

    def restore(self, state: State) -> None:
        self.value = state.state


class TextMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        if not config["min"] <= len(payload) <= config["max"]:
            raise ValueError(f"the text has {len(payload)} characters; {config['min']} to {config['max']} are allowed")
        if "pattern" in config and re.match(config["pattern"], payload) is None:
            raise ValueError(f"the text does not match {config['pattern']}")
        self.report(value=payload)


COMPONENT = Component("text", SCHEMA, MqttText, TextMapping, "MQTT Text")
