"""What the configuration of a template entity may hold, domain by domain, in the words of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.automations.validation import validate_actions
from marge.integrations.template.weather import READINGS, UNITS
from marge.util.schema import LateSchema, boolean, string

OBJECT_ID = "object_id"
"""Of an entity in the old spelling: its place in the mapping, which makes its id."""

_DELAY = vol.Any(dict, string)
_NAMED = vol.Any(None, string)
_ARMING = ("arm_away", "arm_custom_bypass", "arm_home", "arm_night", "arm_vacation", "disarm", "trigger")


def _actions(value: Any) -> Any:
    validate_actions(value)
    return value


def _variables(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected a mapping of variables")
    return {str(name): each for name, each in value.items()}


def _optional(names: tuple[str, ...], kind: Any) -> dict[Any, Any]:
    return {vol.Optional(name): kind for name in names}


def _list_of_texts(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise vol.Invalid("expected a list")
    return [string(each) for each in value]


_ANY: dict[Any, Any] = {
    **_optional(("name", "unique_id", "icon", "picture", "availability", OBJECT_ID), string),
    vol.Optional("attributes"): {string: string},
    vol.Optional("variables"): _variables,
}
_BY_DOMAIN: Mapping[str, dict[Any, Any]] = {
    "alarm_control_panel": {
        **_optional(("state", "value_template"), string),
        vol.Optional("code_arm_required"): boolean,
        vol.Optional("code_format"): vol.In(("no_code", "number", "text")),
        **_optional(_ARMING, _actions),
    },
    "binary_sensor": {
        vol.Required("state"): string,
        vol.Optional("device_class"): _NAMED,
        **_optional(("delay_on", "delay_off", "auto_off"), _DELAY),
    },
    "button": {vol.Required("press"): _actions, vol.Optional("device_class"): _NAMED},
    "cover": {
        **_optional(("state", "position", "tilt", "device_class"), string),
        **_optional(("optimistic", "tilt_optimistic"), boolean),
        **_optional(
            ("open_cover", "close_cover", "stop_cover", "set_cover_position", "set_cover_tilt_position"), _actions
        ),
    },
    "fan": {
        **_optional(("state", "percentage", "preset_mode", "oscillating", "direction"), string),
        vol.Optional("speed_count"): vol.All(vol.Coerce(int), vol.Range(min=1)),
        vol.Optional("preset_modes"): _list_of_texts,
        vol.Required("turn_on"): _actions,
        vol.Required("turn_off"): _actions,
        **_optional(("set_percentage", "set_preset_mode", "set_oscillating", "set_direction"), _actions),
    },
    "image": {vol.Required("url"): string, vol.Optional("verify_ssl"): boolean},
    "light": {
        **_optional(
            (
                "state", "level", "temperature", "hs", "rgb", "rgbw", "rgbww", "effect", "effect_list", "min_mireds",
                "max_mireds", "supports_transition",
            ),
            string,
        ),
        vol.Required("turn_on"): _actions,
        vol.Required("turn_off"): _actions,
        **_optional(
            ("set_level", "set_temperature", "set_hs", "set_rgb", "set_rgbw", "set_rgbww", "set_effect"), _actions
        ),
    },
    "lock": {
        **_optional(("state", "code_format"), string),
        vol.Optional("optimistic"): boolean,
        vol.Required("lock"): _actions,
        vol.Required("unlock"): _actions,
        vol.Optional("open"): _actions,
    },
    "number": {
        **_optional(("state", "min", "max", "unit_of_measurement"), string),
        vol.Required("step"): string,
        vol.Required("set_value"): _actions,
        vol.Optional("optimistic"): boolean,
    },
    "select": {
        vol.Optional("state"): string,
        vol.Required("options"): string,
        vol.Required("select_option"): _actions,
        vol.Optional("optimistic"): boolean,
    },
    "sensor": {
        vol.Required("state"): string,
        vol.Optional("last_reset"): string,
        **_optional(("unit_of_measurement", "device_class", "state_class"), _NAMED),
    },
    "switch": {
        **_optional(("state", "value_template"), string),
        vol.Required("turn_on"): _actions,
        vol.Required("turn_off"): _actions,
    },
    "vacuum": {
        **_optional(("state", "battery_level", "fan_speed"), string),
        vol.Optional("fan_speeds"): _list_of_texts,
        vol.Required("start"): _actions,
        **_optional(("pause", "stop", "return_to_base", "clean_spot", "locate", "set_fan_speed"), _actions),
    },
    "weather": {
        vol.Required("condition"): string,
        **_optional(READINGS, string),
        **_optional(("forecast_daily", "forecast_hourly", "forecast_twice_daily", "attribution"), string),
        **_optional(tuple(f"{kind}_unit" for kind in UNITS), string),
    },
}
SCHEMAS: Mapping[str, vol.Schema] = {
    domain: LateSchema({**_ANY, **fields}) for domain, fields in _BY_DOMAIN.items()
}


def words_of(domain: str) -> tuple[str, ...]:
    """The keys that an entity of this domain may have."""
    return tuple(sorted(str(key) for key in (*_ANY, *_BY_DOMAIN[domain]) if str(key) != OBJECT_ID))
