"""MQTT water heaters: a topic for each thing that can be set or read."""

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
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    optional_keys,
    publish_topic,
    string,
    subscribe_topic,
    template,
)
from marge.domains import water_heater as domain
from marge.domains._units import convert_temperature
from marge.domains.water_heater import WaterHeaterEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

MODES = ["eco", "electric", "gas", "heat_pump", "high_demand", "performance", "off"]
DEFAULT_INITIAL_F = 110.0


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if config.get("min_temp", -math.inf) >= config.get("max_temp", math.inf):
        raise vol.Invalid("temp_max must be > temp_min")
    return config


_float = vol.Coerce(float)
SCHEMA = entity_schema(
    {
        **optional_keys(
            publish_topic, "mode_command_topic", "power_command_topic", "temperature_command_topic"
        ),
        **optional_keys(subscribe_topic, "current_temperature_topic", "mode_state_topic", "temperature_state_topic"),
        **optional_keys(
            template, "current_temperature_template", "mode_command_template", "mode_state_template",
            "power_command_template", "temperature_command_template", "temperature_state_template", "value_template",
        ),
        vol.Optional("modes", default=MODES): vol.All(list, [one_of(*MODES)]),
        vol.Optional("initial"): _float,
        vol.Optional("min_temp"): _float,
        vol.Optional("max_temp"): _float,
        vol.Optional("precision"): vol.All(_float, one_of(0.1, 0.5, 1.0)),
        vol.Optional("temperature_unit"): one_of("C", "F", "°C", "°F"),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
    },
    _check_whole,
)  # fmt: skip


def _features(config: ReadMapping[str, Any]) -> int:
    features = 0
    if "temperature_command_topic" in config or "temperature_state_topic" in config:
        features |= domain.TARGET_TEMPERATURE
    if "mode_command_topic" in config or "mode_state_topic" in config:
        features |= domain.OPERATION_MODE
    if "power_command_topic" in config:
        features |= domain.ON_OFF
    return features


class MqttWaterHeater(MqttEntity, WaterHeaterEntity):
    """Publishes each setting to its own topic. What has no state topic is assumed."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        home_unit = home.config.units["temperature"]
        unit = config.get("temperature_unit", home_unit)
        return {
            **super().fields(config, home),
            "home_unit": home_unit,
            "temperature_unit": {"C": "°C", "F": "°F"}.get(unit, unit),
            "precision": config.get("precision"),
            "operation_list": config["modes"],
            "min_temp": config.get("min_temp"),
            "max_temp": config.get("max_temp"),
            "supported_features": _features(config),
        }

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return bool(config["optimistic"])

    # -- starting values ---------------------------------------------------------------------------------------------

    def on_add(self) -> None:
        super().on_add()
        if self.has_part("temperature") and self.assumes_part("temperature") and self.target_temperature is None:
            start = self.config.get("initial")
            if start is None:
                start = round(convert_temperature(DEFAULT_INITIAL_F, "°F", self.temperature_unit), 1)
            self.target_temperature = start
        if self.has_part("mode") and self.assumes_part("mode") and self.operation_mode is None:
            self.operation_mode = "off"

    def restore(self, state: State) -> None:
        if state.state in MODES:
            self.operation_mode = state.state

    def assume_initial(self) -> None:
        if self.has_part("mode"):
            self.operation_mode = "off"

    # -- commands ----------------------------------------------------------------------------------------------------

    def set_temperature(self, temperature: float, operation_mode: str | None = None) -> None:
        if operation_mode is not None:
            self.handle_set_operation_mode(operation_mode)
        self.command("temperature_command_topic", temperature, "temperature_command_template")
        if self.assumes_part("temperature"):
            self.target_temperature = temperature

    def set_operation_mode(self, operation_mode: str) -> None:
        self.command("mode_command_topic", operation_mode, "mode_command_template")
        if self.assumes_part("mode"):
            self.operation_mode = operation_mode

    def turn_on(self) -> None:
        self.command("power_command_topic", self.config["payload_on"], "power_command_template")

    def turn_off(self) -> None:
        self.command("power_command_topic", self.config["payload_off"], "power_command_template")


class WaterHeaterMapping(Mapping):
    """Reads a topic for each value."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        for key, handler in (
            ("current_temperature_topic", self.on_current),
            ("temperature_state_topic", self.on_target),
            ("mode_state_topic", self.on_mode),
        ):
            if key in self.config:
                yield self.config[key], handler

    def _payload(self, template: str, message: Incoming) -> str:
        return self.render(self.config.get(template) or self.config.get("value_template"), message)

    def on_current(self, message: Incoming) -> None:
        self._report_number("current_temperature", self._payload("current_temperature_template", message))

    def on_target(self, message: Incoming) -> None:
        self._report_number("target_temperature", self._payload("temperature_state_template", message))

    def _report_number(self, field: str, payload: str) -> None:
        if not payload:
            return
        value = None if payload == PAYLOAD_NONE else float(payload)
        if value is not None and not math.isfinite(value):
            raise ValueError(f"{payload[:50]!r} is no temperature")
        self.report(**{field: value})

    def on_mode(self, message: Incoming) -> None:
        payload = self._payload("mode_state_template", message)
        if not payload or payload == PAYLOAD_NONE:
            if payload:
                self.report(operation_mode=None)
            return
        if payload not in self.config["modes"]:
            raise ValueError(f"{payload[:50]!r} is none of modes: {', '.join(self.config['modes'])}")
        self.report(operation_mode=payload)


COMPONENT = Component("water_heater", SCHEMA, MqttWaterHeater, WaterHeaterMapping, "MQTT Water Heater")
