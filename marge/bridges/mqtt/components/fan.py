"""MQTT fans: speed, presets, oscillation and direction, a topic each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import (
    entity_schema,
    optional_keys,
    positive_int,
    publish_topic,
    string,
    subscribe_topic,
    template,
    text_list,
    with_command_topic,
)
from marge.domains import fan as domain
from marge.domains.fan import FanEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

_PARTS = ("percentage", "preset_mode", "oscillation", "direction")
_FEATURES = {
    "percentage": domain.SET_SPEED,
    "oscillation": domain.OSCILLATE,
    "direction": domain.DIRECTION,
    "preset_mode": domain.PRESET_MODE,
}


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if ("preset_modes" in config) != ("preset_mode_command_topic" in config):
        raise vol.Invalid("preset_modes and preset_mode_command_topic must be set together")
    if config["speed_range_min"] < 1:
        raise vol.Invalid("speed_range_min must be > 0")
    if config["speed_range_min"] >= config["speed_range_max"]:
        raise vol.Invalid("speed_range_max must be > speed_range_min")
    if config["payload_reset_preset_mode"] in config.get("preset_modes", []):
        raise vol.Invalid("preset_modes must not contain payload_reset_preset_mode")
    return config


SCHEMA = entity_schema(
    {
        **with_command_topic(),
        vol.Optional("state_value_template"): template,
        **optional_keys(publish_topic, *(f"{part}_command_topic" for part in _PARTS)),
        **optional_keys(subscribe_topic, *(f"{part}_state_topic" for part in _PARTS)),
        **optional_keys(
            template,
            *(f"{part}_command_template" for part in _PARTS),
            *(f"{part}_value_template" for part in _PARTS),
        ),
        vol.Optional("preset_modes"): text_list,
        vol.Optional("speed_range_min", default=1): positive_int,
        vol.Optional("speed_range_max", default=100): positive_int,
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("payload_oscillation_on", default="oscillate_on"): string,
        vol.Optional("payload_oscillation_off", default="oscillate_off"): string,
        vol.Optional("payload_reset_percentage", default="None"): string,
        vol.Optional("payload_reset_preset_mode", default="None"): string,
    },
    _check_whole,
)


class MqttFan(MqttEntity, FanEntity):
    """Publishes each property to its topic. A property without a state topic is assumed."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        features = domain.TURN_ON | domain.TURN_OFF
        for part, bit in _FEATURES.items():
            if f"{part}_command_topic" in config:
                features |= bit
        return {
            **super().fields(config, home),
            "preset_modes": config.get("preset_modes"),
            "speed_count": config["speed_range_max"] - config["speed_range_min"] + 1,
            "supported_features": features,
        }

    def on_add(self) -> None:
        super().on_add()
        if self.oscillating is None and "oscillation_state_topic" in self.config:
            self.oscillating = False

    def restore(self, state: State) -> None:
        self.is_on = state.state == "on"

    def assume_initial(self) -> None:
        if self.outlet.is_native:
            self.is_on = False

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> None:
        self.command("command_topic", self.config["payload_on"])
        if percentage is not None:
            self.set_percentage(percentage)
        if preset_mode is not None:
            self.set_preset_mode(preset_mode)
        if self.assumes:
            self.is_on = True

    def turn_off(self, **_more: Any) -> None:
        self.command("command_topic", self.config["payload_off"])
        if self.assumes:
            self.is_on = False

    def handle_set_percentage(self, percentage: int) -> None:
        self.set_percentage(percentage)  # 0 is a speed that devices know, not another way to say off

    def set_percentage(self, percentage: int) -> None:
        speed = math.ceil(percentage * self.speed_count / 100)
        if speed:
            speed += self.config["speed_range_min"] - 1
        self.command("percentage_command_topic", speed, "percentage_command_template")
        if self.assumes_part("percentage"):
            self.percentage = percentage

    def set_preset_mode(self, preset_mode: str) -> None:
        self.command("preset_mode_command_topic", preset_mode, "preset_mode_command_template")
        if self.assumes_part("preset_mode"):
            self.preset_mode = preset_mode

    def set_direction(self, direction: str) -> None:
        self.command("direction_command_topic", direction, "direction_command_template")
        if self.assumes_part("direction"):
            self.current_direction = direction

    def oscillate(self, oscillating: bool) -> None:
        payload = self.config["payload_oscillation_on" if oscillating else "payload_oscillation_off"]
        self.command("oscillation_command_topic", payload, "oscillation_command_template")
        if self.assumes_part("oscillation"):
            self.oscillating = oscillating


class FanMapping(Mapping):
    """Reads a topic for each property."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        for key, handler in (
            ("state_topic", self.on_state),
            ("percentage_state_topic", self.on_percentage),
            ("preset_mode_state_topic", self.on_preset_mode),
            ("oscillation_state_topic", self.on_oscillation),
            ("direction_state_topic", self.on_direction),
        ):
            if key in self.config:
                yield self.config[key], handler

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("state_value_template", config.get("value_template")), message)
        known, is_on = is_on_by_payload(
            payload, config["payload_on"], config["payload_off"], native=self.port.is_native
        )
        if known:
            self.report(is_on=is_on)

    def on_percentage(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("percentage_value_template"), message)
        if not payload:
            return
        if payload == config["payload_reset_percentage"]:
            self.report(percentage=None)
            return
        speed, low, high = int(payload), config["speed_range_min"], config["speed_range_max"]
        if speed and not low <= speed <= high:
            raise ValueError(f"{speed} is not a valid speed within the speed range")
        self.report(percentage=0 if speed == 0 else int((speed - low + 1) * 100 / (high - low + 1)))

    def on_preset_mode(self, message: Incoming) -> None:
        payload = self.render(self.config.get("preset_mode_value_template"), message)
        if not payload:
            return
        if payload == self.config["payload_reset_preset_mode"]:
            self.report(preset_mode=None)
        elif payload in self.config.get("preset_modes", []):
            self.report(preset_mode=payload)
        else:
            raise ValueError(f"{payload[:50]!r} is not a valid preset mode")

    def on_oscillation(self, message: Incoming) -> None:
        payload = self.render(self.config.get("oscillation_value_template"), message)
        if payload == self.config["payload_oscillation_on"]:
            self.report(oscillating=True)
        elif payload == self.config["payload_oscillation_off"]:
            self.report(oscillating=False)

    def on_direction(self, message: Incoming) -> None:
        payload = self.render(self.config.get("direction_value_template"), message)
        if payload:
            self.report(current_direction=payload)


COMPONENT = Component("fan", SCHEMA, MqttFan, FanMapping, "MQTT Fan")
