"""MQTT device trackers: a place by name, or a position in the JSON attributes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, string, subscribe_topic, template
from marge.domains.device_tracker import DeviceTrackerEntity
from marge.domains.zone import place_name, zone_at

if TYPE_CHECKING:
    from marge.home import Home

HOME, NOT_HOME = "home", "not_home"


def _has_source(config: dict[str, Any]) -> dict[str, Any]:
    if "state_topic" not in config and "json_attributes_topic" not in config:
        raise vol.Invalid("Invalid device tracker config, missing state_topic or json_attributes_topic")
    return config


SCHEMA = entity_schema(
    {
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("payload_home", default=HOME): string,
        vol.Optional("payload_not_home", default=NOT_HOME): string,
        vol.Optional("payload_reset", default=PAYLOAD_NONE): string,
        vol.Optional("source_type", default="gps"): one_of("gps", "router", "bluetooth", "bluetooth_le"),
    },
    _has_source,
)


class MqttDeviceTracker(MqttEntity, DeviceTrackerEntity):
    """Shows the place that was named; else the zone of its position. Takes no commands.

    Attributes:
        named: the place by name; None: the position counts.
    """

    named: str | None = None

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {**super().fields(config, home), "source_type": config["source_type"]}

    @property
    def assumes(self) -> bool:
        return False

    def state_value(self) -> str | None:
        if self.named is not None:
            return self.named
        if self.latitude is None or self.longitude is None:
            return None
        states = self.outlet.home.states
        return place_name(zone_at(states, self.latitude, self.longitude, self.gps_accuracy or 0))


class DeviceTrackerMapping(Mapping):
    """Reads `state_topic`, and the position from the JSON attributes."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        if not payload.strip():
            return
        if payload == config["payload_home"]:
            self.report(named=HOME)
        elif payload == config["payload_not_home"]:
            self.report(named=NOT_HOME)
        elif payload == config["payload_reset"]:
            self.report(named=None)
        else:
            self.report(named=payload[:255])

    def take_attributes(self, attributes: dict[str, Any]) -> None:
        values: dict[str, Any] = {"latitude": None, "longitude": None, "gps_accuracy": None}
        if "latitude" in attributes and "longitude" in attributes:
            for key in ("latitude", "longitude"):
                values[key] = _degrees(attributes[key], key)
            accuracy = attributes.get("gps_accuracy", 0)
            if not isinstance(accuracy, (int, float)) or not math.isfinite(accuracy):
                raise ValueError(f"gps_accuracy {str(accuracy)[:50]!r} is no number")
            values["gps_accuracy"] = accuracy
        shown = {key: value for key, value in attributes.items() if key not in values or values[key] is None}
        self.report(extra_attributes=shown, **values)


def _degrees(value: Any, name: str) -> float | int:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not -180 <= value <= 180:
        raise ValueError(f"{name} {str(value)[:50]!r} is no number of degrees")
    return value


COMPONENT = Component("device_tracker", SCHEMA, MqttDeviceTracker, DeviceTrackerMapping, "MQTT Device tracker")
