"""Lights: brightness, colour modes, effects. Colour arithmetic is in `_color.py`, parameters in `_light_params.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import voluptuous as vol

from marge.domains import _color as color
from marge.domains import _light_params as params_of
from marge.domains._catalog import service
from marge.domains._light_params import COLOR_MODES_WITH_BRIGHTNESS, COLOR_MODES_WITH_COLOR, EFFECT
from marge.domains._validators import byte, integer, number, positive_int, small_float, string
from marge.domains._virtual import computed, flip, to, virtual
from marge.entities import Domain, Entity
from marge.model import State

DEFAULT_MIN_KELVIN = 2000
DEFAULT_MAX_KELVIN = 6535
_MAX_TRANSITION_S = 6553


class LightEntity(Entity):
    """A light that somebody owns. Owners override `turn_on` and `turn_off`, and set the fields.

    `turn_on(**params)` gets only what the light supports, in its own colour space: `brightness` 0-255 (never 0),
    `color_temp_kelvin`, `hs_color`, `xy_color`, `rgb_color`, `rgbw_color`, `rgbww_color`, `white` 0-255, `effect`,
    `flash`, `transition` s. `turn_off(**params)` gets `transition` and `flash` if supported.

    Attributes:
        is_on: None is unknown.
        brightness: 0-255.
        color_mode: which of the colour fields below holds; only that one is read.
        supported_color_modes: of `onoff brightness color_temp hs xy rgb rgbw rgbww white`.
        supported_features: 4 effect, 8 flash, 32 transition.
    """

    domain = "light"
    is_on: bool | None = None
    brightness: int | None = None
    color_mode: str | None = None
    color_temp_kelvin: int | None = None
    hs_color: tuple[float, float] | None = None
    xy_color: tuple[float, float] | None = None
    rgb_color: tuple[int, int, int] | None = None
    rgbw_color: tuple[int, int, int, int] | None = None
    rgbww_color: tuple[int, int, int, int, int] | None = None
    effect: str | None = None
    effect_list: list[str] | None = None
    supported_color_modes: Collection[str] = frozenset(("onoff",))
    min_color_temp_kelvin: int = DEFAULT_MIN_KELVIN
    max_color_temp_kelvin: int = DEFAULT_MAX_KELVIN
    supported_features: int = 0
    _shown_color: tuple[tuple[Any, ...], dict[str, Any]] | None = None
    _shown_modes: list[str] | None = None

    # -- for owners --------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> Any:
        """Do it; the owner's part. The base only assumes that it happened."""
        self.assume_on(params)

    def turn_off(self, **params: Any) -> Any:
        """Do it; the owner's part. The base only assumes that it happened."""
        self.is_on = False

    def assume_on(self, params: Mapping[str, Any]) -> None:
        """Show what `turn_on(**params)` asked for as if the device had confirmed it."""
        self.is_on = True
        if "brightness" in params:
            self.brightness = params["brightness"]
        if "white" in params:
            self.color_mode, self.brightness = "white", params["white"]
        for key, value in params.items():
            if key in _FIELDS_OF_MODES:
                setattr(self, key, value)
                self.color_mode = _FIELDS_OF_MODES[key]
        if "effect" in params:
            self.effect = params["effect"]

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_turn_on(self, **asked: Any) -> Any:
        params = params_of.turn_on_params(self, asked)
        if params.get("brightness") == 0 or params.get("white") == 0:
            return self.turn_off(**params_of.turn_off_params(self, asked))
        return self.turn_on(**params)

    def handle_turn_off(self, **asked: Any) -> Any:
        return self.turn_off(**params_of.turn_off_params(self, asked))

    def handle_toggle(self, **asked: Any) -> Any:
        return self.handle_turn_off(**asked) if self.is_on else self.handle_turn_on(**asked)

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        if self.is_on is None:
            return None
        return "on" if self.is_on else "off"

    def capability_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if "color_temp" in self.supported_color_modes:
            shown["min_color_temp_kelvin"] = self.min_color_temp_kelvin
            shown["max_color_temp_kelvin"] = self.max_color_temp_kelvin
            shown["min_mireds"] = color.kelvin_to_mired(self.max_color_temp_kelvin)
            shown["max_mireds"] = color.kelvin_to_mired(self.min_color_temp_kelvin)
        if self.supported_features & EFFECT:
            shown["effect_list"] = self.effect_list
        modes = sorted(self.supported_color_modes)
        if modes != self._shown_modes:
            self._shown_modes = modes
        shown["supported_color_modes"] = self._shown_modes  # the very same list: what was let in is not checked again
        return shown

    def state_attributes(self) -> dict[str, Any]:
        modes = self.supported_color_modes
        mode = self.color_mode if self.is_on else None
        shown: dict[str, Any] = {}
        if self.supported_features & EFFECT:
            shown["effect"] = self.effect if self.is_on else None
        shown["color_mode"] = mode
        if not COLOR_MODES_WITH_BRIGHTNESS.isdisjoint(modes):
            shown["brightness"] = self.brightness if mode in COLOR_MODES_WITH_BRIGHTNESS else None
        has_color_temp = "color_temp" in modes
        if has_color_temp:
            kelvin = self.color_temp_kelvin if mode == "color_temp" else None
            shown["color_temp_kelvin"] = kelvin
            shown["color_temp"] = color.kelvin_to_mired(kelvin) if kelvin else None
        if has_color_temp or not COLOR_MODES_WITH_COLOR.isdisjoint(modes):
            shown.update(self._color_attributes(mode))
        return shown

    def _color_attributes(self, mode: str | None) -> dict[str, Any]:
        """The present colour in all the ways clients read it. Kept: the arithmetic is 12 µs, for each dimming step."""
        color_now = (
            mode, frozenset(self.supported_color_modes), self.hs_color, self.xy_color, self.color_temp_kelvin,
            self.rgb_color, self.rgbw_color, self.rgbww_color, self.min_color_temp_kelvin, self.max_color_temp_kelvin,
        )  # fmt: skip
        if self._shown_color is None or self._shown_color[0] != color_now:
            shown: dict[str, Any] = {"hs_color": None, "rgb_color": None, "xy_color": None}
            if "rgbw" in self.supported_color_modes:
                shown["rgbw_color"] = None
            if "rgbww" in self.supported_color_modes:
                shown["rgbww_color"] = None
            if mode is not None:
                shown.update(self._calculated_color(mode))
            self._shown_color = color_now, shown
        return self._shown_color[1]

    def _calculated_color(self, mode: str) -> dict[str, Any]:
        if mode == "hs" and self.hs_color is not None:
            hue, saturation = round(self.hs_color[0], 3), round(self.hs_color[1], 3)
            return {
                "hs_color": (hue, saturation),
                "rgb_color": color.hs_to_rgb(hue, saturation),
                "xy_color": color.hs_to_xy(hue, saturation),
            }
        if mode == "xy" and self.xy_color is not None:
            x, y = self.xy_color
            return {
                "hs_color": color.xy_to_hs(x, y),
                "rgb_color": color.xy_to_rgb(x, y),
                "xy_color": (round(x, 6), round(y, 6)),
            }
        if mode == "color_temp" and self.color_temp_kelvin:
            hs = color.kelvin_to_hs(self.color_temp_kelvin)
            return {"hs_color": hs, "rgb_color": color.hs_to_rgb(*hs), "xy_color": color.hs_to_xy(*hs)}
        shown: dict[str, Any] = {}
        rgb: tuple[int, int, int] | None = None
        if mode == "rgb":
            rgb = self.rgb_color
        elif mode == "rgbw" and self.rgbw_color is not None:
            rgb = color.rgbw_to_rgb(*self.rgbw_color)
            shown["rgbw_color"] = tuple(self.rgbw_color)
        elif mode == "rgbww" and self.rgbww_color is not None:
            red, green, blue, cold, warm = self.rgbww_color
            limits = self.min_color_temp_kelvin, self.max_color_temp_kelvin
            rgb = color.rgbww_to_rgb(red, green, blue, cold, warm, *limits)
            shown["rgbww_color"] = tuple(self.rgbww_color)
        if rgb is not None:
            shown["hs_color"] = color.rgb_to_hs(*rgb)
            shown["rgb_color"] = tuple(rgb)
            shown["xy_color"] = color.rgb_to_xy(*rgb)
        return shown


_FIELDS_OF_MODES = {
    "color_temp_kelvin": "color_temp",
    "hs_color": "hs",
    "xy_color": "xy",
    "rgb_color": "rgb",
    "rgbw_color": "rgbw",
    "rgbww_color": "rgbww",
}

# -- schemas -----------------------------------------------------------------------------------------------------------

_BRIGHTNESS = vol.All(integer, vol.Clamp(min=0, max=255))
_COLOR = "Color descriptors"  # the group's name is part of the error text


def _channels(count: int) -> Any:
    return vol.All(vol.Coerce(tuple), vol.ExactSequence((byte,) * count))


_DEGREES = vol.All(number, vol.Range(min=0, max=360))
_PERCENT = vol.All(number, vol.Range(min=0, max=100))
_TRANSITION_AND_FLASH: dict[Any, Any] = {
    vol.Optional("transition"): vol.All(number, vol.Clamp(min=0, max=_MAX_TRANSITION_S)),
    vol.Optional("flash"): vol.In(("short", "long")),
}
TURN_ON_SCHEMA: dict[Any, Any] = {
    **_TRANSITION_AND_FLASH,
    vol.Exclusive("brightness", "brightness"): _BRIGHTNESS,
    vol.Exclusive("brightness_pct", "brightness"): _PERCENT,
    vol.Exclusive("brightness_step", "brightness"): vol.All(integer, vol.Clamp(min=-255, max=255)),
    vol.Exclusive("brightness_step_pct", "brightness"): vol.All(number, vol.Clamp(min=-100, max=100)),
    vol.Exclusive("color_name", _COLOR): string,
    vol.Exclusive("color_temp", _COLOR): vol.All(integer, vol.Range(min=1)),
    vol.Exclusive("color_temp_kelvin", _COLOR): positive_int,
    vol.Exclusive("kelvin", _COLOR): positive_int,
    vol.Exclusive("hs_color", _COLOR): vol.All(vol.Coerce(tuple), vol.ExactSequence((_DEGREES, _PERCENT))),
    vol.Exclusive("xy_color", _COLOR): vol.All(vol.Coerce(tuple), vol.ExactSequence((small_float, small_float))),
    vol.Exclusive("rgb_color", _COLOR): _channels(3),
    vol.Exclusive("rgbw_color", _COLOR): _channels(4),
    vol.Exclusive("rgbww_color", _COLOR): _channels(5),
    vol.Exclusive("white", _COLOR): vol.Any(True, _BRIGHTNESS),
    vol.Optional("profile"): string,
    vol.Optional("effect"): string,
}

# -- virtual lights ----------------------------------------------------------------------------------------------------

_KEPT = (
    "brightness", "color_temp", "color_temp_kelvin", "rgb_color", "rgbw_color", "rgbww_color", "xy_color", "hs_color",
    "white", "color_mode", "effect", "transition",
)  # fmt: skip


def _virtual_on(_state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    changes = {key: data[key] for key in _KEPT if key in data}
    percent = data.get("brightness_pct")
    if isinstance(percent, (int, float)) and not isinstance(percent, bool) and abs(percent) <= 1000:
        changes.setdefault("brightness", min(max(round(255 * percent / 100), 0), 255))
    return "on", changes


_VIRTUAL = {"turn_on": computed(_virtual_on), "turn_off": to("off"), "toggle": flip()}

DOMAIN = Domain(
    "light",
    services={
        "turn_on": service(
            "light", "turn_on", "handle_turn_on", "Turns lights on, or changes those that are on.", TURN_ON_SCHEMA
        ),
        "turn_off": service("light", "turn_off", "handle_turn_off", "Turns lights off.", _TRANSITION_AND_FLASH),
        "toggle": service(
            "light", "toggle", "handle_toggle", "Turns each light off that is on, and on that is off.", TURN_ON_SCHEMA
        ),
    },
    entity=LightEntity,
    virtual=virtual(_VIRTUAL),
)
