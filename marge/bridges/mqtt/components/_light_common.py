"""What the schemas of MQTT lights share: colour modes, temperature limits, scales. Pure but for the base entity."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.mapping import Mapping
from marge.bridges.mqtt.schema import boolean, positive_int
from marge.domains._color import mired_to_kelvin
from marge.domains._light_params import COLOR_MODES_WITH_BRIGHTNESS, COLOR_MODES_WITH_COLOR
from marge.domains.light import DEFAULT_MAX_KELVIN, DEFAULT_MIN_KELVIN, LightEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

COLOR_MODES = ("brightness", "color_temp", "hs", "onoff", "rgb", "rgbw", "rgbww", "white", "xy")
UNKNOWN_MODE = "unknown"

scale = vol.All(vol.Coerce(int), vol.Range(min=1))
TEMPERATURE_KEYS: dict[Any, Any] = {
    vol.Optional("color_temp_kelvin", default=False): boolean,
    vol.Optional("min_mireds"): positive_int,
    vol.Optional("max_mireds"): positive_int,
    vol.Optional("min_kelvin"): positive_int,
    vol.Optional("max_kelvin"): positive_int,
}


def check_modes(modes: Collection[str]) -> frozenset[str]:
    """The modes as a set, if a light can have them together."""
    found = frozenset(modes)
    wrong = (
        not found
        or (len(found) > 1 and found & {"onoff", "brightness"})
        or ("white" in found and not found & COLOR_MODES_WITH_COLOR)
    )
    if wrong:
        raise vol.Invalid(f"Invalid supported_color_modes {sorted(modes)}")
    return found


def kelvin_limits(config: ReadMapping[str, Any]) -> tuple[int, int]:
    """The coldest and warmest white in kelvin: (lowest, highest)."""
    lowest, highest = config.get("min_kelvin"), config.get("max_kelvin")
    if lowest is None and config.get("max_mireds"):
        lowest = mired_to_kelvin(config["max_mireds"])
    if highest is None and config.get("min_mireds"):
        highest = mired_to_kelvin(config["min_mireds"])
    return lowest or DEFAULT_MIN_KELVIN, highest or DEFAULT_MAX_KELVIN


def has_brightness(modes: Collection[str]) -> bool:
    return bool(COLOR_MODES_WITH_BRIGHTNESS.intersection(modes))


def from_device(value: float, device_scale: int) -> int:
    """A device's brightness as 0–255."""
    return min(round(value / device_scale * 255), 255)


def to_device(brightness: int, device_scale: int) -> int:
    """0–255 as the device's brightness; what is on is at least 1."""
    value = min(round(brightness / 255 * device_scale), device_scale)
    return max(value, 1) if brightness > 0 else value


class MqttLightBase(MqttEntity, LightEntity):
    """What lights of all schemas do."""

    @classmethod
    def modes(cls, config: ReadMapping[str, Any]) -> frozenset[str]:
        """The colour modes of a light with this configuration."""
        raise NotImplementedError

    @classmethod
    def features(cls, config: ReadMapping[str, Any]) -> int:
        raise NotImplementedError

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        lowest, highest = kelvin_limits(config)
        return {
            **super().fields(config, home),
            "supported_color_modes": cls.modes(config),
            "supported_features": cls.features(config),
            "effect_list": config.get("effect_list"),
            "min_color_temp_kelvin": lowest,
            "max_color_temp_kelvin": highest,
        }

    def on_add(self) -> None:
        if self.color_mode is None:
            self.color_mode = self.first_mode()
        super().on_add()

    def first_mode(self) -> str:
        """The colour mode before any was reported."""
        modes = self.supported_color_modes
        return next(iter(modes)) if len(modes) == 1 else UNKNOWN_MODE

    def restore(self, state: State) -> None:
        self.is_on = state.state == "on"
        attributes = state.attributes
        if isinstance(brightness := attributes.get("brightness"), int):
            self.brightness = brightness
        mode = attributes.get("color_mode")
        if mode in self.supported_color_modes:
            self.color_mode = mode
        for key in ("color_temp_kelvin", "hs_color", "xy_color", "rgb_color", "rgbw_color", "rgbww_color"):
            value = attributes.get(key)
            if isinstance(value, (list, tuple)):
                setattr(self, key, tuple(value))
            elif value is not None:
                setattr(self, key, value)

    def assume_initial(self) -> None:
        self.is_on = False


class LightMappingBase(Mapping):
    """What mappings of all schemas know."""

    @property
    def modes(self) -> frozenset[str]:
        entity: Any = self.component.entity
        modes: frozenset[str] = entity.modes(self.config)
        return modes
