"""English names of states, as HA's frontend shows them. Only what `state_translated` needs."""

from __future__ import annotations

from typing import Any

from marge.model import State

_ON_OFF = {"on": "On", "off": "Off"}

# Device class of a binary sensor -> (name of off, name of on).
_BINARY = {
    "battery": ("Normal", "Low"),
    "battery_charging": ("Not charging", "Charging"),
    "carbon_monoxide": ("Clear", "Detected"),
    "cold": ("Normal", "Cold"),
    "connectivity": ("Disconnected", "Connected"),
    "door": ("Closed", "Open"),
    "garage_door": ("Closed", "Open"),
    "gas": ("Clear", "Detected"),
    "heat": ("Normal", "Hot"),
    "light": ("No light", "Light detected"),
    "lock": ("Locked", "Unlocked"),
    "moisture": ("Dry", "Wet"),
    "motion": ("Clear", "Detected"),
    "moving": ("Not moving", "Moving"),
    "occupancy": ("Clear", "Detected"),
    "opening": ("Closed", "Open"),
    "plug": ("Unplugged", "Plugged in"),
    "power": ("Off", "On"),
    "presence": ("Away", "Home"),
    "problem": ("OK", "Problem"),
    "running": ("Not running", "Running"),
    "safety": ("Safe", "Unsafe"),
    "smoke": ("Clear", "Detected"),
    "sound": ("Clear", "Detected"),
    "tamper": ("Clear", "Tampering detected"),
    "update": ("Up-to-date", "Update available"),
    "vibration": ("Clear", "Detected"),
    "window": ("Closed", "Open"),
}

_DOMAINS: dict[str, dict[str, str]] = {
    "alarm_control_panel": {
        "armed_away": "Armed away", "armed_custom_bypass": "Armed custom bypass", "armed_home": "Armed home",
        "armed_night": "Armed night", "armed_vacation": "Armed vacation", "arming": "Arming", "disarmed": "Disarmed",
        "disarming": "Disarming", "pending": "Pending", "triggered": "Triggered",
    },
    "automation": _ON_OFF,
    "binary_sensor": _ON_OFF,
    "calendar": _ON_OFF,
    "camera": {"idle": "Idle", "recording": "Recording", "streaming": "Streaming"},
    "climate": {
        "auto": "Auto", "cool": "Cool", "dry": "Dry", "fan_only": "Fan only", "heat": "Heat",
        "heat_cool": "Heat/Cool", "off": "Off",
    },
    "cover": {
        "closed": "Closed", "closing": "Closing", "open": "Open", "opening": "Opening", "stopped": "Stopped"
    },
    "device_tracker": {"home": "Home", "not_home": "Away"},
    "fan": _ON_OFF,
    "group": {
        **_ON_OFF, "closed": "Closed", "home": "Home", "locked": "Locked", "not_home": "Away", "ok": "OK",
        "open": "Open", "problem": "Problem", "unlocked": "Unlocked",
    },
    "humidifier": _ON_OFF,
    "input_boolean": _ON_OFF,
    "lawn_mower": {
        "docked": "Docked", "error": "Error", "mowing": "Mowing", "paused": "Paused", "returning": "Returning"
    },
    "light": _ON_OFF,
    "lock": {
        "jammed": "Jammed", "locked": "Locked", "locking": "Locking", "open": "Open", "opening": "Opening",
        "unlocked": "Unlocked", "unlocking": "Unlocking",
    },
    "media_player": {
        **_ON_OFF, "buffering": "Buffering", "idle": "Idle", "paused": "Paused", "playing": "Playing",
        "standby": "Standby",
    },
    "person": {"home": "Home", "not_home": "Away"},
    "plant": {"ok": "OK", "problem": "Problem"},
    "remote": _ON_OFF,
    "schedule": _ON_OFF,
    "script": _ON_OFF,
    "siren": _ON_OFF,
    "sun": {"above_horizon": "Above horizon", "below_horizon": "Below horizon"},
    "switch": _ON_OFF,
    "timer": {"active": "Active", "idle": "Idle", "paused": "Paused"},
    "update": {"off": "Up-to-date", "on": "Update available"},
    "vacuum": {
        **_ON_OFF, "cleaning": "Cleaning", "docked": "Docked", "error": "Error", "idle": "Idle", "paused": "Paused",
        "returning": "Returning to dock",
    },
    "valve": {
        "closed": "Closed", "closing": "Closing", "open": "Open", "opening": "Opening", "stopped": "Stopped"
    },
    "water_heater": {
        "eco": "Eco", "electric": "Electric", "gas": "Gas", "heat_pump": "Heat pump", "high_demand": "High demand",
        "off": "Off", "performance": "Performance",
    },
    "weather": {
        "clear-night": "Clear, night", "cloudy": "Cloudy", "exceptional": "Exceptional", "fog": "Fog",
        "hail": "Hail", "lightning": "Lightning", "lightning-rainy": "Lightning, rainy",
        "partlycloudy": "Partly cloudy", "pouring": "Pouring", "rainy": "Rainy", "snowy": "Snowy",
        "snowy-rainy": "Snowy, rainy", "sunny": "Sunny", "windy": "Windy", "windy-variant": "Windy, cloudy",
    },
}


def translate_state(state: State, entry: Any) -> str:
    """The English name of a state; the state itself when it has none.

    An option of an enum sensor whose entry has a translation key is shown as words, since bridges bring no texts.

    Args:
        entry: the entity's registry entry or None.
    """
    value = state.state
    device_class = state.attributes.get("device_class")
    if state.domain == "binary_sensor" and device_class in _BINARY and value in _ON_OFF:
        return _BINARY[device_class][value == "on"]
    if device_class == "enum" and getattr(entry, "translation_key", None) and value not in ("unknown", "unavailable"):
        return value.replace("_", " ").capitalize()
    return _DOMAINS.get(state.domain, {}).get(value, value)
