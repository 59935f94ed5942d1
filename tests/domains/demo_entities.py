"""Simulated devices shaped like those of the recording: the domains' own base classes plus what the device adds.

`make(entity_id, state, attributes)` builds one from a recorded state; `load` puts it into another recorded state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from marge.domains.alarm_control_panel import AlarmControlPanelEntity
from marge.domains.button import ButtonEntity
from marge.domains.camera import CameraEntity
from marge.domains.climate import ClimateEntity
from marge.domains.cover import CoverEntity
from marge.domains.date import DateEntity
from marge.domains.fan import FanEntity
from marge.domains.humidifier import HumidifierEntity
from marge.domains.light import LightEntity
from marge.domains.lock import LockEntity
from marge.domains.media_player import MediaPlayerEntity
from marge.domains.notify import NotifyEntity
from marge.domains.number import NumberEntity
from marge.domains.select import SelectEntity
from marge.domains.sensor import SensorEntity
from marge.domains.siren import SirenEntity
from marge.domains.switch import SwitchEntity
from marge.domains.text import TextEntity
from marge.domains.time import TimeEntity
from marge.domains.update import UpdateEntity
from marge.domains.vacuum import VacuumEntity
from marge.domains.valve import ValveEntity
from marge.domains.water_heater import WaterHeaterEntity
from marge.domains.weather import WeatherEntity
from marge.entities import Entity
from marge.errors import ServiceValidationError

Attributes = Mapping[str, Any]


class DemoLight(LightEntity):
    # What the recorded bed light came back with when it was turned on first.
    color_mode: str | None = "color_temp"
    color_temp_kelvin: int | None = 4166
    brightness: int | None = 180
    effect: str | None = "rainbow"

    def load(self, state: str, shown: Attributes) -> None:
        self.supported_color_modes = frozenset(shown["supported_color_modes"])
        self.effect_list = shown.get("effect_list")
        self.min_color_temp_kelvin = shown.get("min_color_temp_kelvin", self.min_color_temp_kelvin)
        self.max_color_temp_kelvin = shown.get("max_color_temp_kelvin", self.max_color_temp_kelvin)
        self.is_on = state == "on"
        if not self.is_on:  # a lamp that is off shows nothing of what it will come back with
            return
        self.color_mode = shown["color_mode"]
        self.brightness = shown.get("brightness")
        self.effect = shown.get("effect")
        for field in ("color_temp_kelvin", "hs_color", "rgb_color", "xy_color", "rgbw_color", "rgbww_color"):
            if shown.get(field) is not None:
                value = shown[field]
                setattr(self, field, tuple(value) if isinstance(value, list) else value)


class DemoSwitch(SwitchEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_on = state == "on"


class DemoLock(LockEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_locked, self.is_open, self.is_jammed = state == "locked", state == "open", state == "jammed"

    def lock(self, **code: str) -> None:
        super().lock(**code)
        if "poorly" in self.entity_id:
            self.is_locked, self.is_jammed = False, True


class DemoAlarm(AlarmControlPanelEntity):
    """A panel that keeps its own code and arms with a delay."""

    previous: str | None = None
    coming: str | None = None

    def load(self, state: str, shown: Attributes) -> None:
        self.alarm_state = state
        self.code_format, self.code_arm_required = shown["code_format"], shown["code_arm_required"]
        self.previous, self.coming = shown.get("previous_state"), shown.get("next_state")

    def state_attributes(self) -> dict[str, Any]:
        return {**super().state_attributes(), "previous_state": self.previous, "next_state": self.coming}

    def _check(self, code: str | None) -> None:
        if code != "1234":
            raise ServiceValidationError(
                "Invalid alarm code provided", translation_key="invalid_code", translation_domain="manual"
            )

    def alarm_disarm(self, code: str | None = None) -> None:
        self._check(code)
        self.alarm_state, self.previous, self.coming = "disarmed", None, None

    def _arm(self, state: str, code: str | None) -> None:
        self._check(code)
        self.previous, self.coming, self.alarm_state = self.alarm_state, state, "arming"

    def alarm_arm_away(self, code: str | None = None) -> None:
        self._arm("armed_away", code)

    def alarm_arm_night(self, code: str | None = None) -> None:
        self._arm("armed_night", code)

    def alarm_arm_vacation(self, code: str | None = None) -> None:
        self._arm("armed_vacation", code)

    def alarm_arm_custom_bypass(self, code: str | None = None) -> None:
        self._arm("armed_custom_bypass", code)


class DemoClimate(ClimateEntity):
    home_unit = "°F"

    def load(self, state: str, shown: Attributes) -> None:
        # The recorded heat pump and the generic thermostat speak °F, the others °C.
        self.temperature_unit = "°C" if self.entity_id in ("climate.hvac", "climate.ecobee") else "°F"

        def native(value: float | None) -> float | None:
            if value is None or self.temperature_unit == "°F":
                return value
            return (value - 32) / 1.8

        self.hvac_mode, self.hvac_modes = state, shown["hvac_modes"]
        self.hvac_action = shown.get("hvac_action")
        self.current_temperature = native(shown.get("current_temperature"))
        self.target_temperature = native(shown.get("temperature"))
        self.target_temperature_high = native(shown.get("target_temp_high"))
        self.target_temperature_low = native(shown.get("target_temp_low"))
        self.target_temperature_step = shown.get("target_temp_step")
        self.current_humidity, self.target_humidity = shown.get("current_humidity"), shown.get("humidity")
        for field in ("fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode"):
            setattr(self, field, shown.get(field))
            setattr(self, f"{field}s", shown.get(f"{field}s"))

    def set_hvac_mode(self, hvac_mode: str) -> None:
        super().set_hvac_mode(hvac_mode)
        if self.entity_id == "climate.rec_gt":
            self.hvac_action = "off" if hvac_mode == "off" else "idle"


class DemoWaterHeater(WaterHeaterEntity):
    home_unit = temperature_unit = "°F"

    def load(self, state: str, shown: Attributes) -> None:
        self.operation_mode, self.operation_list = state, shown["operation_list"]
        self.target_temperature, self.target_temperature_step = shown["temperature"], shown["target_temp_step"]
        self.is_away = shown["away_mode"] == "on"


class DemoHumidifier(HumidifierEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_on = state == "on"
        self.target_humidity, self.current_humidity = shown.get("humidity"), shown.get("current_humidity")
        self.mode, self.available_modes = shown.get("mode"), shown.get("available_modes")
        self.action = "humidifying" if "action" in shown else None


class DemoFan(FanEntity):
    speed_count = 3

    def load(self, state: str, shown: Attributes) -> None:
        self.is_on = state == "on"
        self.percentage, self.preset_mode = shown.get("percentage"), shown.get("preset_mode")
        self.preset_modes = shown.get("preset_modes")
        self.current_direction, self.oscillating = shown.get("direction"), shown.get("oscillating")

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> None:
        if preset_mode is None and percentage is None and self.supported_features & 1:
            percentage = 67
        if not self.supported_features & 1:
            percentage = None
        super().turn_on(percentage, preset_mode)

    def turn_off(self, **_more: Any) -> None:
        super().turn_off()
        if self.entity_id == "fan.percentage_full_fan":
            self.oscillating = False  # as the recorded fan does


class DemoSiren(SirenEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_on, self.available_tones = state == "on", shown.get("available_tones")


class DemoCover(CoverEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_closed = state == "closed"
        self.is_opening, self.is_closing = state == "opening", state == "closing"
        self.current_position = shown.get("current_position")
        self.current_tilt_position = shown.get("current_tilt_position")

    # Those that know their position take seconds to get anywhere; the rows look after 50 ms.

    def _move(self, up: bool) -> None:
        self.is_opening, self.is_closing = up, not up

    def open_cover(self) -> None:
        if self.current_position is None:
            super().open_cover()
        else:
            self._move(True)

    def close_cover(self) -> None:
        if self.current_position is None:
            super().close_cover()
        else:
            self._move(False)

    def stop_cover(self) -> None:
        """It coasts."""

    def set_cover_position(self, position: int) -> None:
        """It takes a while."""

    def open_cover_tilt(self) -> None:
        """It takes a while."""

    close_cover_tilt = open_cover_tilt

    def set_cover_tilt_position(self, tilt_position: int) -> None:
        """It takes a while."""


class DemoSensor(SensorEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.native_value, self.state_class = state, shown.get("state_class")
        self.extra_attributes = {"battery_level": shown["battery_level"]} if "battery_level" in shown else {}


class DemoValve(ValveEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_closed = state == "closed"


class DemoVacuum(VacuumEntity):
    area: float = 0

    def load(self, state: str, shown: Attributes) -> None:
        self.activity, self.area = state, shown["cleaned_area"]
        self.battery_level, self.fan_speed = shown.get("battery_level"), shown.get("fan_speed")
        self.fan_speed_list = shown.get("fan_speed_list", [])

    def start(self) -> None:
        if self.activity != "cleaning":
            super().start()
            self.area += 1.32
            self.battery_level = (self.battery_level or 0) - 1

    def locate(self) -> None:
        self.activity = "idle"  # as the recorded robot does

    def clean_spot(self) -> None:
        super().clean_spot()

    def state_attributes(self) -> dict[str, Any]:
        return {**super().state_attributes(), "cleaned_area": self.area}


class DemoCamera(CameraEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.is_streaming, self.detects_motion = state == "streaming", shown.get("motion_detection", False)

    def turn_on(self) -> None:
        self.is_on = self.is_streaming = True

    def turn_off(self) -> None:
        self.is_on = self.is_streaming = False


class DemoNumber(NumberEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.value, self.mode = float(state), shown["mode"]
        self.minimum, self.maximum, self.step = shown["min"], shown["max"], shown["step"]


class DemoSelect(SelectEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.current_option, self.options = state, shown["options"]


class DemoText(TextEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.value, self.mode, self.pattern = state, shown["mode"], shown["pattern"]
        self.minimum, self.maximum = shown["min"], shown["max"]


class DemoDate(DateEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.value = dt.date.fromisoformat(state)


class DemoTime(TimeEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.value = dt.time.fromisoformat(state)


class DemoButton(ButtonEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.pressed_at = None if state == "unknown" else 0.0


class DemoNotify(NotifyEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.notified_at = None if state == "unknown" else 0.0


class DemoWeather(WeatherEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.condition = state
        others = ("friendly_name", "supported_features", "attribution")
        self.readings = {key: value for key, value in shown.items() if key not in others}
        self.attribution = shown.get("attribution")

    def forecast(self, kind: str) -> list[dict[str, Any]]:
        return [{"condition": "rainy", "temperature": 72}]


class DemoUpdate(UpdateEntity):
    def load(self, state: str, shown: Attributes) -> None:
        for field in shown:
            if field != "supported_features" and hasattr(UpdateEntity, field):
                setattr(self, field, shown[field])

    def install(self, version: str | None = None, backup: bool = False) -> None:
        self.installed_version = version or self.latest_version


class DemoPlayer(MediaPlayerEntity):
    def load(self, state: str, shown: Attributes) -> None:
        self.playback = state
        self.source_list, self.sound_mode_list = shown.get("source_list"), shown.get("sound_mode_list")
        self.group_members = shown.get("group_members")
        if state != "off":
            self.details = dict(shown)

    def turn_on(self) -> None:
        self.playback = "playing"

    def media_stop(self) -> None:
        self.playback = "off"

    def clear_playlist(self) -> None:
        self.playback = "off"

    def media_next_track(self) -> None:
        """Which track plays is not simulated."""

    def media_previous_track(self) -> None:
        """Which track plays is not simulated."""

    def play_media(self, media_type: str, media_id: str, **more: Any) -> None:
        self.update_details(media_content_id=media_id)
        self.playback = "playing"

    def join_players(self, group_members: list[str]) -> None:
        self.group_members = [self.entity_id, *group_members]

    def unjoin_player(self) -> None:
        self.group_members = []


KINDS: Mapping[str, Callable[[], Any]] = {
    "light": DemoLight, "switch": DemoSwitch, "lock": DemoLock, "alarm_control_panel": DemoAlarm,
    "climate": DemoClimate, "water_heater": DemoWaterHeater, "humidifier": DemoHumidifier, "fan": DemoFan,
    "siren": DemoSiren, "cover": DemoCover, "valve": DemoValve, "vacuum": DemoVacuum, "camera": DemoCamera,
    "number": DemoNumber, "select": DemoSelect, "text": DemoText, "date": DemoDate, "time": DemoTime,
    "button": DemoButton, "notify": DemoNotify, "weather": DemoWeather, "update": DemoUpdate,
    "media_player": DemoPlayer, "sensor": DemoSensor,
}  # fmt: skip


def make(entity_id: str, state: str, shown: Attributes) -> Entity | None:
    """An entity like the recorded one; None for domains that have none here."""
    kind = KINDS.get(entity_id.partition(".")[0])
    if kind is None:
        return None
    entity: Any = kind()
    entity.entity_id = entity_id
    load(entity, state, shown)
    return entity


def load(entity: Any, state: str, shown: Attributes) -> None:
    """Put the device into a recorded state."""
    entity.name = shown.get("friendly_name")
    entity.icon = shown.get("icon")
    entity.device_class = shown.get("device_class")
    entity.unit_of_measurement = shown.get("unit_of_measurement")
    if "supported_features" in shown:
        entity.supported_features = shown["supported_features"]
    entity.load(state, shown)
