"""Which service calls bring an owned entity into a wanted state. A table of domains; nothing is called here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marge.model import State

Call = tuple[str, str, dict[str, Any]]
"""Domain, service and data without the entity id."""

Reproducer = Callable[[str, Mapping[str, Any], State, float | None], list[Call]]
"""`(wanted state, wanted attributes, state now, transition seconds) -> calls`. No call: nothing has to change."""

_LIGHT_PLAIN = ("brightness", "effect")
_LIGHT_COLORS = ("rgbww_color", "rgbw_color", "rgb_color", "hs_color", "xy_color", "color_temp_kelvin", "color_temp",
                 "white")
_COLOR_OF_MODE = {
    "color_temp": ("color_temp_kelvin", "color_temp"), "hs": ("hs_color",), "xy": ("xy_color",), "rgb": ("rgb_color",),
    "rgbw": ("rgbw_color",), "rgbww": ("rgbww_color",), "white": ("brightness",),
}


def _differs(attributes: Mapping[str, Any], now: State, keys: tuple[str, ...]) -> bool:
    return any(key in attributes and attributes[key] != now.attributes.get(key) for key in keys)


def _with_transition(data: dict[str, Any], transition: float | None) -> dict[str, Any]:
    return data if transition is None else {"transition": transition, **data}


def _light(state: str, attributes: Mapping[str, Any], now: State, transition: float | None) -> list[Call]:
    if state == "off":
        return [] if now.state == "off" else [("light", "turn_off", _with_transition({}, transition))]
    if state != "on":
        return []
    if now.state == "on" and not _differs(attributes, now, (*_LIGHT_PLAIN, *_LIGHT_COLORS)):
        return []
    data = {key: attributes[key] for key in _LIGHT_PLAIN if attributes.get(key) is not None}
    colors = _COLOR_OF_MODE.get(str(attributes.get("color_mode")), _LIGHT_COLORS)
    for key in colors:
        if attributes.get(key) is not None and key not in data:
            data[key] = attributes[key]
            break  # one way to name a colour; two would contradict each other
    return [("light", "turn_on", _with_transition(data, transition))]


def _switched(domain: str) -> Reproducer:
    def calls(state: str, _attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
        if state == now.state or state not in ("on", "off"):
            return []
        return [(domain, f"turn_{state}", {})]

    return calls


def _valued(domain: str, service: str, key: str) -> Reproducer:
    def calls(state: str, _attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
        return [] if state == now.state else [(domain, service, {key: state})]

    return calls


def _named(domain: str, services: Mapping[str, str]) -> Reproducer:
    def calls(state: str, _attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
        service = services.get(state)
        return [] if state == now.state or service is None else [(domain, service, {})]

    return calls


def _set_attributes(
    domain: str, attributes: Mapping[str, Any], now: State, table: Mapping[str, tuple[str, str]]
) -> list[Call]:
    """A call for each attribute in `table` (attribute -> service, its key) that differs."""
    return [
        (domain, service, {key: attributes[attribute]})
        for attribute, (service, key) in table.items()
        if attributes.get(attribute) is not None and attributes[attribute] != now.attributes.get(attribute)
    ]


def _climate(state: str, attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
    calls: list[Call] = []
    if state != now.state:
        calls.append(("climate", "set_hvac_mode", {"hvac_mode": state}))
    keys = ("temperature", "target_temp_high", "target_temp_low")
    if _differs(attributes, now, keys):
        calls.append(("climate", "set_temperature",
                      {key: attributes[key] for key in keys if attributes.get(key) is not None}))
    table = {"preset_mode": ("set_preset_mode", "preset_mode"), "swing_mode": ("set_swing_mode", "swing_mode"),
             "fan_mode": ("set_fan_mode", "fan_mode"), "humidity": ("set_humidity", "humidity")}
    return calls + _set_attributes("climate", attributes, now, table)


def _fan(state: str, attributes: Mapping[str, Any], now: State, transition: float | None) -> list[Call]:
    calls = _switched("fan")(state, attributes, now, transition)
    if state != "on":
        return calls
    table = {"percentage": ("set_percentage", "percentage"), "preset_mode": ("set_preset_mode", "preset_mode"),
             "oscillating": ("oscillate", "oscillating"), "direction": ("set_direction", "direction")}
    return calls + _set_attributes("fan", attributes, now, table)


def _cover(state: str, attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
    position = attributes.get("current_position")
    if position is not None and position != now.attributes.get("current_position"):
        return [("cover", "set_cover_position", {"position": position})]
    if state == now.state:
        return []
    service = {"open": "open_cover", "closed": "close_cover"}.get(state)
    return [] if service is None else [("cover", service, {})]


def _media_player(state: str, attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
    calls: list[Call] = []
    if state == "off":
        return [] if now.state == "off" else [("media_player", "turn_off", {})]
    if now.state == "off":
        calls.append(("media_player", "turn_on", {}))
    table = {"volume_level": ("volume_set", "volume_level"), "is_volume_muted": ("volume_mute", "is_volume_muted"),
             "source": ("select_source", "source"), "sound_mode": ("select_sound_mode", "sound_mode")}
    calls += _set_attributes("media_player", attributes, now, table)
    if state in ("playing", "paused", "idle") and state != now.state:
        service = {"playing": "media_play", "paused": "media_pause", "idle": "media_stop"}[state]
        calls.append(("media_player", service, {}))
    return calls


def _input_datetime(state: str, _attributes: Mapping[str, Any], now: State, _transition: float | None) -> list[Call]:
    if state == now.state:
        return []
    has_date, has_time = now.attributes.get("has_date"), now.attributes.get("has_time")
    key = "datetime" if has_date and has_time else "date" if has_date else "time"
    return [("input_datetime", "set_datetime", {key: state})]


_ALARM = {
    "armed_away": "alarm_arm_away", "armed_home": "alarm_arm_home", "armed_night": "alarm_arm_night",
    "armed_vacation": "alarm_arm_vacation", "armed_custom_bypass": "alarm_arm_custom_bypass",
    "disarmed": "alarm_disarm", "triggered": "alarm_trigger",
}

REPRODUCERS: Mapping[str, Reproducer] = {
    "light": _light,
    "climate": _climate,
    "fan": _fan,
    "cover": _cover,
    "media_player": _media_player,
    "input_datetime": _input_datetime,
    "input_number": _valued("input_number", "set_value", "value"),
    "number": _valued("number", "set_value", "value"),
    "input_text": _valued("input_text", "set_value", "value"),
    "text": _valued("text", "set_value", "value"),
    "input_select": _valued("input_select", "select_option", "option"),
    "select": _valued("select", "select_option", "option"),
    "counter": _valued("counter", "set_value", "value"),
    "lock": _named("lock", {"locked": "lock", "unlocked": "unlock", "open": "open"}),
    "valve": _named("valve", {"open": "open_valve", "closed": "close_valve"}),
    "alarm_control_panel": _named("alarm_control_panel", _ALARM),
}


def calls_for(
    domain: str, state: str, attributes: Mapping[str, Any], now: State, transition: float | None
) -> list[Call]:
    """The service calls that bring an entity of `domain` from `now` into the wanted state."""
    return REPRODUCERS.get(domain, _switched(domain))(state, attributes, now, transition)
