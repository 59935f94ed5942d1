"""MQTT lights, schema `template`: templates take messages apart and put commands together."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._light_common import TEMPERATURE_KEYS, LightMappingBase, MqttLightBase
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    optional_keys,
    publish_topic,
    subscribe_topic,
    template,
    text_list,
)
from marge.domains import _color as color
from marge.domains._light_params import EFFECT, FLASH, TRANSITION

_RGB = ("red_template", "green_template", "blue_template")

SCHEMA = entity_schema(
    {
        vol.Required("schema"): "template",
        vol.Required("command_topic"): publish_topic,
        vol.Required("command_on_template"): template,
        vol.Required("command_off_template"): template,
        vol.Optional("state_topic"): subscribe_topic,
        **optional_keys(
            template, "state_template", "brightness_template", "color_temp_template", "effect_template", *_RGB
        ),
        vol.Optional("effect_list"): text_list,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
        **TEMPERATURE_KEYS,
    }
)


class MqttLightTemplate(MqttLightBase):
    """Publishes what `command_on_template` and `command_off_template` render."""

    @classmethod
    def modes(cls, config: ReadMapping[str, Any]) -> frozenset[str]:
        modes = set()
        if "color_temp_template" in config:
            modes.add("color_temp")
        if all(key in config for key in _RGB):
            modes.add("hs")
        if not modes:
            modes.add("brightness" if "brightness_template" in config else "onoff")
        return frozenset(modes)

    @classmethod
    def features(cls, config: ReadMapping[str, Any]) -> int:
        return FLASH | TRANSITION | (EFFECT if "effect_list" in config else 0)

    def turn_on(self, **params: Any) -> None:
        values: dict[str, Any] = {"state": True}
        for key in ("brightness", "effect", "flash", "transition"):
            if key in params:
                values[key] = params[key]
        if "color_temp_kelvin" in params:
            kelvin = params["color_temp_kelvin"]
            values["color_temp"] = kelvin if self.config["color_temp_kelvin"] else color.kelvin_to_mired(kelvin)
        if "hs_color" in params:
            hue, saturation = params["hs_color"]
            brightness = 255
            if "brightness_template" not in self.config:
                brightness = params.get("brightness", self.brightness if self.brightness is not None else 255)
            channels = [round(channel * brightness / 255) for channel in color.hs_to_rgb(hue, saturation)]
            values.update(zip(("red", "green", "blue"), channels, strict=True))
            values.update(hue=hue, sat=saturation)
        self._send("command_on_template", values)
        if self.assumes:
            self.assume_on(params)

    def turn_off(self, **params: Any) -> None:
        values: dict[str, Any] = {"state": False}
        if "transition" in params:
            values["transition"] = params["transition"]
        self._send("command_off_template", values)
        if self.assumes:
            self.is_on = False

    def _send(self, key: str, values: dict[str, Any]) -> None:
        payload = self.render(self.config[key], **values)
        self.publish(self.config["command_topic"], payload)


class LightTemplateMapping(LightMappingBase):
    """Reads `state_topic` through a template for each property."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        values: dict[str, Any] = {}
        state = self.render(config.get("state_template"), message)
        if state in ("on", "off"):
            values["is_on"] = state == "on"
        elif state == PAYLOAD_NONE:
            values["is_on"] = None
        if "brightness_template" in config:
            brightness = _whole_number(self.render(config["brightness_template"], message))
            if brightness is not None and brightness > 0:
                values["brightness"] = min(brightness, 255)
        if "color_temp_template" in config:
            self._read_color_temp(message, values)
        if all(key in config for key in _RGB):
            self._read_rgb(message, values)
        if "effect_template" in config:
            effect = self.render(config["effect_template"], message)
            if effect in config.get("effect_list", []):
                values["effect"] = effect
        if values:
            self.report(**values)

    def _read_color_temp(self, message: Incoming, values: dict[str, Any]) -> None:
        text = self.render(self.config["color_temp_template"], message)
        value = _whole_number(text)
        if value is not None and value > 0:
            values["color_temp_kelvin"] = value if self.config["color_temp_kelvin"] else color.mired_to_kelvin(value)
            values["color_mode"] = "color_temp"
        elif text == PAYLOAD_NONE:
            values["color_temp_kelvin"] = None

    def _read_rgb(self, message: Incoming, values: dict[str, Any]) -> None:
        texts = [self.render(self.config[key], message) for key in _RGB]
        channels = [_whole_number(text) for text in texts]
        if all(channel is not None for channel in channels):
            values["hs_color"] = color.rgb_to_hs(*(float(channel or 0) for channel in channels))
            values["color_mode"] = "hs"
        elif all(text == PAYLOAD_NONE for text in texts):
            values["hs_color"] = None


def _whole_number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


COMPONENT = Component("light", SCHEMA, MqttLightTemplate, LightTemplateMapping, "MQTT LightEntity")
