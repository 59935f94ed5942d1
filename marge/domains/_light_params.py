"""From what a caller asked of a light to what this light can do: steps, names, profiles, colour modes.

Here: pure functions over a `LightView` and the service's data. Not here: the entity, its attributes, the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol

import structlog

from marge.domains import _color as color
from marge.domains._color_names import named_color

log = structlog.get_logger("marge.domains.light")

EFFECT, FLASH, TRANSITION = 4, 8, 32

WHITE_RGB = (255, 255, 255)
COLOR_MODES_WITH_COLOR = frozenset(("hs", "xy", "rgb", "rgbw", "rgbww"))
COLOR_MODES_WITH_BRIGHTNESS = COLOR_MODES_WITH_COLOR | {"brightness", "color_temp", "white"}

# The four moods that HA's lights know by name: x, y, brightness.
PROFILES: dict[str, tuple[float, float, int]] = {
    "relax": (0.5119, 0.4147, 144),
    "energize": (0.368, 0.3686, 203),
    "concentrate": (0.5119, 0.4147, 219),
    "reading": (0.4448, 0.4066, 240),
}

_COLOR_KEYS = {
    "hs_color": "hs",
    "xy_color": "xy",
    "rgb_color": "rgb",
    "rgbw_color": "rgbw",
    "rgbww_color": "rgbww",
}
_NEEDED_FEATURES = {"effect": EFFECT, "flash": FLASH, "transition": TRANSITION}
# One of these, for each.
_NEEDED_MODES = {
    "brightness": COLOR_MODES_WITH_BRIGHTNESS,
    "color_temp_kelvin": frozenset(("color_temp",)),
    "white": frozenset(("white",)),
    **{key: frozenset((mode,)) for key, mode in _COLOR_KEYS.items()},
}


# What needs no translation: a call with nothing else is only looked through for what the light has not.
_AS_ASKED = frozenset(("brightness", "effect", "flash", "transition"))


class LightView(Protocol):
    """What these functions read of a light."""

    entity_id: str
    supported_features: int
    is_on: bool | None
    brightness: int | None
    min_color_temp_kelvin: int
    max_color_temp_kelvin: int

    @property
    def supported_color_modes(self) -> Collection[str]: ...


def turn_on_params(light: LightView, asked: dict[str, Any]) -> dict[str, Any]:
    """What to hand to the light's `turn_on`, holding only what it supports; values in its own colour space.

    A brightness (or white) of 0 in the result means: turn it off instead.
    """
    modes = light.supported_color_modes
    if asked.keys() <= _AS_ASKED:
        return _only_supported(light, modes, asked)
    params = dict(asked)
    _apply_profile(params)
    _apply_brightness(light, params)
    _apply_names_and_units(light, params)
    _emulate_color_temp(light, modes, params)
    for key, mode in _COLOR_KEYS.items():
        if key in params and mode not in modes:
            _convert_color(light, modes, params, key)
            break
    if params.get("white") is True:
        params["white"] = light.brightness if light.brightness is not None else 255
    if "white" in params and "brightness" in params:
        params["white"] = params.pop("brightness")
    return _only_supported(light, modes, params)


def turn_off_params(light: LightView, asked: dict[str, Any]) -> dict[str, Any]:
    """Of what a caller asked, what the light's `turn_off` can use."""
    features = light.supported_features
    kept = {}
    if features & TRANSITION and "transition" in asked:
        kept["transition"] = asked["transition"]
    if features & FLASH and "flash" in asked:
        kept["flash"] = asked["flash"]
    return kept


def _apply_profile(params: dict[str, Any]) -> None:
    name = params.pop("profile", None)
    profile = PROFILES.get(name) if name is not None else None
    if profile is None:
        return
    if not any(key in params for key in (*_COLOR_KEYS, "color_name", "color_temp", "color_temp_kelvin", "white")):
        params["xy_color"] = profile[:2]
    if not any(key.startswith("brightness") for key in params):
        params["brightness"] = profile[2]


def _apply_brightness(light: LightView, params: dict[str, Any]) -> None:
    step, step_pct = params.pop("brightness_step", None), params.pop("brightness_step_pct", None)
    if "brightness_pct" in params:
        params["brightness"] = round(255 * params.pop("brightness_pct") / 100)
    if step is None and step_pct is None:
        return
    current = light.brightness if light.is_on and light.brightness is not None else 0
    if step is not None:
        current += step
    else:
        current = round((round(current / 255 * 100) + step_pct) / 100 * 255)
    params["brightness"] = min(max(current, 0), 255)


def _apply_names_and_units(light: LightView, params: dict[str, Any]) -> None:
    name = params.pop("color_name", None)
    if name is not None:
        rgb = named_color(name)
        if rgb is None:
            log.warning("no such colour name, white is used", entity_id=light.entity_id, color_name=name)
        params["rgb_color"] = rgb or WHITE_RGB
    if "color_temp" in params:
        params["color_temp_kelvin"] = color.mired_to_kelvin(params.pop("color_temp"))
    if "kelvin" in params:
        params["color_temp_kelvin"] = params.pop("kelvin")


def _emulate_color_temp(light: LightView, modes: Collection[str], params: dict[str, Any]) -> None:
    if "color_temp_kelvin" not in params or "color_temp" in modes:
        return
    kelvin = max(params.pop("color_temp_kelvin"), 1)
    if "rgbww" in modes:
        brightness = params.get("brightness", light.brightness)
        params["rgbww_color"] = color.kelvin_to_rgbww(
            kelvin, 255 if brightness is None else brightness, light.min_color_temp_kelvin, light.max_color_temp_kelvin
        )
    elif COLOR_MODES_WITH_COLOR.intersection(modes):
        params["hs_color"] = color.kelvin_to_hs(kelvin)


def _convert_color(light: LightView, modes: Collection[str], params: dict[str, Any], key: str) -> None:
    """Replace `params[key]` by the same colour in a space the light has; drop it when it has none."""
    value = params.pop(key)
    limits = light.min_color_temp_kelvin, light.max_color_temp_kelvin
    if key == "hs_color":
        rgb, hs, xy = color.hs_to_rgb(*value), value, color.hs_to_xy(*value)
    elif key == "xy_color":
        rgb, hs, xy = color.xy_to_rgb(*value), color.xy_to_hs(*value), value
    else:
        if key == "rgbw_color":
            value = color.rgbw_to_rgb(*value)
        elif key == "rgbww_color":
            red, green, blue, cold, warm = value
            value = color.rgbww_to_rgb(red, green, blue, cold, warm, *limits)
        rgb, hs, xy = value, color.rgb_to_hs(*value), color.rgb_to_xy(*value)

    makers: dict[str, tuple[str, Callable[[], Any]]] = {
        "rgb": ("rgb_color", lambda: rgb),
        "rgbw": ("rgbw_color", lambda: color.rgb_to_rgbw(*rgb)),
        "rgbww": ("rgbww_color", lambda: color.rgb_to_rgbww(*rgb, *limits)),
        "hs": ("hs_color", lambda: hs),
        "xy": ("xy_color", lambda: xy),
        "color_temp": ("color_temp_kelvin", lambda: min(max(color.xy_to_kelvin(*xy), limits[0]), limits[1])),
    }
    # From xy the lossless hop is hs, from the rgb family it is rgb.
    order = ("hs", "rgb", "rgbw", "rgbww", "xy", "color_temp") if key == "xy_color" else tuple(makers)
    for mode in order:
        if mode in modes:
            target, make = makers[mode]
            params[target] = make()
            return


def _only_supported(light: LightView, modes: Collection[str], params: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in params.items():
        feature, needed = _NEEDED_FEATURES.get(key), _NEEDED_MODES.get(key)
        if feature is not None and not light.supported_features & feature:
            continue
        if needed is None or not needed.isdisjoint(modes):
            kept[key] = value
    return kept
