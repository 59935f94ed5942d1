"""MQTT climate devices: a topic for each thing that can be set or read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
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
    text_list,
)
from marge.domains import climate as domain
from marge.domains._units import convert_temperature
from marge.domains.climate import ClimateEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

HVAC_MODES = ["auto", "off", "cool", "heat", "dry", "fan_only"]
"""What a device without `modes` is taken to know."""
ALL_MODES = frozenset((*HVAC_MODES, "heat_cool"))
ACTIONS = frozenset(("cooling", "defrosting", "drying", "fan", "heating", "idle", "off", "preheating"))
DEFAULT_INITIAL_C = 21.0


class Topic(NamedTuple):
    """A state topic, the field it feeds, and how its payload is read."""

    prefix: str
    field: str
    read: Callable[[MqttClimateMapping, str], Any]
    template: str | None = None


def _number(_mapping: MqttClimateMapping, payload: str) -> float | None:
    value = float(payload)
    if not math.isfinite(value):
        raise ValueError(f"{payload!r} is no measured value")
    return value


def _mode_in(key: str) -> Callable[[MqttClimateMapping, str], str]:
    def read(mapping: MqttClimateMapping, payload: str) -> str:
        if payload not in mapping.config[key]:
            raise ValueError(f"{payload[:50]!r} is none of {key}: {', '.join(mapping.config[key])}")
        return payload

    return read


def _preset(mapping: MqttClimateMapping, payload: str) -> str:
    if payload != "none" and payload not in mapping.config.get("preset_modes", []):
        raise ValueError(f"'{payload[:50]}' is not a valid preset mode")
    return payload


def _action(_mapping: MqttClimateMapping, payload: str) -> str:
    if payload not in ACTIONS:
        raise ValueError(f"{payload[:50]!r} is no action")
    return payload


STATE_TOPICS = (
    Topic("current_temperature", "current_temperature", _number),
    Topic("current_humidity", "current_humidity", _number),
    Topic("temperature", "target_temperature", _number),
    Topic("temperature_high", "target_temperature_high", _number),
    Topic("temperature_low", "target_temperature_low", _number),
    Topic("target_humidity", "target_humidity", _number),
    Topic("mode", "hvac_mode", _mode_in("modes")),
    Topic("fan_mode", "fan_mode", _mode_in("fan_modes")),
    Topic("swing_mode", "swing_mode", _mode_in("swing_modes")),
    Topic("swing_horizontal_mode", "swing_horizontal_mode", _mode_in("swing_horizontal_modes")),
    Topic("preset_mode", "preset_mode", _preset, "preset_mode_value_template"),
    Topic("action", "hvac_action", _action),
)
_READ_ONLY = ("current_temperature", "current_humidity", "action")
_SET = (
    "fan_mode", "mode", "power", "preset_mode", "swing_mode", "swing_horizontal_mode", "target_humidity",
    "temperature", "temperature_high", "temperature_low",
)  # fmt: skip


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if "preset_modes" in config and "none" in config["preset_modes"]:
        raise vol.Invalid("preset_modes must not include preset mode 'none'")
    if ("preset_modes" in config) != ("preset_mode_command_topic" in config):
        raise vol.Invalid(
            "some but not all values in the same group of inclusion 'preset_modes' @ data[<preset_modes>]"
        )
    if config["min_humidity"] >= config["max_humidity"]:
        raise vol.Invalid("target_humidity_max must be > target_humidity_min")
    if config.get("min_temp", -math.inf) >= config.get("max_temp", math.inf):
        raise vol.Invalid("temp_max must be > temp_min")
    return config


_float = vol.Coerce(float)
SCHEMA = entity_schema(
    {
        **optional_keys(publish_topic, *(f"{name}_command_topic" for name in _SET)),
        **optional_keys(template, *(f"{name}_command_template" for name in _SET)),
        **optional_keys(
            subscribe_topic,
            *(f"{topic.prefix}_topic" if topic.prefix in _READ_ONLY else f"{topic.prefix}_state_topic"
              for topic in STATE_TOPICS),
        ),
        **optional_keys(
            template,
            *(f"{topic.prefix}_template" if topic.prefix in _READ_ONLY
              else topic.template or f"{topic.prefix}_state_template" for topic in STATE_TOPICS),
            "value_template",
        ),
        vol.Optional("modes", default=HVAC_MODES): vol.All(list, [one_of(*sorted(ALL_MODES))]),
        vol.Optional("fan_modes", default=["auto", "low", "medium", "high"]): text_list,
        vol.Optional("swing_modes", default=["on", "off"]): text_list,
        vol.Optional("swing_horizontal_modes", default=["on", "off"]): text_list,
        vol.Optional("preset_modes"): text_list,
        vol.Optional("initial"): _float,
        vol.Optional("min_temp"): _float,
        vol.Optional("max_temp"): _float,
        vol.Optional("min_humidity", default=30.0): _float,
        vol.Optional("max_humidity", default=99.0): _float,
        vol.Optional("temp_step", default=1.0): _float,
        vol.Optional("precision"): vol.All(_float, one_of(0.1, 0.5, 1.0)),
        vol.Optional("temperature_unit"): one_of("C", "F", "°C", "°F"),
        vol.Optional("payload_on", default="ON"): string,
        vol.Optional("payload_off", default="OFF"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
    },
    _check_whole,
)  # fmt: skip

_FEATURES = (
    (domain.TARGET_TEMPERATURE, "temperature"),
    (domain.TARGET_TEMPERATURE_RANGE, "temperature_low"),
    (domain.TARGET_TEMPERATURE_RANGE, "temperature_high"),
    (domain.TARGET_HUMIDITY, "target_humidity"),
    (domain.FAN_MODE, "fan_mode"),
    (domain.PRESET_MODE, "preset_mode"),
    (domain.SWING_MODE, "swing_mode"),
    (domain.SWING_HORIZONTAL_MODE, "swing_horizontal_mode"),
)


def _features(config: ReadMapping[str, Any]) -> int:
    features = 0
    for bits, name in _FEATURES:
        settable = f"{name}_command_topic" in config
        readable = f"{name}_state_topic" in config and "temperature" in name
        if settable or readable:
            features |= bits
    if "power_command_topic" in config or "off" in config["modes"]:
        features |= domain.TURN_OFF
    return features | domain.TURN_ON


class MqttClimate(MqttEntity, ClimateEntity):
    """Publishes each setting to its own topic. Whether a setting is assumed depends on its own state topic."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        home_unit = home.config.units["temperature"]
        unit = config.get("temperature_unit", home_unit)
        unit = {"C": "°C", "F": "°F"}.get(unit, unit)
        presets = config.get("preset_modes")
        return {
            **super().fields(config, home),
            "assumed_state": bool(config["optimistic"]),
            "home_unit": home_unit,
            "temperature_unit": unit,
            "precision": config.get("precision"),
            "hvac_modes": config["modes"],
            "min_temp": config.get("min_temp"),
            "max_temp": config.get("max_temp"),
            "min_humidity": config["min_humidity"],
            "max_humidity": config["max_humidity"],
            "target_temperature_step": config["temp_step"],
            "fan_modes": config["fan_modes"],
            "swing_modes": config["swing_modes"],
            "swing_horizontal_modes": config["swing_horizontal_modes"],
            "preset_modes": ["none", *presets] if presets else None,
            "supported_features": _features(config),
        }

    @classmethod
    def is_optimistic(cls, config: ReadMapping[str, Any]) -> bool:
        return bool(config["optimistic"])

    # -- starting values ---------------------------------------------------------------------------------------------

    def on_add(self) -> None:
        super().on_add()
        if self.preset_mode is None and self.preset_modes:
            self.preset_mode = "none"
        start = self.config.get("initial")
        if start is None:
            start = convert_temperature(DEFAULT_INITIAL_C, "°C", self.temperature_unit)
            start = round(start, 1)
        for name, field in (
            ("temperature", "target_temperature"),
            ("temperature_low", "target_temperature_low"),
            ("temperature_high", "target_temperature_high"),
        ):
            if self.has_part(name) and self.assumes_part(name) and getattr(self, field) is None:
                setattr(self, field, start)
        if self.assumes_part("mode") and self.hvac_mode is None:
            self.hvac_mode = "off"
        for name in ("fan_mode", "swing_mode", "swing_horizontal_mode"):
            if self.has_part(name) and self.assumes_part(name) and getattr(self, name) is None:
                setattr(self, name, "low" if name == "fan_mode" else "off")

    def restore(self, state: State) -> None:
        if state.state in ALL_MODES:
            self.hvac_mode = state.state

    def assume_initial(self) -> None:
        if self.has_part("mode"):
            self.hvac_mode = "off"

    # -- commands ----------------------------------------------------------------------------------------------------

    def _set(self, name: str, field: str, value: Any) -> None:
        self.command(f"{name}_command_topic", value, f"{name}_command_template")
        if self.assumes_part(name):
            setattr(self, field, value)

    def set_hvac_mode(self, hvac_mode: str) -> None:
        if hvac_mode not in self.hvac_modes:
            log.warning("a mode that the device does not name", entity_id=self.entity_id, hvac_mode=hvac_mode)
        self._set("mode", "hvac_mode", hvac_mode)

    def set_temperature(self, **wanted: Any) -> None:
        if "hvac_mode" in wanted:
            self.set_hvac_mode(wanted["hvac_mode"])
        for key, name, field in (
            ("temperature", "temperature", "target_temperature"),
            ("target_temp_low", "temperature_low", "target_temperature_low"),
            ("target_temp_high", "temperature_high", "target_temperature_high"),
        ):
            if key in wanted:
                self._set(name, field, wanted[key])

    def set_fan_mode(self, fan_mode: str) -> None:
        self._set("fan_mode", "fan_mode", fan_mode)

    def set_preset_mode(self, preset_mode: str) -> None:
        self._set("preset_mode", "preset_mode", preset_mode)

    def set_swing_mode(self, swing_mode: str) -> None:
        self._set("swing_mode", "swing_mode", swing_mode)

    def set_swing_horizontal_mode(self, swing_horizontal_mode: str) -> None:
        self._set("swing_horizontal_mode", "swing_horizontal_mode", swing_horizontal_mode)

    def set_humidity(self, humidity: int) -> None:
        self._set("target_humidity", "target_humidity", humidity)

    def turn_on(self) -> None:
        if "power_command_topic" in self.config:
            self.command("power_command_topic", self.config["payload_on"], "power_command_template")
        else:
            super().turn_on()

    def turn_off(self) -> None:
        if "power_command_topic" in self.config:
            self.command("power_command_topic", self.config["payload_off"], "power_command_template")
            if self.assumes_part("mode") and "off" in self.hvac_modes:
                self.hvac_mode = "off"
        else:
            super().turn_off()


class MqttClimateMapping(Mapping):
    """Reads a topic for each value."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        for topic in STATE_TOPICS:
            is_read_only = topic.prefix in _READ_ONLY
            address = self.config.get(f"{topic.prefix}_topic" if is_read_only else f"{topic.prefix}_state_topic")
            if address is not None:
                yield address, self._handler(topic, is_read_only)

    def _handler(self, topic: Topic, is_read_only: bool) -> Handler:
        if topic.template is not None:
            key = topic.template
        else:
            key = f"{topic.prefix}_template" if is_read_only else f"{topic.prefix}_state_template"
        source = self.config.get(key) or self.config.get("value_template")

        def read(message: Incoming) -> None:
            payload = self.render(source, message)
            if payload == "":
                return
            value: Any
            if topic.field == "preset_mode" and payload in (PAYLOAD_NONE, "none"):
                value = "none"
            elif payload == PAYLOAD_NONE:
                value = None
            else:
                value = topic.read(self, payload)
            self.report(**{topic.field: value})

        return read


COMPONENT = Component("climate", SCHEMA, MqttClimate, MqttClimateMapping, "MQTT HVAC")
