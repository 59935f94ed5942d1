"""The entities of things behind a Hue bridge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marge.bridges.hue.reading import COLORLOOP, MOVES, NO_EFFECT, pressed, when_of
from marge.bridges.lan.entity import LanEntity
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.event import EventEntity
from marge.domains.light import LightEntity
from marge.domains.sensor import SensorEntity


class HueEntity(LanEntity):
    """`about`: the attributes that all of them have; `more`: of this one."""

    about: Mapping[str, Any] = {}
    more: Mapping[str, Any] = {}

    @property
    def extra_attributes(self) -> Mapping[str, Any]:  # type: ignore[override]
        return {**self.about, **self.more}


class HueLight(HueEntity, LightEntity):
    """A lamp, or all lamps of a room."""

    effect_list: list[str] | None = [NO_EFFECT, COLORLOOP]
    is_hue_group = False

    @property
    def extra_attributes(self) -> Mapping[str, Any]:  # type: ignore[override]
        return {**self.about, "is_hue_group": self.is_hue_group}

    def turn_on(self, **params: Any) -> Any:
        return self.send("turn", on=True, **params)

    def turn_off(self, **params: Any) -> Any:
        return self.send("turn", on=False, **params)


class HueSensor(HueEntity, SensorEntity):
    """Something measured."""


class HueMotion(HueEntity, BinarySensorEntity):
    """Somebody is there."""


class HueButtons(HueEntity, EventEntity):
    """A switch: which button was pressed last, and how.

    Attributes:
        press: the bridge's number and time of it. What was pressed before the server heard of the switch is no news.
    """

    event_types = list(MOVES)
    press: tuple[int, str] | None = None
    _is_known = False

    def apply(self, values: Mapping[str, Any]) -> None:
        before = self.press
        super().apply(values)
        if self.press is not None and self.press != before and self._is_known:
            button, move = pressed(self.press[0])
            self.event_type = move
            self.event_data = {"button": button, "button_event": self.press[0]}
            self.happened_at = when_of(self.press[1])
        self._is_known = True


def entity_of(kind: str, home_units: Mapping[str, str] | None) -> HueEntity:
    """A new entity for a thing, without its values."""
    match kind:
        case "light":
            return HueLight()
        case "motion":
            motion = HueMotion()
            motion.device_class = "motion"
            return motion
        case "buttons":
            buttons = HueButtons()
            buttons.device_class = "button"
            return buttons
    sensor = HueSensor()
    sensor.device_class = kind
    sensor.native_unit = {"temperature": "°C", "illuminance": "lx", "battery": "%"}[kind]
    sensor.state_class, sensor.home_units = "measurement", home_units
    return sensor
