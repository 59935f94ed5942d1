"""Lights: one of each colour mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item, of_device, with_fields
from marge.domains.light import LightEntity

if TYPE_CHECKING:
    from marge.home import Home

EFFECT = 4
_WHITE_OR_COLOUR = frozenset(("color_temp", "hs"))
_PINK: dict[str, Any] = {"color_mode": "hs", "hs_color": (345, 75)}
_WARM: dict[str, Any] = {"color_mode": "color_temp", "color_temp_kelvin": 2631}

# name, unique id, colour modes, what it shows
_LIGHTS: tuple[tuple[str, str, frozenset[str], dict[str, Any]], ...] = (
    ("Bed Light", "light_1", _WHITE_OR_COLOUR,
     {**_WARM, "is_on": False, "effect": "rainbow", "effect_list": ["rainbow", "none"], "supported_features": EFFECT}),
    ("Ceiling Lights", "light_2", _WHITE_OR_COLOUR, _WARM),
    ("Kitchen Lights", "light_3", _WHITE_OR_COLOUR, _PINK),
    ("Office RGBW Lights", "light_4", frozenset(("rgbw",)), {"color_mode": "rgbw", "rgbw_color": (255, 0, 0, 255)}),
    ("Living Room RGBWW Lights", "light_5", frozenset(("rgbww",)),
     {"color_mode": "rgbww", "rgbww_color": (255, 0, 0, 255, 0)}),
    ("Entrance Color + White Lights", "light_6", frozenset(("hs", "white")), _PINK),
)  # fmt: skip
_IDS = (
    "bed_light", "ceiling_lights", "kitchen_lights", "office_rgbw_lights", "living_room_rgbww_lights",
    "entrance_color_white_lights",
)  # fmt: skip


class DemoLight(LightEntity):
    is_on: bool | None = True
    brightness: int | None = 180


def items(home: Home) -> Iterator[Item]:
    for object_id, (name, unique_id, modes, shown) in zip(_IDS, _LIGHTS, strict=True):
        light = with_fields(DemoLight(), supported_color_modes=modes, **shown)
        yield of_device(f"light.{object_id}", light, name, unique_id)
