"""MQTT binary sensors."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._onoff import is_on_by_payload
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    positive_float,
    positive_int,
    string,
    with_state_topic,
)
from marge.domains.binary_sensor import BinarySensorEntity

if TYPE_CHECKING:
    from marge.home import Home

DEVICE_CLASSES = (
    "battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door", "garage_door", "gas", "heat",
    "light", "lock", "moisture", "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "problem",
    "running", "safety", "smoke", "sound", "tamper", "update", "vibration", "window",
)  # fmt: skip

SCHEMA = entity_schema(
    {
        **with_state_topic(),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("off_delay"): positive_float,
        vol.Optional("expire_after"): positive_int,
        vol.Optional("force_update", default=False): boolean,
        vol.Optional("device_class"): vol.Any(None, one_of(*DEVICE_CLASSES)),
    }
)


class MqttBinarySensor(MqttEntity, BinarySensorEntity):
    """Takes no commands."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {**super().fields(config, home), "force_update": config["force_update"]}

    @property
    def assumes(self) -> bool:
        return False


class BinarySensorMapping(Mapping):
    """Reads `state_topic`; with `off_delay` it turns off by itself."""

    expires = True

    def topics(self) -> Iterable[tuple[str, Handler]]:
        yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        known, is_on = is_on_by_payload(
            payload, config["payload_on"], config["payload_off"], native=self.port.is_native
        )
        if not known:
            return
        self.cancel_timer("off")
        if is_on and config.get("off_delay"):
            self.set_timer("off", config["off_delay"])
        self.report(is_on=is_on)

    def on_timer(self, name: str) -> None:
        self.report(is_on=False)


COMPONENT = Component("binary_sensor", SCHEMA, MqttBinarySensor, BinarySensorMapping, "MQTT Binary sensor")
