"""MQTT lights, schema `default` (also called `basic`): a topic for each property."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadMapping
from typing import Any, NamedTuple

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._light_common import (
    COLOR_MODES,
    TEMPERATURE_KEYS,
    LightMappingBase,
    MqttLightBase,
    from_device,
    scale,
    to_device,
)
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler
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
from marge.domains._color import kelvin_to_mired, mired_to_kelvin
from marge.domains._light_params import EFFECT


class Color(NamedTuple):
    """One way to say a colour: its channels, and the names that a command template knows them by."""

    mode: str
    channels: tuple[str, ...]
    convert: type[int] | type[float]


COLORS = (
    Color("hs", ("hue", "sat"), float),
    Color("rgb", ("red", "green", "blue"), int),
    Color("rgbw", ("red", "green", "blue", "white"), int),
    Color("rgbww", ("red", "green", "blue", "cold_white", "warm_white"), int),
    Color("xy", ("x", "y"), float),
)
_PARTS = ("brightness", "color_temp", "effect", "hs", "rgb", "rgbw", "rgbww", "xy")

SCHEMA = entity_schema(
    {
        vol.Optional("schema"): one_of("basic", "default"),
        vol.Required("command_topic"): publish_topic,
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("state_value_template"): template,
        vol.Optional("value_template"): template,
        **optional_keys(publish_topic, "white_command_topic", *(f"{part}_command_topic" for part in _PARTS)),
        **optional_keys(subscribe_topic, "color_mode_state_topic", *(f"{part}_state_topic" for part in _PARTS)),
        **optional_keys(
            template,
            "color_mode_value_template",
            *(f"{part}_value_template" for part in _PARTS),
            *(f"{part}_command_template" for part in _PARTS),
        ),
        vol.Optional("brightness_scale", default=255): scale,
        vol.Optional("white_scale", default=255): scale,
        vol.Optional("effect_list"): text_list,
        vol.Optional("on_command_type", default="last"): one_of("last", "first", "brightness"),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
        **TEMPERATURE_KEYS,
    }
)


class MqttLight(MqttLightBase):
    """Publishes each property to its topic. A property without a state topic is assumed."""

    @classmethod
    def modes(cls, config: ReadMapping[str, Any]) -> frozenset[str]:
        colors = ("color_temp", "hs", "rgb", "rgbw", "rgbww", "xy")
        modes = {mode for mode in colors if f"{mode}_command_topic" in config}
        if modes - {"color_temp"} and "white_command_topic" in config:
            modes.add("white")
        if not modes:
            modes.add("brightness" if "brightness_command_topic" in config else "onoff")
        return frozenset(modes)

    @classmethod
    def features(cls, config: ReadMapping[str, Any]) -> int:
        return EFFECT if "effect_command_topic" in config else 0

    def assumes_part(self, part: str) -> bool:
        return self.assumes if part == "state" else super().assumes_part(part)

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> None:
        config = self.config
        when = config["on_command_type"]
        if when == "first":
            self.command("command_topic", config["payload_on"], None)
        elif when == "brightness" and "brightness" not in params and "brightness_command_topic" in config:
            params["brightness"] = self.brightness or 255
        self._send_colors(params)
        self._send_brightness(params)
        if "color_temp_kelvin" in params:
            kelvin = params["color_temp_kelvin"]
            value = kelvin if config["color_temp_kelvin"] else kelvin_to_mired(kelvin)
            self.command("color_temp_command_topic", value, "color_temp_command_template")
            self._assume("color_temp", params, "color_temp_kelvin")
        if params.get("effect") in (config.get("effect_list") or ()):
            self.command("effect_command_topic", params["effect"], "effect_command_template")
            self._assume("effect", params, "effect")
        if "white" in params:
            self.command("white_command_topic", to_device(params["white"], config["white_scale"]), None)
            if self.assumes_part("white"):
                self.color_mode, self.brightness = "white", params["white"]
        if when == "last":
            self.command("command_topic", config["payload_on"], None)
        if self.assumes_part("state"):
            self.is_on = True

    def turn_off(self, **params: Any) -> None:
        self.command("command_topic", self.config["payload_off"], None)
        if self.assumes_part("state"):
            self.is_on = False

    def _send_colors(self, params: dict[str, Any]) -> None:
        for color in COLORS:
            key = f"{color.mode}_color"
            if key in params and f"{color.mode}_command_topic" in self.config:
                self._send_color(color, params[key], params)
                self._assume(color.mode, params, key)

    def _send_color(self, color: Color, value: Iterable[float], params: ReadMapping[str, Any]) -> None:
        values = self._scaled(value, params) if color.convert is int else list(value)
        address = self.config[f"{color.mode}_command_topic"]
        source = self.config.get(f"{color.mode}_command_template")
        if source is None:
            payload = ",".join(str(channel) for channel in values)
        else:
            payload = self.render(source, **dict(zip(color.channels, values, strict=True)))
        self.publish(address, payload)

    def _scaled(self, color: Iterable[float], params: ReadMapping[str, Any]) -> list[int]:
        """Channels of a light whose brightness is in its colour."""
        if "brightness_command_topic" in self.config:
            brightness = 255
        else:
            brightness = params.get("brightness", self.brightness or 255)
        return [int(channel * brightness / 255) for channel in color]

    def _send_brightness(self, params: dict[str, Any]) -> None:
        if "brightness" not in params:
            return
        if "brightness_command_topic" in self.config:
            value = to_device(params["brightness"], self.config["brightness_scale"])
            self.command("brightness_command_topic", value, "brightness_command_template")
            self._assume("brightness", params, "brightness")
            return
        for color in COLORS:
            key = f"{color.mode}_color"
            if color.convert is int and key not in params and f"{color.mode}_command_topic" in self.config:
                # Its brightness can only be said through its colour.
                self._send_color(color, getattr(self, key) or (255,) * len(color.channels), params)
                self._assume("brightness", params, "brightness")
                return

    def _assume(self, part: str, params: ReadMapping[str, Any], field: str) -> None:
        if not self.assumes_part(part):
            return
        setattr(self, field, params[field])
        if part in self.supported_color_modes and part != "brightness":
            self.color_mode = part


class LightMapping(LightMappingBase):
    """Reads a topic for each property."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        config = self.config
        handlers: dict[str, Handler] = {
            "state": self.on_state,
            "brightness": self.on_brightness,
            "color_mode": self.on_color_mode,
            "color_temp": self.on_color_temp,
            "effect": self.on_effect,
            **{color.mode: self._color_handler(color) for color in COLORS},
        }
        for part, handler in handlers.items():
            topic = config.get("state_topic" if part == "state" else f"{part}_state_topic")
            if topic is not None:
                yield topic, handler

    def _payload(self, part: str, message: Incoming) -> str:
        source = self.config.get(f"{part}_value_template")
        if source is None and part == "state":
            source = self.config.get("value_template")
        return self.render(source, message)

    def on_state(self, message: Incoming) -> None:
        payload = self._payload("state", message)
        known, is_on = is_on_by_payload(
            payload, self.config["payload_on"], self.config["payload_off"], native=self.port.is_native
        )
        if known:
            extras = self._native_extras(message) if self.port.is_native else {}
            self.report(is_on=is_on, **extras)

    def _native_extras(self, message: Incoming) -> dict[str, Any]:
        """Properties beside `state` in a JSON object, which native clients send to plain lights."""
        parsed = message.json
        if not isinstance(parsed, dict) or "state" not in parsed:
            return {}
        extras: dict[str, Any] = {}
        if isinstance(brightness := parsed.get("brightness"), (int, float)):
            extras["brightness"] = from_device(brightness, self.config["brightness_scale"])
        if isinstance(effect := parsed.get("effect"), str):
            extras["effect"] = effect
        return extras

    def on_brightness(self, message: Incoming) -> None:
        payload = self._payload("brightness", message)
        if payload in ("", PAYLOAD_NONE):
            return
        value = float(payload)
        if value > 0:
            self.report(brightness=from_device(value, self.config["brightness_scale"]))

    def on_color_mode(self, message: Incoming) -> None:
        payload = self._payload("color_mode", message)
        if payload in ("", PAYLOAD_NONE):
            return
        if payload not in COLOR_MODES:
            raise ValueError(f"{payload[:50]!r} is not a valid color mode")
        self.report(color_mode=payload)

    def on_color_temp(self, message: Incoming) -> None:
        payload = self._payload("color_temp", message)
        if payload in ("", PAYLOAD_NONE):
            return
        value = int(payload)
        kelvin = value if self.config["color_temp_kelvin"] else mired_to_kelvin(value)
        self.report(color_temp_kelvin=kelvin, **self._mode("color_temp"))

    def on_effect(self, message: Incoming) -> None:
        payload = self._payload("effect", message)
        if payload:
            self.report(effect=payload)

    def _color_handler(self, color: Color) -> Callable[[Incoming], None]:
        def read(message: Incoming) -> None:
            payload = self._payload(color.mode, message)
            if payload in ("", PAYLOAD_NONE):
                return
            values: list[Any] = [color.convert(part) for part in payload.split(",")]
            if len(values) != len(color.channels):
                raise ValueError(f"{len(values)} channels; {color.mode} has {len(color.channels)}")
            fields = self._mode(color.mode)
            if color.convert is int and "brightness_state_topic" not in self.config:
                brightest = max(values)
                if brightest > 0:
                    fields["brightness"] = min(brightest, 255)
                    values = [round(channel / brightest * 255) for channel in values]
            self.report(**{f"{color.mode}_color": tuple(values)}, **fields)

        return read

    def _mode(self, mode: str) -> dict[str, Any]:
        """The colour mode that follows from a property, unless the device names it on a topic of its own."""
        return {} if "color_mode_state_topic" in self.config else {"color_mode": mode}


COMPONENT = Component("light", SCHEMA, MqttLight, LightMapping, "MQTT LightEntity")
