"""Puts a device of the demo bridge into a recorded state, and makes more of its kind where a row has others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from marge.bridges.demo.bridge import all_items
from marge.bridges.demo.devices.fan import DemoFan
from marge.domains.climate import ClimateEntity
from marge.domains.light import LightEntity
from marge.domains.select import SelectEntity
from marge.domains.sensor import SensorEntity
from marge.domains.switch import SwitchEntity
from marge.entities import Entity
from marge.home import Home

Attributes = Mapping[str, Any]


class RecordedThermostat(ClimateEntity):
    """The recorded generic thermostat: idle while it is warm enough."""

    def set_hvac_mode(self, hvac_mode: str) -> None:
        super().set_hvac_mode(hvac_mode)
        self.hvac_action = "off" if hvac_mode == "off" else "idle"


OTHERS: Mapping[str, Callable[[], Entity]] = {
    "climate": RecordedThermostat, "fan": DemoFan, "light": LightEntity, "select": SelectEntity,
    "sensor": SensorEntity, "switch": SwitchEntity,
}  # fmt: skip


def devices(home: Home) -> dict[str, Entity]:
    """The bridge's devices by entity id, not added yet."""
    found = {}
    for item in all_items(home):
        item.entity.entity_id = item.entity_id
        found[item.entity_id] = item.entity
    return found


def other(entity_id: str) -> Entity | None:
    """A device that the bridge does not have; None for kinds that have none here."""
    kind = OTHERS.get(entity_id.partition(".")[0])
    if kind is None:
        return None
    entity: Any = kind()
    entity.entity_id = entity_id
    if isinstance(entity, ClimateEntity):
        entity.home_unit = entity.temperature_unit = "°F"
    return entity


def load(entity: Any, state: str, shown: Attributes) -> None:
    """Put the device into a recorded state."""
    entity.name = shown.get("friendly_name")
    entity.icon = shown.get("icon")
    entity.device_class = shown.get("device_class")
    entity.unit_of_measurement = shown.get("unit_of_measurement")
    if "supported_features" in shown:
        entity.supported_features = shown["supported_features"]
    if hasattr(entity, "hold"):
        entity.hold()
        entity.interrupted()
    loader = globals().get(f"_{entity.domain}")
    if loader is not None:
        loader(entity, state, shown)


def _light(entity: Any, state: str, shown: Attributes) -> None:
    entity.supported_color_modes = frozenset(shown["supported_color_modes"])
    entity.effect_list = shown.get("effect_list")
    entity.min_color_temp_kelvin = shown.get("min_color_temp_kelvin", entity.min_color_temp_kelvin)
    entity.max_color_temp_kelvin = shown.get("max_color_temp_kelvin", entity.max_color_temp_kelvin)
    entity.is_on = state == "on"
    if not entity.is_on:  # a lamp that is off shows nothing of what it will come back with
        return
    entity.color_mode = shown["color_mode"]
    entity.brightness = shown.get("brightness")
    entity.effect = shown.get("effect")
    for field in ("color_temp_kelvin", "hs_color", "rgb_color", "xy_color", "rgbw_color", "rgbww_color"):
        if shown.get(field) is not None:
            value = shown[field]
            setattr(entity, field, tuple(value) if isinstance(value, list) else value)


def _on_off(entity: Any, state: str, _shown: Attributes) -> None:
    entity.is_on = state == "on"


_switch = _binary_sensor = _on_off


def _siren(entity: Any, state: str, shown: Attributes) -> None:
    entity.is_on, entity.available_tones = state == "on", shown.get("available_tones")


def _lock(entity: Any, state: str, _shown: Attributes) -> None:
    entity.is_locked, entity.is_open, entity.is_jammed = state == "locked", state == "open", state == "jammed"


def _alarm_control_panel(entity: Any, state: str, shown: Attributes) -> None:
    entity.alarm_state = state
    entity.code_format, entity.code_arm_required = shown["code_format"], shown["code_arm_required"]
    entity.previous, entity.coming = shown.get("previous_state"), shown.get("next_state")


def _climate(entity: Any, state: str, shown: Attributes) -> None:
    def native(value: float | None) -> float | None:
        return value if value is None or entity.temperature_unit == "°F" else (value - 32) / 1.8

    entity.hvac_mode, entity.hvac_modes = state, shown["hvac_modes"]
    entity.hvac_action = shown.get("hvac_action")
    entity.current_temperature = native(shown.get("current_temperature"))
    entity.target_temperature = native(shown.get("temperature"))
    entity.target_temperature_high = native(shown.get("target_temp_high"))
    entity.target_temperature_low = native(shown.get("target_temp_low"))
    entity.target_temperature_step = shown.get("target_temp_step")
    entity.current_humidity, entity.target_humidity = shown.get("current_humidity"), shown.get("humidity")
    for field in ("fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode"):
        setattr(entity, field, shown.get(field))
        setattr(entity, f"{field}s", shown.get(f"{field}s"))


def _water_heater(entity: Any, state: str, shown: Attributes) -> None:
    entity.operation_mode, entity.operation_list = state, shown["operation_list"]
    wanted = shown["temperature"]
    entity.target_temperature = wanted if entity.temperature_unit == "°F" else (wanted - 32) / 1.8
    entity.target_temperature_step = shown["target_temp_step"]
    entity.is_away = shown["away_mode"] == "on"


def _humidifier(entity: Any, state: str, shown: Attributes) -> None:
    entity.is_on = state == "on"
    entity.target_humidity, entity.current_humidity = shown.get("humidity"), shown.get("current_humidity")
    entity.mode, entity.available_modes = shown.get("mode"), shown.get("available_modes")


def _fan(entity: Any, state: str, shown: Attributes) -> None:
    entity.is_on = state == "on"
    entity.percentage, entity.preset_mode = shown.get("percentage"), shown.get("preset_mode")
    entity.preset_modes = shown.get("preset_modes")
    entity.current_direction, entity.oscillating = shown.get("direction"), shown.get("oscillating")


def _cover(entity: Any, state: str, shown: Attributes) -> None:
    entity.current_position = shown.get("current_position")
    entity.current_tilt_position = shown.get("current_tilt_position")
    entity.is_closed = state == "closed" if entity.current_position is None else entity.current_position == 0
    if state in ("opening", "closing"):
        entity.open_cover() if state == "opening" else entity.close_cover()


def _valve(entity: Any, state: str, _shown: Attributes) -> None:
    entity.is_closed = state == "closed"


def _vacuum(entity: Any, state: str, shown: Attributes) -> None:
    entity.activity, entity.area = state, shown["cleaned_area"]
    entity.battery_level, entity.fan_speed = shown.get("battery_level"), shown.get("fan_speed")
    entity.fan_speed_list = shown.get("fan_speed_list", [])


def _camera(entity: Any, state: str, shown: Attributes) -> None:
    entity.is_streaming, entity.detects_motion = state == "streaming", shown.get("motion_detection", False)


def _number(entity: Any, state: str, shown: Attributes) -> None:
    if entity.native_unit is not None:  # the row is in the home's unit
        entity.unit_of_measurement = None
        entity.value = (float(state) - 32) / 1.8
        return
    entity.value, entity.mode = float(state), shown["mode"]
    entity.minimum, entity.maximum, entity.step = shown["min"], shown["max"], shown["step"]


def _select(entity: Any, state: str, shown: Attributes) -> None:
    entity.current_option, entity.options = state, shown["options"]


def _text(entity: Any, state: str, shown: Attributes) -> None:
    entity.value, entity.mode, entity.pattern = state, shown["mode"], shown["pattern"]
    entity.minimum, entity.maximum = shown["min"], shown["max"]


def _date(entity: Any, state: str, _shown: Attributes) -> None:
    entity.value = dt.date.fromisoformat(state)


def _time(entity: Any, state: str, _shown: Attributes) -> None:
    entity.value = dt.time.fromisoformat(state)


def _datetime(entity: Any, state: str, _shown: Attributes) -> None:
    entity.value = dt.datetime.fromisoformat(state)


def _button(entity: Any, state: str, _shown: Attributes) -> None:
    entity.pressed_at = None if state == "unknown" else 0.0


def _notify(entity: Any, state: str, _shown: Attributes) -> None:
    entity.notified_at = None if state == "unknown" else 0.0


def _sensor(entity: Any, state: str, shown: Attributes) -> None:
    entity.native_value, entity.state_class, entity.native_unit = state, shown.get("state_class"), None
    entity.extra_attributes = {"battery_level": shown["battery_level"]} if "battery_level" in shown else {}


def _update(entity: Any, _state: str, shown: Attributes) -> None:
    entity.entity_picture = shown.get("entity_picture")
    for field in ("installed_version", "latest_version", "skipped_version", "title", "release_summary", "release_url"):
        setattr(entity, field, shown[field])


def _media_player(entity: Any, state: str, shown: Attributes) -> None:
    entity.playback = state
    entity.source_list, entity.sound_mode_list = shown.get("source_list"), shown.get("sound_mode_list")
    entity.group_members = shown.get("group_members")
    if state == "off":
        return
    names = ("volume_level", "is_volume_muted", "sound_mode", "shuffle", "repeat", "source", "media_content_id")
    entity.update_details(**{name: shown.get(name) for name in names})
    if "media_track" in shown:
        entity.track = shown["media_track"] - 1
    if "media_episode" in shown:
        entity.episode = int(shown["media_episode"])
    if "media_position" in shown:
        entity.position = shown["media_position"]
        entity.measured_at = entity.home.clock.now() if state == "playing" else None
