"""MQTT sensors: numbers with units, dates, and texts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.components._units import as_shown, shown_unit
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import NOT_JSON, Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    positive_int,
    string,
    template,
    text_list,
    with_state_topic,
)
from marge.bridges.mqtt.templates import TemplateFailed
from marge.domains.sensor import SensorEntity
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.mqtt")

MAX_STATE_LENGTH = 255

NOT_NUMERIC = frozenset(("date", "enum", "timestamp"))
DEVICE_CLASSES = (
    "date", "enum", "timestamp", "apparent_power", "aqi", "area", "atmospheric_pressure", "battery",
    "blood_glucose_concentration", "carbon_monoxide", "carbon_dioxide", "conductivity", "current", "data_rate",
    "data_size", "distance", "duration", "energy", "energy_distance", "energy_storage", "frequency", "gas",
    "humidity", "illuminance", "irradiance", "moisture", "monetary", "nitrogen_dioxide", "nitrogen_monoxide",
    "nitrous_oxide", "ozone", "ph", "pm1", "pm10", "pm25", "power_factor", "power", "precipitation",
    "precipitation_intensity", "pressure", "reactive_power", "signal_strength", "sound_pressure", "speed",
    "sulphur_dioxide", "temperature", "volatile_organic_compounds", "volatile_organic_compounds_parts", "voltage",
    "volume", "volume_storage", "volume_flow_rate", "water", "weight", "wind_direction", "wind_speed",
)  # fmt: skip


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if config.get("entity_category") == "config":
        raise vol.Invalid("Entity category `config` is invalid for sensors")
    if "options" in config:
        if config.get("state_class") or config.get("unit_of_measurement"):
            raise vol.Invalid("Specifying `options` is not allowed together with `state_class` or a unit")
        if config.get("device_class") != "enum":
            raise vol.Invalid("The option `options` must be used together with device class `enum`")
    if "last_reset_value_template" in config and config.get("state_class") != "total":
        raise vol.Invalid("The option `last_reset_value_template` cannot be used without state class `total`")
    return config


SCHEMA = entity_schema(
    {
        **with_state_topic(),
        vol.Optional("unit_of_measurement"): vol.Any(None, string),
        vol.Optional("device_class"): vol.Any(
            None, vol.All(vol.Lower, one_of(*DEVICE_CLASSES)), msg="expected SensorDeviceClass"
        ),
        vol.Optional("state_class"): vol.Any(
            None, one_of("measurement", "total", "total_increasing", "measurement_angle")
        ),
        vol.Optional("options"): text_list,
        vol.Optional("suggested_display_precision"): positive_int,
        vol.Optional("expire_after"): positive_int,
        vol.Optional("force_update", default=False): boolean,
        vol.Optional("last_reset_value_template"): template,
    },
    _check_whole,
)


class MqttSensor(MqttEntity, SensorEntity):
    """Shows numbers in the home's units. Takes no commands."""

    device_unit: str | None = None

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        unit = config.get("unit_of_measurement") or None
        return {
            **super().fields(config, home),
            "force_update": config["force_update"],
            "device_unit": unit,
            "unit_of_measurement": shown_unit(config.get("device_class"), unit, home.config.unit_system),
            "state_class": config.get("state_class"),
            "options": config.get("options"),
        }

    @property
    def assumes(self) -> bool:
        return False

    def state_value(self) -> str | None:
        value = None if self.native_value is None else str(self.native_value)
        if value is None or self.device_unit == self.unit_of_measurement:
            return value
        exact = "suggested_display_precision" in self.config
        return as_shown(value, self.device_class, self.device_unit, self.unit_of_measurement, exact)


def _is_numeric(config: ReadMapping[str, Any]) -> bool:
    device_class = config.get("device_class")
    if device_class in NOT_NUMERIC:
        return False
    return bool(
        device_class
        or config.get("state_class")
        or config.get("unit_of_measurement")
        or "suggested_display_precision" in config
    )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


class SensorMapping(Mapping):
    """Reads `state_topic`, and the time of the last reset from the same message."""

    expires = True

    def topics(self) -> Iterable[tuple[str, Handler]]:
        yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        values: dict[str, Any] = {}
        try:
            payload = self._payload(message)
        except TemplateFailed as exc:
            raise ValueError(f"a value template of {self.entity_id} failed: {exc}") from exc
        self._read_value(payload, values)
        if "last_reset_value_template" in self.config:
            self._read_last_reset(message, values)
        if values:
            if self.port.is_native and "value_template" not in self.config and isinstance(message.json, dict):
                values["extra_attributes"] = {
                    key: value for key, value in message.json.items() if key not in ("state", "value")
                }
            self.report(**values)

    def _payload(self, message: Incoming) -> str:
        template = self.config.get("value_template")
        if template is None and self.port.is_native and message.json is not NOT_JSON:
            parsed = message.json
            if isinstance(parsed, dict):
                for key in ("state", "value"):
                    if isinstance(parsed.get(key), (str, int, float)):
                        return str(parsed[key])
        return self.render_or_fail(template, message)

    def _read_value(self, payload: str, values: dict[str, Any]) -> None:
        config = self.config
        if payload == PAYLOAD_NONE:
            values["native_value"] = None
        elif len(payload) > MAX_STATE_LENGTH:
            self.report(native_value=None)
            raise ValueError(f"the state has {len(payload)} characters; at most {MAX_STATE_LENGTH} are shown")
        elif _is_numeric(config):
            if payload == "":
                return
            if not _is_number(payload):
                raise ValueError(f"{payload[:50]!r} is not a number, which unit, state class or device class ask for")
            values["native_value"] = payload
        elif config.get("device_class") in ("date", "timestamp"):
            values["native_value"] = _moment(payload, config["device_class"])
        elif config.get("options") and payload not in config["options"]:
            raise ValueError(f"{payload[:50]!r} is none of the options")
        else:
            values["native_value"] = payload

    def _read_last_reset(self, message: Incoming, values: dict[str, Any]) -> None:
        text = self.render(self.config["last_reset_value_template"], message)
        if not text:
            return
        try:
            values["last_reset"] = dt.datetime.fromisoformat(text).isoformat()  # without a zone as the device says it
        except ValueError:
            log.debug("no moment of a last reset", entity_id=self.entity_id, payload=text[:100])


def _moment(payload: str, device_class: str) -> str | None:
    """A date, or a moment in UTC, as text; None when it is none."""
    if device_class == "date":
        try:
            return dt.date.fromisoformat(payload[:10]).isoformat()
        except ValueError:
            return None
    moment = parse_iso(payload) if len(payload) > len("2025-01-01") else None  # a day is no moment
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds")


COMPONENT = Component("sensor", SCHEMA, MqttSensor, SensorMapping, "MQTT Sensor")
