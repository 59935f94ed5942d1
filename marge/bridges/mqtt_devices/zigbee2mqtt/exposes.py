"""Entities from what a device exposes, for a zigbee2mqtt that does not announce them itself. Pure.

The announcements have zigbee2mqtt's own topics and unique ids, so that its discovery, once it is on, takes the same
entities over. Not here: its exceptions for single models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.mqtt_devices.zigbee2mqtt.facts import text_of
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice

PUBLISHED, SETTABLE = 1, 2
"""Access bits of an expose."""
MAX_EXPOSES = 200
_STATE = "{{ (value_json | default({})).state | default(value) }}"

_UPDATE = (
    "{% if value_json['update'] is defined %}"
    "{{ {'installed_version': value_json['update']['installed_version'] | string,"
    " 'latest_version': value_json['update']['latest_version'] | string,"
    " 'in_progress': value_json['update']['state'] == 'updating',"
    " 'update_percentage': value_json['update']['progress'] | default(none)} | tojson }}"
    "{% else %}{}{% endif %}"
)
"""Not each message of a device says something about its firmware."""

_SENSORS: Mapping[str, tuple[str | None, str | None, str | None]] = {
    "temperature": ("temperature", "measurement", None), "local_temperature": ("temperature", "measurement", None),
    "device_temperature": ("temperature", "measurement", "diagnostic"), "humidity": ("humidity", "measurement", None),
    "soil_moisture": ("moisture", "measurement", None), "pressure": ("atmospheric_pressure", "measurement", None),
    "illuminance": ("illuminance", "measurement", None), "battery": ("battery", "measurement", "diagnostic"),
    "voltage": ("voltage", "measurement", None), "current": ("current", "measurement", None),
    "power": ("power", "measurement", None), "energy": ("energy", "total_increasing", None),
    "power_factor": ("power_factor", "measurement", None), "ac_frequency": ("frequency", "measurement", None),
    "co2": ("carbon_dioxide", "measurement", None), "voc": ("volatile_organic_compounds", "measurement", None),
    "pm25": ("pm25", "measurement", None), "pm10": ("pm10", "measurement", None),
    "formaldehyd": (None, "measurement", None), "linkquality": (None, "measurement", "diagnostic"),
    "gas": ("gas", "total_increasing", None), "water_consumed": ("water", "total_increasing", None),
}  # fmt: skip
"""Device class, state class and category by property."""
_UNITS = {"linkquality": "lqi"}
_YES_NO: Mapping[str, tuple[str | None, str | None]] = {
    "occupancy": ("occupancy", None), "presence": ("presence", None), "contact": ("door", None),
    "water_leak": ("moisture", None), "smoke": ("smoke", None), "gas": ("gas", None),
    "carbon_monoxide": ("carbon_monoxide", None), "tamper": ("tamper", "diagnostic"), "vibration": ("vibration", None),
    "battery_low": ("battery", "diagnostic"), "moving": ("moving", None), "sound": ("sound", None),
}  # fmt: skip


class Announcement(NamedTuple):
    """One entity: its component, the last part of its discovery topic, and the configuration."""

    component: str
    object_id: str
    config: dict[str, Any]

    def topic(self, prefix: str, ieee_address: str) -> str:
        return f"{prefix}/{self.component}/{ieee_address}/{self.object_id}/config"


class _Place(NamedTuple):
    """What all of a device's entities have in common. `state`: its topic."""

    state: str
    common: Mapping[str, Any]
    object_id: str
    ieee_address: str
    base: str

    def announce(self, component: str, name: str, config: Mapping[str, Any]) -> Announcement:
        suffix = "" if name == component else "_" + slugify(name.removeprefix(f"{component}_"))
        own_id = self.object_id + suffix
        found = {
            **self.common, "unique_id": f"{self.ieee_address}_{name}_{self.base}", "object_id": own_id,
            "state_topic": self.state, **config,
        }  # fmt: skip
        return Announcement(component, name, found)


def announcements(base: str, device: ZigbeeDevice, watched: bool, via_device: str | None) -> Iterator[Announcement]:
    """The entities of a device. What is not understood is left out.

    Args:
        watched: zigbee2mqtt tells whether the device can be reached.
        via_device: the bridge's identifier.
    """
    definition: Mapping[str, Any] = device.definition or {}
    exposes = definition.get("exposes")
    place = _place(base, device, definition, watched, via_device)
    for expose in exposes[:MAX_EXPOSES] if isinstance(exposes, list) else ():
        if isinstance(expose, dict):
            make = _MAKERS.get(str(expose.get("type")))
            if make is not None:
                yield from make(place, expose)
    if device.supports_ota:
        yield place.announce("update", "update", {
            "name": None, "device_class": "firmware", "entity_category": "config",
            "command_topic": f"{base}/bridge/request/device/ota_update/update",
            "payload_install": f'{{"id": "{device.ieee_address}"}}',
            "value_template": _UPDATE,
        })  # fmt: skip


def _place(
    base: str, device: ZigbeeDevice, definition: Mapping[str, Any], watched: bool, via_device: str | None
) -> _Place:
    state = f"{base}/{device.friendly_name}"
    availability = [{"topic": f"{base}/bridge/state", "value_template": _STATE}]
    if watched:
        availability.append({"topic": f"{state}/availability", "value_template": _STATE})
    told = {
        "identifiers": [f"zigbee2mqtt_{device.ieee_address}"],
        "name": device.friendly_name,
        "manufacturer": text_of(definition.get("vendor")),
        "model": text_of(definition.get("description")),
        "model_id": text_of(definition.get("model")),
        "sw_version": text_of(device.facts.get("software_build_id")),
        "via_device": via_device,
    }
    common = {
        "availability": availability, "availability_mode": "all",
        "device": {name: value for name, value in told.items() if value is not None},
        "origin": {"name": "Marge"},
    }  # fmt: skip
    return _Place(state, common, slugify(device.friendly_name), device.ieee_address, base)


# -- what an expose says -----------------------------------------------------------------------------------------------


def _features(expose: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found = expose.get("features")
    return {
        str(each.get("name")): each for each in (found if isinstance(found, list) else ())
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    }  # fmt: skip


def _property(expose: Mapping[str, Any]) -> str:
    return text_of(expose.get("property")) or text_of(expose.get("name")) or ""


def _access(expose: Mapping[str, Any]) -> int:
    access = expose.get("access")
    return access if type(access) is int else PUBLISHED


def _title(expose: Mapping[str, Any]) -> str:
    return text_of(expose.get("label")) or _property(expose).replace("_", " ").capitalize()


def _value(name: str) -> str:
    return f"{{{{ value_json[{name!r}] }}}}"


def _numbers(expose: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        to: expose[name] for name, to in names.items()
        if isinstance(expose.get(name), int | float) and not isinstance(expose[name], bool)
    }  # fmt: skip


def _suffixed(kind: str, expose: Mapping[str, Any]) -> tuple[str, str | None]:
    """The last part of the topic, and the name, of one of several things of a kind (`l1`, `left`)."""
    endpoint = text_of(expose.get("endpoint"))
    return (kind, None) if endpoint is None else (f"{kind}_{endpoint}", endpoint)


def _light(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    features = _features(expose)
    name, title = _suffixed("light", expose)
    if title is not None:
        yield place.announce("light", name, {"name": title, **_light_of_several(place, features)})
        return
    modes = [mode for mode, feature in (("xy", "color_xy"), ("hs", "color_hs"), ("color_temp", "color_temp"))
             if feature in features]  # fmt: skip
    if "xy" in modes and "hs" in modes:
        modes.remove("hs")
    config: dict[str, Any] = {
        "name": None, "schema": "json", "command_topic": f"{place.state}/set",
        "supported_color_modes": modes or (["brightness"] if "brightness" in features else ["onoff"]),
    }  # fmt: skip
    if "brightness" in features:
        config |= {"brightness": True, "brightness_scale": _scale(features["brightness"])}
    if "color_temp" in features:
        config |= _numbers(features["color_temp"], {"value_min": "min_mireds", "value_max": "max_mireds"})
    effects = features.get("effect", {}).get("values")
    if isinstance(effects, list):
        config |= {"effect": True, "effect_list": [each for each in effects if isinstance(each, str)]}
    yield place.announce("light", name, config)


def _scale(brightness: Mapping[str, Any]) -> int:
    scale = brightness.get("value_max")
    return scale if type(scale) is int and scale > 0 else 254


def _light_of_several(place: _Place, features: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """One of several lights in a device: its values have names of their own in the device's state."""
    state = _property(features.get("state", {"property": "state"}))
    config: dict[str, Any] = {
        "command_topic": f"{place.state}/set/{state}", "state_value_template": _value(state), "payload_on": "ON",
        "payload_off": "OFF",
    }  # fmt: skip
    for feature, prefix in (("brightness", "brightness"), ("color_temp", "color_temp")):
        if feature in features:
            name = _property(features[feature])
            config |= {
                f"{prefix}_state_topic": place.state, f"{prefix}_value_template": _value(name),
                f"{prefix}_command_topic": f"{place.state}/set/{name}",
            }  # fmt: skip
    if "brightness" in features:
        config["brightness_scale"] = _scale(features["brightness"])
    if "color_temp" in features:
        config |= _numbers(features["color_temp"], {"value_min": "min_mireds", "value_max": "max_mireds"})
    return config


def _switch(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    feature = _features(expose).get("state")
    if feature is None:
        return
    name, title = _suffixed("switch", expose)
    yield place.announce("switch", name, {"name": title, **_settable_binary(place, feature)})


def _settable_binary(place: _Place, feature: Mapping[str, Any]) -> dict[str, Any]:
    on, off, name = feature.get("value_on", "ON"), feature.get("value_off", "OFF"), _property(feature)
    return {
        "command_topic": f"{place.state}/set/{name}", "value_template": _value(name), "payload_on": _word(on),
        "payload_off": _word(off), "state_on": str(on), "state_off": str(off),
    }  # fmt: skip


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _lock(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    feature = _features(expose).get("state")
    if feature is None:
        return
    name, title = _suffixed("lock", expose)
    property_name = _property(feature)
    locked, unlocked = _word(feature.get("value_on", "LOCK")), _word(feature.get("value_off", "UNLOCK"))
    yield place.announce("lock", name, {
        "name": title, "command_topic": f"{place.state}/set/{property_name}", "value_template": _value(property_name),
        "payload_lock": locked, "payload_unlock": unlocked, "state_locked": locked, "state_unlocked": unlocked,
    })  # fmt: skip


def _cover(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    features = _features(expose)
    name, title = _suffixed("cover", expose)
    config: dict[str, Any] = {"name": title, "command_topic": f"{place.state}/set"}
    config |= {f"payload_{word}": f'{{"state": "{word.upper()}"}}' for word in ("open", "close", "stop")}
    if "position" in features:
        config |= {
            "position_topic": place.state, "position_template": _value(_property(features["position"])),
            "set_position_topic": f"{place.state}/set", "set_position_template": '{"position": {{ position }} }',
        }  # fmt: skip
    else:
        config |= {"value_template": _value(_property(features.get("state", {"property": "state"}))),
                   "state_open": "OPEN", "state_closed": "CLOSE"}  # fmt: skip
    if "tilt" in features:
        config |= {
            "tilt_status_topic": place.state, "tilt_status_template": _value(_property(features["tilt"])),
            "tilt_command_topic": f"{place.state}/set/tilt",
        }  # fmt: skip
    found = place.announce("cover", name, config)
    if "position" in features:
        del found.config["state_topic"]
    yield found


def _climate(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    features = _features(expose)
    setpoint = next((features[name] for name in (
        "occupied_heating_setpoint", "current_heating_setpoint", "occupied_cooling_setpoint",
    ) if name in features), None)  # fmt: skip
    if setpoint is None:
        return
    target = _property(setpoint)
    config: dict[str, Any] = {
        "name": None, "temperature_unit": "F" if setpoint.get("unit") == "°F" else "C",
        "temperature_state_topic": place.state, "temperature_state_template": _value(target),
        "temperature_command_topic": f"{place.state}/set/{target}",
        **_numbers(setpoint, {"value_min": "min_temp", "value_max": "max_temp", "value_step": "temp_step"}),
    }  # fmt: skip
    if "local_temperature" in features:
        config |= {"current_temperature_topic": place.state,
                   "current_temperature_template": _value(_property(features["local_temperature"]))}  # fmt: skip
    modes = features.get("system_mode", {}).get("values")
    known = [each for each in modes if each in _CLIMATE_MODES] if isinstance(modes, list) else []
    if known:
        mode = _property(features["system_mode"])
        config |= {"modes": known, "mode_state_topic": place.state, "mode_state_template": _value(mode),
                   "mode_command_topic": f"{place.state}/set/{mode}"}  # fmt: skip
    else:
        config["modes"] = ["heat"]
    found = place.announce("climate", "climate", config)
    del found.config["state_topic"]
    yield found


_CLIMATE_MODES = ("off", "heat", "cool", "auto", "dry", "fan_only")


def _fan(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    feature = _features(expose).get("state")
    if feature is None:
        return
    name = _property(feature)
    yield place.announce("fan", "fan", {
        "name": None, "command_topic": f"{place.state}/set/{name}", "state_value_template": _value(name),
        "payload_on": _word(feature.get("value_on", "ON")), "payload_off": _word(feature.get("value_off", "OFF")),
    })  # fmt: skip


def _binary(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    name = _property(expose)
    if not name or not _access(expose) & PUBLISHED:
        return
    if _access(expose) & SETTABLE:
        settable = _settable_binary(place, expose)
        yield place.announce(
            "switch", f"switch_{name}", {"name": _title(expose), "entity_category": "config", **settable}
        )
        return
    device_class, category = _YES_NO.get(name, (None, None))
    on, off = expose.get("value_on", True), expose.get("value_off", False)
    config = {"name": _title(expose), "value_template": _value(name), "payload_on": on, "payload_off": off}
    config |= {k: v for k, v in (("device_class", device_class), ("entity_category", category)) if v is not None}
    yield place.announce("binary_sensor", name, config)


def _numeric(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    name = _property(expose)
    if not name or not _access(expose) & PUBLISHED:
        return
    device_class, state_class, category = _SENSORS.get(name, (None, None, None))
    unit = text_of(expose.get("unit")) or _UNITS.get(name)
    config: dict[str, Any] = {"name": _title(expose), "value_template": _value(name)}
    shown = (("unit_of_measurement", unit), ("entity_category", category))
    config |= {key: value for key, value in shown if value is not None}
    # A class without its unit would be refused.
    if unit is not None and device_class is not None:
        config["device_class"] = device_class
    if state_class is not None and unit is not None:
        config["state_class"] = state_class
    if name == "linkquality":
        config["enabled_by_default"] = False
    if _access(expose) & SETTABLE:
        limits = _numbers(expose, {"value_min": "min", "value_max": "max", "value_step": "step"})
        config.pop("state_class", None)
        config.pop("device_class", None)
        config |= {"entity_category": "config", "command_topic": f"{place.state}/set/{name}", **limits}
        yield place.announce("number", name, config)
        return
    yield place.announce("sensor", name, config)


def _enum(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    name, values = _property(expose), expose.get("values")
    if not name or not isinstance(values, list) or not _access(expose) & PUBLISHED:
        return
    options = [str(each) for each in values if isinstance(each, str | int)]
    config: dict[str, Any] = {"name": _title(expose), "value_template": _value(name)}
    if name == "action":
        template = "{% if value_json.action %}{{ {'event_type': value_json.action} | tojson }}{% else %}{}{% endif %}"
        yield place.announce(
            "event", name, {"name": _title(expose), "event_types": options, "value_template": template}
        )
    elif _access(expose) & SETTABLE and options:
        config |= {"options": options, "command_topic": f"{place.state}/set/{name}", "entity_category": "config"}
        yield place.announce("select", name, config)
    else:
        yield place.announce("sensor", name, config)


def _text(place: _Place, expose: Mapping[str, Any]) -> Iterator[Announcement]:
    name = _property(expose)
    if name and _access(expose) & PUBLISHED:
        yield place.announce("sensor", name, {"name": _title(expose), "value_template": _value(name)})


_MAKERS: Mapping[str, Callable[[_Place, Mapping[str, Any]], Iterator[Announcement]]] = {
    "light": _light, "switch": _switch, "lock": _lock, "cover": _cover, "climate": _climate, "fan": _fan,
    "binary": _binary, "numeric": _numeric, "enum": _enum, "text": _text,
}  # fmt: skip
