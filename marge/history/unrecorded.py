"""Which attributes of owned entities a graph does not carry: what the entity can do, and what clients read live. Pure.

They are in the file all the same, for they are what a start restores.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

ALWAYS = frozenset({"attribution", "restored", "supported_features"})
_LIMITS = frozenset({"min", "max", "step", "mode"})
_TEMPERATURES = frozenset({"min_temp", "max_temp"})

OF_DOMAIN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "automation": frozenset({"id", "current", "mode", "last_triggered", "max"}),
        "calendar": frozenset({"description", "message", "start_time", "end_time", "location"}),
        "camera": frozenset({"access_token", "entity_picture"}),
        "climate": _TEMPERATURES | {
            "fan_modes", "hvac_modes", "max_humidity", "min_humidity", "preset_modes", "swing_modes",
            "swing_horizontal_modes", "target_temp_step",
        },
        "counter": frozenset({"editable", "initial", "maximum", "minimum", "step"}),
        "event": frozenset({"event_types"}),
        "fan": frozenset({"preset_modes"}),
        "group": frozenset({"auto", "entity_id", "order"}),
        "humidifier": frozenset({"available_modes", "max_humidity", "min_humidity", "target_humidity_step"}),
        "image": frozenset({"access_token", "entity_picture"}),
        "input_boolean": frozenset({"editable"}),
        "input_button": frozenset({"editable"}),
        "input_datetime": frozenset({"editable", "has_date", "has_time"}),
        "input_number": _LIMITS | {"editable"},
        "input_select": frozenset({"editable", "options"}),
        "input_text": _LIMITS | {"editable", "pattern"},
        "light": frozenset(
            {
                "brightness", "color_mode", "color_temp", "color_temp_kelvin", "effect", "effect_list", "hs_color",
                "max_color_temp_kelvin", "max_mireds", "min_color_temp_kelvin", "min_mireds", "rgb_color",
                "rgbw_color", "rgbww_color", "supported_color_modes", "xy_color",
            }
        ),
        "media_player": frozenset(
            {
                "entity_picture", "entity_picture_local", "media_position", "media_position_updated_at",
                "sound_mode_list", "source_list",
            }
        ),
        "number": _LIMITS,
        "person": frozenset({"device_trackers"}),
        "schedule": frozenset({"editable", "next_event"}),
        "script": frozenset({"current", "last_action", "last_triggered", "max", "mode"}),
        "select": frozenset({"options"}),
        "sensor": frozenset({"options"}),
        "siren": frozenset({"available_tones"}),
        "sun": frozenset(
            {
                "azimuth", "elevation", "next_dawn", "next_dusk", "next_midnight", "next_noon", "next_rising",
                "next_setting", "rising",
            }
        ),
        "text": _LIMITS | {"pattern"},
        "timer": frozenset({"editable"}),
        "update": frozenset(
            {"entity_picture", "in_progress", "release_summary", "release_url", "update_percentage"}
        ),
        "vacuum": frozenset({"fan_speed_list"}),
        "water_heater": _TEMPERATURES | {"operation_list"},
        "weather": frozenset({"forecast"}),
    }
)  # fmt: skip


def unrecorded(domain: str) -> frozenset[str]:
    """The attributes that a graph of this domain's owned entities does not carry."""
    return ALWAYS | OF_DOMAIN.get(domain, frozenset())


def without(attributes: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """`attributes` but for `names`."""
    return {name: value for name, value in attributes.items() if name not in names}
