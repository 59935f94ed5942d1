"""Lamps, and dimmers with a plug."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.bridges.matter.entity import Call, Fields, Kind, MatterEntity
from marge.bridges.matter.node import COLOR, LEVEL, ON_OFF, Endpoint
from marge.domains.light import LightEntity

if TYPE_CHECKING:
    from marge.home import Home

TRANSITION = 32
_LEVEL, _HUE, _SATURATION, _X, _Y, _MIREDS, _MODE = 0, 0, 1, 3, 4, 7, 8
_CAPABILITIES, _MIN_MIREDS, _MAX_MIREDS = 16_394, 16_395, 16_396
_HS, _XY, _WHITES = 1, 8, 16
_TOP = 254
"""Of levels, hues and saturations."""
_MODES = {0: "hs", 1: "xy", 2: "color_temp"}
_ALSO_WHEN_OFF = {"optionsMask": 1, "optionsOverride": 1}
_MAX_KELVIN = 10_000


class MatterLight(MatterEntity, LightEntity):
    """Levels of 1 to 254 are brightnesses of 1 to 255."""

    def turn_on(self, **params: Any) -> Any:
        tenths = _tenths(params)
        calls = []
        colour = _colour(params, tenths)
        if colour is not None:
            calls.append(colour)
        brightness = params.get("brightness")
        if brightness is not None:
            level = max(round(brightness * _TOP / 255), 1)
            payload = {"level": level, "transitionTime": tenths, "optionsMask": 0, "optionsOverride": 0}
            expects = {} if tenths else {_LEVEL: level}
            calls.append(Call(LEVEL, "MoveToLevelWithOnOff", payload, expects=expects))
        else:
            calls.append(Call(ON_OFF, "On", expects={0: True}))
        return self.ask(*calls)

    def turn_off(self, **params: Any) -> Any:
        tenths = _tenths(params)
        if tenths:
            payload = {"level": 0, "transitionTime": tenths, "optionsMask": 0, "optionsOverride": 0}
            return self.ask(Call(LEVEL, "MoveToLevelWithOnOff", payload))
        return self.ask(Call(ON_OFF, "Off", expects={0: False}))


def _tenths(params: Mapping[str, Any]) -> int:
    """The transition in tenths of a second."""
    return min(max(round(params.get("transition", 0) * 10), 0), 65_534)


def _colour(params: Mapping[str, Any], tenths: int) -> Call | None:
    more = {"transitionTime": tenths, **_ALSO_WHEN_OFF}
    if "hs_color" in params:
        hue, saturation = params["hs_color"]
        wanted = {"hue": min(round(hue * _TOP / 360), _TOP), "saturation": round(saturation * _TOP / 100)}
        expects = {} if tenths else {_HUE: wanted["hue"], _SATURATION: wanted["saturation"]}
        return Call(COLOR, "MoveToHueAndSaturation", {**wanted, **more}, expects=expects)
    if "xy_color" in params:
        x, y = (min(round(part * 65_536), 65_279) for part in params["xy_color"])
        expects = {} if tenths else {_X: x, _Y: y}
        return Call(COLOR, "MoveToColor", {"colorX": x, "colorY": y, **more}, expects=expects)
    if "color_temp_kelvin" in params:
        mireds = round(1_000_000 / params["color_temp_kelvin"])
        expects = {} if tenths else {_MIREDS: mireds}
        return Call(COLOR, "MoveToColorTemperature", {"colorTemperatureMireds": mireds, **more}, expects=expects)
    return None


def _modes(endpoint: Endpoint) -> frozenset[str]:
    bits = endpoint.integer(COLOR, _CAPABILITIES)
    if bits is None:
        bits = endpoint.features(COLOR)
    modes = {name for bit, name in ((_HS, "hs"), (_XY, "xy"), (_WHITES, "color_temp")) if bits & bit}
    if modes:
        return frozenset(modes)
    return frozenset({"onoff" if endpoint.integer(LEVEL, _LEVEL) is None else "brightness"})


def _make(_home: Home, endpoint: Endpoint) -> MatterLight:
    light = MatterLight()
    light.supported_color_modes = _modes(endpoint)
    light.supported_features = 0 if light.supported_color_modes == {"onoff"} else TRANSITION
    coldest, warmest = endpoint.integer(COLOR, _MIN_MIREDS), endpoint.integer(COLOR, _MAX_MIREDS)
    if coldest and warmest and 0 < coldest <= warmest:
        light.max_color_temp_kelvin = min(1_000_000 // coldest, _MAX_KELVIN)
        light.min_color_temp_kelvin = min(-(-1_000_000 // warmest), light.max_color_temp_kelvin)
    return light


def _fields(endpoint: Endpoint) -> Fields:
    level, modes = endpoint.integer(LEVEL, _LEVEL), _modes(endpoint)
    shown: Fields = {"is_on": endpoint.flag(ON_OFF, 0), "brightness": None}
    if level is not None:
        shown["brightness"] = min(max(round(level * 255 / _TOP), 1), 255)
    mode = _MODES.get(endpoint.integer(COLOR, _MODE) or 0) if modes & {"hs", "xy", "color_temp"} else None
    shown["color_mode"] = mode if mode in modes else sorted(modes)[0]
    hue, saturation = endpoint.integer(COLOR, _HUE), endpoint.integer(COLOR, _SATURATION)
    if hue is not None and saturation is not None:
        shown["hs_color"] = (round(hue * 360 / _TOP, 3), round(saturation * 100 / _TOP, 3))
    x, y, mireds = endpoint.integer(COLOR, _X), endpoint.integer(COLOR, _Y), endpoint.integer(COLOR, _MIREDS)
    if x is not None and y is not None:
        shown["xy_color"] = (round(x / 65_536, 4), round(y / 65_536, 4))
    if mireds:
        shown["color_temp_kelvin"] = round(1_000_000 / mireds)
    return shown


KINDS = (Kind(frozenset({256, 257, 267, 268, 269, 272}), _make, _fields),)
"""On/off, dimmable, dimmable plug, colour temperature, extended colour, mounted dimmer."""
