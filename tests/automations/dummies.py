"""Devices and services that stand for those of the recorded home."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marge.bridges.mqtt.incoming import Incoming
from marge.domains.calendar import CalendarEntity, CalendarEvent
from marge.domains.light import LightEntity
from marge.domains.switch import SwitchEntity
from marge.home import Home


class DemoLight(LightEntity):
    """A light that does what it is told, as the recorded demo integration's."""

    def __init__(self, is_on: bool, brightness: int = 180) -> None:
        self.name = "light"
        self.is_on = is_on
        self.supported_color_modes = {"color_temp", "hs"}
        self.color_mode = "color_temp"
        self.color_temp_kelvin = 2631
        self.brightness = brightness
        self.supported_features = 44

    def turn_on(self, **data: Any) -> None:
        self.is_on = True
        if "brightness" in data:
            self.brightness = data["brightness"]

    def turn_off(self, **_data: Any) -> None:
        self.is_on = False


class DemoSwitch(SwitchEntity):
    def __init__(self, is_on: bool) -> None:
        self.is_on = is_on

    def turn_on(self, **_data: Any) -> None:
        self.is_on = True

    def turn_off(self, **_data: Any) -> None:
        self.is_on = False


class DemoCalendar(CalendarEntity):
    """A calendar with one event of a minute and 56 seconds."""

    def __init__(self, home: Home, summary: str, start: datetime) -> None:
        super().__init__(home)
        end = start + timedelta(seconds=116)
        self._only = CalendarEvent(start, end, summary, "d", "loc", "92cb684e-e508-11f1-b475-02fc00000001")

    def events_between(self, start: datetime, end: datetime) -> list[CalendarEvent]:
        return [self._only] if self._only.start < end and self._only.end > start else []


class DummyTopics:
    """The MQTT bridge as triggers see it, with `mqtt.publish` for the stimuli."""

    def __init__(self, home: Home) -> None:
        self._handlers: list[tuple[str, Any]] = []
        home.services.register("mqtt", "publish", lambda call: self._publish(call.data))

    def follow(self, topic_filter: str, handler: Any, _qos: int = 0) -> Any:
        self._handlers.append((topic_filter, handler))
        return lambda: self._handlers.remove((topic_filter, handler))

    def _publish(self, data: Mapping[str, Any]) -> None:
        for topic_filter, handler in self._handlers:
            expression = topic_filter.replace("/#", "(/.*)?").replace("+", "[^/]+")
            if re.fullmatch(expression, data["topic"]):
                handler(Incoming(data["topic"], str(data["payload"]).encode()))
