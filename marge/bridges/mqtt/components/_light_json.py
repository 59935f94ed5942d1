"""MQTT lights, schema `json`: one JSON object in, one out."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import Any

import orjson
import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._light_common import (
    COLOR_MODES,
    TEMPERATURE_KEYS,
    LightMappingBase,
    MqttLightBase,
    check_modes,
    from_device,
    has_brightness,
    scale,
    to_device,
)
from marge.bridges.mqtt.incoming import NOT_JSON, Incoming
from marge.bridges.mqtt.mapping import Handler
from marge.bridges.mqtt.schema import (
    boolean,
    ensure_list,
    entity_schema,
    one_of,
    positive_int,
    publish_topic,
    subscribe_topic,
    template,
    text_list,
)
from marge.domains._color import kelvin_to_mired, mired_to_kelvin
from marge.domains._light_params import EFFECT, FLASH, TRANSITION

log = structlog.get_logger("marge.bridges.mqtt")

CHANNELS = {
    "hs": ("h", "s"),
    "xy": ("x", "y"),
    "rgb": ("r", "g", "b"),
    "rgbw": ("r", "g", "b", "w"),
    "rgbww": ("r", "g", "b", "c", "w"),
}
"""The keys of a colour in JSON, in the order of our own colour values."""


def _check_modes(config: dict[str, Any]) -> dict[str, Any]:
    if "supported_color_modes" in config:
        check_modes(config["supported_color_modes"])
    return config


SCHEMA = entity_schema(
    {
        vol.Optional("schema"): "json",
        vol.Required("command_topic"): publish_topic,
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("brightness", default=False): boolean,
        vol.Optional("brightness_scale", default=255): scale,
        vol.Optional("white_scale", default=255): scale,
        vol.Optional("effect", default=False): boolean,
        vol.Optional("effect_list"): text_list,
        vol.Optional("flash_time_short", default=2): positive_int,
        vol.Optional("flash_time_long", default=10): positive_int,
        vol.Optional("supported_color_modes"): vol.All(ensure_list, [one_of(*COLOR_MODES)]),
        **TEMPERATURE_KEYS,
    },
    _check_modes,
)


class MqttLightJson(MqttLightBase):
    """Publishes JSON objects to `command_topic`."""

    @classmethod
    def modes(cls, config: ReadMapping[str, Any]) -> frozenset[str]:
        if "supported_color_modes" in config:
            return frozenset(config["supported_color_modes"])
        return frozenset(("brightness" if config["brightness"] else "onoff",))

    @classmethod
    def features(cls, config: ReadMapping[str, Any]) -> int:
        return FLASH | TRANSITION | (EFFECT if config["effect"] and "effect_list" in config else 0)

    def first_mode(self) -> str:
        if "supported_color_modes" not in self.config and self.config["brightness"]:
            return "unknown"  # as HA: brightness alone says nothing about the mode
        return super().first_mode()

    def turn_on(self, **params: Any) -> None:
        message: dict[str, Any] = {"state": "ON"}
        for mode, channels in CHANNELS.items():
            if (color := params.get(f"{mode}_color")) is not None:
                values = self._scaled(color, params) if mode.startswith("rgb") else color
                message["color"] = dict(zip(channels, values, strict=True))
        self._add_flash_and_transition(message, params)
        if "brightness" in params:
            message["brightness"] = to_device(params["brightness"], self.config["brightness_scale"])
        if "color_temp_kelvin" in params:
            kelvin = params["color_temp_kelvin"]
            message["color_temp"] = kelvin if self.config["color_temp_kelvin"] else kelvin_to_mired(kelvin)
        if "effect" in params:
            message["effect"] = params["effect"]
        if "white" in params:
            message["white"] = to_device(params["white"], self.config["white_scale"])
        self._send(message)
        if self.assumes:
            self.assume_on(params)

    def turn_off(self, **params: Any) -> None:
        message: dict[str, Any] = {"state": "OFF"}
        self._add_flash_and_transition(message, params)
        self._send(message)
        if self.assumes:
            self.is_on = False

    def _scaled(self, color: tuple[int, ...], params: ReadMapping[str, Any]) -> list[int]:
        brightness = 255 if self.config["brightness"] else params.get("brightness", 255)
        return [round(channel / 255 * brightness) for channel in color]

    def _add_flash_and_transition(self, message: dict[str, Any], params: ReadMapping[str, Any]) -> None:
        if "transition" in params:
            message["transition"] = params["transition"]
        if "flash" in params:
            message["flash"] = self.config[f"flash_time_{params['flash']}"]

    def _send(self, message: dict[str, Any]) -> None:
        self.command("command_topic", orjson.dumps(message).decode(), None)


class LightJsonMapping(LightMappingBase):
    """Reads `state_topic`. What a message does not name stays as it was."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        source = self.config.get("value_template")
        if source is None:
            parsed = message.json
        else:
            parsed = Incoming(message.topic, self.render(source, message).encode()).json
        if parsed is NOT_JSON:
            if not self.port.is_native:
                raise ValueError("the payload is not JSON")
            parsed = {"state": message.text}
        if not isinstance(parsed, dict):
            raise ValueError("the payload is not a JSON object")
        if "state" not in parsed:
            raise ValueError("the payload has no `state`")
        values: dict[str, Any] = {}
        state = parsed["state"]
        if isinstance(state, str) and self.port.is_native:
            state = state.upper()
        if state in ("ON", "OFF"):
            values["is_on"] = state == "ON"
        elif state is None:
            values["is_on"] = None
        if "color_mode" in parsed and "supported_color_modes" in self.config:
            self._read_color(parsed, values)
        if "brightness" in parsed and has_brightness(self.modes):
            self._read_brightness(parsed["brightness"], values)
        if "effect" in parsed and self.config["effect"]:
            values["effect"] = parsed["effect"]
        if values:
            self.report(**values)

    def _read_color(self, parsed: ReadMapping[str, Any], values: dict[str, Any]) -> None:
        mode = parsed["color_mode"]
        if mode not in self.modes:
            log.debug("a colour mode that the light has not", entity_id=self.entity_id, color_mode=str(mode)[:50])
            return
        try:
            if mode == "color_temp":
                value = float(parsed["color_temp"])
                kelvin = int(value) if self.config["color_temp_kelvin"] else mired_to_kelvin(value)
                values["color_temp_kelvin"] = kelvin
            elif mode in CHANNELS:
                color = [float(parsed["color"][channel]) for channel in CHANNELS[mode]]
                values[f"{mode}_color"] = tuple(round(c) for c in color) if mode.startswith("rgb") else tuple(color)
        except (KeyError, ValueError, TypeError, ZeroDivisionError, OverflowError):
            log.debug("a colour that cannot be read", entity_id=self.entity_id, color_mode=mode)
            return
        values["color_mode"] = mode

    def _read_brightness(self, value: Any, values: dict[str, Any]) -> None:
        if value is None:
            values["brightness"] = None
            return
        try:
            brightness = from_device(float(value), self.config["brightness_scale"])
        except (ValueError, TypeError, OverflowError):
            log.debug("a brightness that is no number", entity_id=self.entity_id)
            return
        if brightness > 0:  # 0 while on is a contradiction that some devices send
            values["brightness"] = brightness


COMPONENT = Component("light", SCHEMA, MqttLightJson, LightJsonMapping, "MQTT LightEntity")
