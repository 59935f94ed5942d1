"""What devices' entities offer to automations: a table of triggers, conditions and actions by domain. Pure.

Each row says with which state, numeric state or service it is done. Not here: doing it, listing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SENSOR_CLASSES = (
    "apparent_power", "aqi", "area", "atmospheric_pressure", "battery", "blood_glucose_concentration", "carbon_dioxide",
    "carbon_monoxide", "conductivity", "current", "data_rate", "data_size", "distance", "duration", "energy",
    "energy_distance", "energy_storage", "frequency", "gas", "humidity", "illuminance", "irradiance", "moisture",
    "monetary", "nitrogen_dioxide", "nitrogen_monoxide", "nitrous_oxide", "ozone", "ph", "pm1", "pm10", "pm25", "power",
    "power_factor", "precipitation", "precipitation_intensity", "pressure", "reactive_power", "signal_strength",
    "sound_pressure", "speed", "sulphur_dioxide", "temperature", "volatile_organic_compounds",
    "volatile_organic_compounds_parts", "voltage", "volume", "volume_flow_rate", "volume_storage", "water", "weight",
    "wind_direction", "wind_speed",
)
"""Device classes of sensors whose trigger is called after them."""

BINARY_WORDS: Mapping[str, tuple[str, str]] = {
    "battery": ("bat_low", "not_bat_low"),
    "battery_charging": ("charging", "not_charging"),
    "carbon_monoxide": ("co", "no_co"),
    "cold": ("cold", "not_cold"),
    "connectivity": ("connected", "not_connected"),
    "door": ("opened", "not_opened"),
    "garage_door": ("opened", "not_opened"),
    "gas": ("gas", "no_gas"),
    "heat": ("hot", "not_hot"),
    "light": ("light", "no_light"),
    "lock": ("not_locked", "locked"),
    "moisture": ("moist", "not_moist"),
    "motion": ("motion", "no_motion"),
    "moving": ("moving", "not_moving"),
    "occupancy": ("occupied", "not_occupied"),
    "opening": ("opened", "not_opened"),
    "plug": ("plugged_in", "not_plugged_in"),
    "power": ("powered", "not_powered"),
    "presence": ("present", "not_present"),
    "problem": ("problem", "no_problem"),
    "running": ("running", "not_running"),
    "safety": ("unsafe", "not_unsafe"),
    "smoke": ("smoke", "no_smoke"),
    "sound": ("sound", "no_sound"),
    "tamper": ("tampered", "not_tampered"),
    "update": ("update", "no_update"),
    "vibration": ("vibration", "no_vibration"),
    "window": ("opened", "not_opened"),
}
"""How a binary sensor's being on and off is called, by its device class; else `turned_on` and `turned_off`."""
_CONDITION_WORDS = {"opened": "is_open", "not_opened": "is_not_open"}


@dataclass(frozen=True)
class How:
    """One thing that an entity offers.

    Attributes:
        type: its name.
        states: the entity's state becomes (trigger) or is (condition) one of these; empty: any state.
        value: instead, a number is compared with limits: an attribute's name, or "state".
        attribute: instead of the state, this attribute must be what the user says under `chosen`.
        chosen: the user's field that holds the wanted value.
        fields: what else the user may say.
        service, data: what is called (action); of the user's fields those in `fields` are added to the data.
        features: one of these bits is needed.
        classes: one of these device classes is needed; None: whatever it is.
        needs: an attribute of the entity that must be there.
    """

    type: str
    states: tuple[str, ...] = ()
    value: str | None = None
    attribute: str | None = None
    chosen: str | None = None
    fields: tuple[str, ...] = ()
    service: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    features: int = 0
    classes: tuple[str | None, ...] | None = None
    needs: str | None = None


_FOR = ("for",)
_LIMITS = ("above", "below", "for")


def _becomes(kind: str, *states: str, **more: Any) -> How:
    return How(kind, states=states, fields=_FOR, **more)


def _passes(kind: str, value: str, **more: Any) -> How:
    return How(kind, value=value, fields=_LIMITS, **more)


def _within(kind: str, value: str, **more: Any) -> How:
    return How(kind, value=value, fields=("above", "below"), **more)


def _calls(kind: str, service: str, *fields: str, **more: Any) -> How:
    return How(kind, service=service, fields=fields, **more)


_TOGGLE_TRIGGERS = (
    _becomes("changed_states", "on", "off"), _becomes("turned_off", "off"), _becomes("turned_on", "on"),
)
_TOGGLE_CONDITIONS = (_becomes("is_off", "off"), _becomes("is_on", "on"))
_TOGGLE_ACTIONS = (_calls("turn_off", "turn_off"), _calls("turn_on", "turn_on"), _calls("toggle", "toggle"))
_ALARMS = ("disarmed", "arming", "pending", "triggered")
_ARMED = (("home", 1), ("away", 2), ("night", 4), ("vacation", 32))
_LOCKED = ("jammed", "locked", "locking", "open", "opening", "unlocked", "unlocking")
_PLAYING = ("idle", "paused", "playing", "buffering")
_MOVES = (("opened", "open"), ("closed", "closed"), ("opening", "opening"), ("closing", "closing"))


def _binary(is_condition: bool) -> tuple[How, ...]:
    words: dict[tuple[str, bool], list[str]] = {}
    for device_class, (on, off) in BINARY_WORDS.items():
        words.setdefault((on, True), []).append(device_class)
        words.setdefault((off, False), []).append(device_class)
    found = []
    for (word, is_on), classes in words.items():
        name = _CONDITION_WORDS.get(word, f"is_{word}") if is_condition else word
        found.append(_becomes(name, "on" if is_on else "off", classes=tuple(classes)))
    plain = (("is_on", "on"), ("is_off", "off")) if is_condition else (("turned_on", "on"), ("turned_off", "off"))
    return (*found, *(_becomes(name, state, classes=PLAIN) for name, state in plain))


PLAIN: tuple[str | None, ...] = ("",)
"""Device classes: none, or one without words of its own."""

TRIGGERS: Mapping[str, tuple[How, ...]] = {
    "alarm_control_panel": (
        *(_becomes(state, state) for state in _ALARMS),
        *(_becomes(f"armed_{name}", f"armed_{name}", features=bit) for name, bit in _ARMED),
    ),
    "binary_sensor": _binary(False),
    "button": (How("pressed"),),
    "climate": (
        How("hvac_mode_changed", chosen="to", fields=("to", "for")),
        _passes("current_temperature_changed", "current_temperature", needs="current_temperature"),
        _passes("current_humidity_changed", "current_humidity", needs="current_humidity"),
    ),
    "cover": (
        *(_becomes(kind, state, features=3) for kind, state in _MOVES),
        _passes("position", "current_position", features=4),
        _passes("tilt_position", "current_tilt_position", features=128),
    ),
    "device_tracker": (How("enters", fields=("zone",)), How("leaves", fields=("zone",))),
    "fan": _TOGGLE_TRIGGERS,
    "humidifier": (
        *_TOGGLE_TRIGGERS,
        _passes("current_humidity_changed", "current_humidity", needs="current_humidity"),
        _passes("target_humidity_changed", "humidity"),
    ),
    "lawn_mower": (_becomes("mowing", "mowing"), _becomes("docked", "docked")),
    "light": _TOGGLE_TRIGGERS,
    "lock": tuple(_becomes(state, state) for state in _LOCKED),
    "media_player": (
        *_TOGGLE_TRIGGERS, *(_becomes(state, state) for state in _PLAYING),
    ),
    "remote": _TOGGLE_TRIGGERS,
    "select": (How("current_option_changed", fields=("from", "to", "for")),),
    "sensor": tuple(_passes(name, "state", classes=(name,)) for name in SENSOR_CLASSES)
    + (_passes("value", "state", classes=PLAIN, needs="unit_of_measurement"),),
    "switch": _TOGGLE_TRIGGERS,
    "update": _TOGGLE_TRIGGERS,
    "vacuum": (_becomes("cleaning", "cleaning", "returning"), _becomes("docked", "docked")),
}

CONDITIONS: Mapping[str, tuple[How, ...]] = {
    "alarm_control_panel": (
        _becomes("is_disarmed", "disarmed"), _becomes("is_triggered", "triggered"),
        *(_becomes(f"is_armed_{name}", f"armed_{name}", features=bit) for name, bit in _ARMED),
    ),
    "binary_sensor": _binary(True),
    "climate": (
        How("is_hvac_mode", chosen="hvac_mode", fields=("hvac_mode",)),
        How("is_preset_mode", attribute="preset_mode", chosen="preset_mode", fields=("preset_mode",), features=16),
    ),
    "cover": (
        *(_becomes(f"is_{state}", state, features=3) for _kind, state in _MOVES),
        _within("is_position", "current_position", features=4),
        _within("is_tilt_position", "current_tilt_position", features=128),
    ),
    "device_tracker": (_becomes("is_home", "home"), How("is_not_home")),
    "fan": _TOGGLE_CONDITIONS,
    "humidifier": (
        *_TOGGLE_CONDITIONS, How("is_mode", attribute="mode", chosen="mode", fields=("mode",), features=1),
    ),
    "light": _TOGGLE_CONDITIONS,
    "lock": tuple(_becomes(f"is_{state}", state) for state in _LOCKED),
    "media_player": (
        *_TOGGLE_CONDITIONS, *(_becomes(f"is_{state}", state) for state in _PLAYING),
    ),
    "remote": _TOGGLE_CONDITIONS,
    "select": (How("selected_option", chosen="option", fields=("option", "for")),),
    "sensor": tuple(_within(f"is_{name}", "state", classes=(name,)) for name in SENSOR_CLASSES)
    + (_within("is_value", "state", classes=PLAIN, needs="unit_of_measurement"),),
    "switch": _TOGGLE_CONDITIONS,
    "update": _TOGGLE_CONDITIONS,
    "vacuum": (_becomes("is_cleaning", "cleaning", "returning"), _becomes("is_docked", "docked", "idle")),
}

ACTIONS: Mapping[str, tuple[How, ...]] = {
    "alarm_control_panel": (
        *(_calls(f"arm_{name}", f"alarm_arm_{name}", "code", features=bit) for name, bit in _ARMED),
        _calls("disarm", "alarm_disarm", "code"),
        _calls("trigger", "alarm_trigger", "code", features=8),
    ),
    "button": (_calls("press", "press"),),
    "climate": (
        _calls("set_hvac_mode", "set_hvac_mode", "hvac_mode"),
        _calls("set_preset_mode", "set_preset_mode", "preset_mode", features=16),
    ),
    "cover": (
        _calls("open", "open_cover", features=1), _calls("close", "close_cover", features=2),
        _calls("stop", "stop_cover", features=8), _calls("open_tilt", "open_cover_tilt", features=16),
        _calls("close_tilt", "close_cover_tilt", features=32),
        _calls("set_position", "set_cover_position", "position", features=4),
        _calls("set_tilt_position", "set_cover_tilt_position", "position", features=128),
    ),
    "fan": _TOGGLE_ACTIONS,
    "humidifier": (
        *_TOGGLE_ACTIONS, _calls("set_humidity", "set_humidity", "humidity"),
        _calls("set_mode", "set_mode", "mode", features=1),
    ),
    "lawn_mower": (_calls("mow", "start_mowing"), _calls("dock", "dock"), _calls("pause", "pause")),
    "light": (
        *_TOGGLE_ACTIONS,
        _calls("brightness_increase", "turn_on", data={"brightness_step_pct": 10}, needs="brightness"),
        _calls("brightness_decrease", "turn_on", data={"brightness_step_pct": -10}, needs="brightness"),
        _calls("flash", "turn_on", "flash", data={"flash": "short"}, features=8),
    ),
    "lock": (_calls("lock", "lock"), _calls("unlock", "unlock"), _calls("open", "open", features=1)),
    "number": (_calls("set_value", "set_value", "value"),),
    "remote": _TOGGLE_ACTIONS,
    "select": (
        _calls("select_first", "select_first"), _calls("select_last", "select_last"),
        _calls("select_next", "select_next", "cycle"), _calls("select_option", "select_option", "option"),
        _calls("select_previous", "select_previous", "cycle"),
    ),
    "switch": _TOGGLE_ACTIONS,
    "text": (_calls("set_value", "set_value", "value"),),
    "vacuum": (_calls("clean", "start"), _calls("dock", "return_to_base")),
    "water_heater": (_calls("turn_on", "turn_on"), _calls("turn_off", "turn_off")),
}

REQUIRED = frozenset(
    {"zone", "position", "hvac_mode", "preset_mode", "humidity", "mode", "option", "value"}
)
"""Fields that the user has to fill."""


def row(table: Mapping[str, tuple[How, ...]], domain: str, kind: str) -> How | None:
    """The row of this name."""
    return next((each for each in table.get(domain, ()) if each.type == kind), None)
