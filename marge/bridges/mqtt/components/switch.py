"""MQTT switches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, string, with_command_topic
from marge.domains.switch import SwitchEntity
from marge.model import State

SCHEMA = entity_schema(
    {
        **with_command_topic(),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("state_on"): string,
        vol.Optional("state_off"): string,
        vol.Optional("device_class"): vol.Any(None, one_of("outlet", "switch")),
    }
)


class MqttSwitch(MqttEntity, SwitchEntity):
    """Publishes `payload_on` and `payload_off`."""

    def turn_on(self, **params: Any) -> None:
        self._send(True)

    def turn_off(self, **params: Any) -> None:
        self._send(False)

    def _send(self, on: bool) -> None:
        self.command("command_topic", self.config["payload_on" if on else "payload_off"])
        if self.assumes:
            self.is_on = on

    def restore(self, state: State) -> None:
        self.is_on = state.state == "on"

    def assume_initial(self) -> None:
        self.is_on = False


class SwitchMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        on = config.get("state_on", config["payload_on"])
        off = config.get("state_off", config["payload_off"])
        known, is_on = is_on_by_payload(payload, on, off, native=self.port.is_native)
        if known:
            self.report(is_on=is_on)


COMPONENT = Component("switch", SCHEMA, MqttSwitch, SwitchMapping, "MQTT Switch")
