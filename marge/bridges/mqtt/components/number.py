"""MQTT numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import Handler, Mapping
from marge.bridges.mqtt.schema import entity_schema, one_of, string, with_command_topic
from marge.domains.number import NumberEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

_number = vol.Coerce(float)


def _check_range(config: dict[str, Any]) -> dict[str, Any]:
    if config["min"] > config["max"]:
        raise vol.Invalid("'max' must be >= 'min'")
    return config


SCHEMA = entity_schema(
    {
        **with_command_topic(),
        vol.Optional("min", default=0.0): _number,
        vol.Optional("max", default=100.0): _number,
        vol.Optional("step", default=1.0): vol.All(_number, vol.Range(min=1e-3)),
        vol.Optional("mode", default="auto"): one_of("auto", "box", "slider"),
        vol.Optional("payload_reset", default="None"): string,
        vol.Optional("unit_of_measurement"): vol.Any(None, string),
        vol.Optional("device_class"): vol.Any(None, string),
    },
    _check_range,
)


def plain(value: float) -> float | int:
    """12.0 as 12: devices and people write whole numbers without a point."""
    return int(value) if float(value).is_integer() else value


class MqttNumber(MqttEntity, NumberEntity):
    """Publishes the value."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {
            **super().fields(config, home),
            "minimum": config["min"],
            "maximum": config["max"],
            "step": config["step"],
            "mode": config["mode"],
            "native_unit": config.get("unit_of_measurement") or None,
            "home_unit": home.config.units["temperature"],
        }

    def set_value(self, value: float) -> None:
        self.command("command_topic", plain(value))
        if self.assumes:
            self.value = plain(value)

    def restore(self, state: State) -> None:
        try:
            self.value = plain(float(state.state))
        except ValueError:
            return


class NumberMapping(Mapping):
    """Reads `state_topic`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        config = self.config
        payload = self.render(config.get("value_template"), message)
        if not payload:
            return
        if payload == config["payload_reset"]:
            self.report(value=None)
            return
        value = float(payload)
        if not math.isfinite(value) or not config["min"] <= value <= config["max"]:
            raise ValueError(f"{value} is outside the range {config['min']} - {config['max']}")
        self.report(value=plain(value))


COMPONENT = Component("number", SCHEMA, MqttNumber, NumberMapping, "MQTT Number")
