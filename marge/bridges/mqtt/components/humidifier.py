"""MQTT humidifiers and dehumidifiers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    optional_keys,
    publish_topic,
    string,
    subscribe_topic,
    template,
    text_list,
)
from marge.domains.humidifier import MODES, HumidifierEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

ACTIONS = frozenset(("drying", "humidifying", "idle", "off"))


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if ("modes" in config) != ("mode_command_topic" in config):
        raise vol.Invalid("some but not all values in the same group of inclusion 'available_modes'")
    if config["payload_reset_mode"] in config.get("modes", []):
        raise vol.Invalid("modes must not contain payload_reset_mode")
    if config["min_humidity"] >= config["max_humidity"]:
        raise vol.Invalid("target_humidity_max must be > target_humidity_min")
    if config["max_humidity"] > 100:
        raise vol.Invalid("max_humidity must be <= 100")
    return config


SCHEMA = entity_schema(
    {
        vol.Required("command_topic"): publish_topic,
        vol.Required("target_humidity_command_topic"): publish_topic,
        vol.Optional("mode_command_topic"): publish_topic,
        **optional_keys(
            subscribe_topic, "state_topic", "target_humidity_state_topic", "mode_state_topic",
            "current_humidity_topic", "action_topic",
        ),
        **optional_keys(
            template, "command_template", "state_value_template", "target_humidity_command_template",
            "target_humidity_state_template", "mode_command_template", "mode_state_template",
            "current_humidity_template", "action_template",
        ),
        vol.Optional("modes"): text_list,
        vol.Optional("min_humidity", default=0.0): vol.All(vol.Coerce(float), vol.Range(min=0)),
        vol.Optional("max_humidity", default=100.0): vol.Coerce(float),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("payload_reset_humidity", default="None"): string,
        vol.Optional("payload_reset_mode", default="None"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("device_class", default="humidifier"): vol.Any(None, one_of("humidifier", "dehumidifier")),
    },
    _check_whole,
)  # fmt: skip


class MqttHumidifier(MqttEntity, HumidifierEntity):
    """Publishes switch, target and mode to a topic each. What has no state topic is assumed."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {
            **super().fields(config, home),
            "min_humidity": config["min_humidity"],
            "max_humidity": config["max_humidity"],
            "available_modes": config.get("modes"),
            "supported_features": MODES if config.get("modes") else 0,
        }

    def turn_on(self, **_more: Any) -> None:
        self._switch(True)

    def turn_off(self, **_more: Any) -> None:
        self._switch(False)

    def _switch(self, on: bool) -> None:
        self.command("command_topic", self.config["payload_on" if on else "payload_off"])
        if self.assumes:
            self.is_on = on

    def set_humidity(self, humidity: int) -> None:
        self.command("target_humidity_command_topic", humidity, "target_humidity_command_template")
        if self.assumes_part("target_humidity"):
            self.target_humidity = humidity

    def set_mode(self, mode: str) -> None:
        if mode not in (self.available_modes or []):
            log.warning("a mode that the device does not name", entity_id=self.entity_id, mode=mode)
            return
        self.command("mode_command_topic", mode, "mode_command_template")
        if self.assumes_part("mode"):
            self.mode = mode

    def restore(self, state: State) -> None:
        self.is_on = state.state == "on"

    def assume_initial(self) -> None:
        if self.outlet.is_native:
            self.is_on = False


class HumidifierMapping(Mapping):
    """Reads a topic for each value."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        for key, handler in (
            ("state_topic", self.on_state),
            ("target_humidity_state_topic", self.on_target),
            ("mode_state_topic", self.on_mode),
            ("current_humidity_topic", self.on_current),
            ("action_topic", self.on_action),
        ):
            if key in self.config:
                yield self.config[key], handler

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("state_value_template"), message)
        known, is_on = is_on_by_payload(
            payload, config["payload_on"], config["payload_off"], native=self.port.is_native
        )
        if known:
            self.report(is_on=is_on)

    def on_target(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("target_humidity_state_template"), message)
        if not payload:
            return
        if payload == config["payload_reset_humidity"]:
            self.report(target_humidity=None)
            return
        value = float(payload)
        if not config["min_humidity"] <= value <= config["max_humidity"]:
            raise ValueError(f"{payload[:50]!r} is not a valid target humidity")
        self.report(target_humidity=round(value))

    def on_mode(self, message: Incoming) -> None:
        payload = self.render(self.config.get("mode_state_template"), message)
        if payload == self.config["payload_reset_mode"]:
            self.report(mode=None)
        elif not payload:
            return
        elif payload in self.config.get("modes", []):
            self.report(mode=payload)
        else:
            raise ValueError(f"{payload[:50]!r} is not a valid mode")

    def on_current(self, message: Incoming) -> None:
        payload = self.render(self.config.get("current_humidity_template"), message)
        if not payload:
            return
        if payload == self.config["payload_reset_humidity"]:
            self.report(current_humidity=None)
            return
        value = round(float(payload))
        if not 0 <= value <= 100:
            raise ValueError(f"{payload[:50]!r} is not a valid humidity")
        self.report(current_humidity=value)

    def on_action(self, message: Incoming) -> None:
        payload = self.render(self.config.get("action_template"), message)
        if not payload or payload == PAYLOAD_NONE:
            return
        if payload in ACTIONS:
            self.report(action=payload)
        else:
            raise ValueError(f"{payload[:50]!r} is no action")


COMPONENT = Component("humidifier", SCHEMA, MqttHumidifier, HumidifierMapping, "MQTT Humidifier")
