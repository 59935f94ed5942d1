"""What apps send, as voluptuous schemas."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._validators import boolean, string
from marge.integrations.mobile_app.entities import DEFAULT_ICON
from marge.util.schema import LateSchema

_MAX_EVENT_TYPE = 64
MAX_REPORTED = 1_000
"""Sensors in one report."""
TYPES = ("sensor", "binary_sensor")
_VALUE = vol.Any(None, bool, int, float, str)
_STATE_CLASSES = ("measurement", "total", "total_increasing")


def event_type(value: Any) -> str:
    text = string(value)
    if not 0 < len(text) <= _MAX_EVENT_TYPE:
        raise vol.Invalid(f"an event type has 1 to {_MAX_EVENT_TYPE} characters")
    return text


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _state_class_of_sensors(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("state_class") is not None and value["type"] != "sensor":
        raise vol.Invalid("state_class only allowed for sensors")
    return value


def _accuracy_with_gps(value: Any) -> Any:
    if isinstance(value, dict) and "gps" in value and "gps_accuracy" not in value:
        raise vol.Invalid('dependency violation - key "gps" requires key "gps_accuracy" to exist')
    return value


REGISTRATION = LateSchema(
    {
        vol.Optional("app_data", default={}): dict,
        vol.Required("app_id"): string,
        vol.Required("app_name"): string,
        vol.Required("app_version"): string,
        vol.Required("device_name"): string,
        vol.Required("manufacturer"): string,
        vol.Required("model"): string,
        vol.Optional("device_id"): string,
        vol.Required("os_name"): string,
        vol.Optional("os_version"): string,
        vol.Required("supports_encryption", default=False): boolean,
    },
    extra=vol.REMOVE_EXTRA,
)

UPDATE_REGISTRATION = LateSchema(
    {
        vol.Optional("app_data"): dict,
        vol.Required("app_version"): string,
        vol.Required("device_name"): string,
        vol.Required("manufacturer"): string,
        vol.Required("model"): string,
        vol.Optional("os_version"): string,
    }
)

REGISTER = vol.All(
    {
        vol.Optional("attributes", default={}): dict,
        vol.Optional("device_class"): vol.Any(None, vol.All(_lower, string)),
        vol.Required("name"): string,
        vol.Required("type"): vol.In(TYPES),
        vol.Optional("unit_of_measurement"): vol.Any(None, string),
        vol.Required("unique_id"): string,
        vol.Optional("state", default=None): _VALUE,
        vol.Optional("entity_category"): vol.Any(None, vol.In(("config", "diagnostic"))),
        vol.Optional("icon", default=DEFAULT_ICON): vol.Any(None, validate.icon),
        vol.Optional("state_class"): vol.Any(None, vol.In(_STATE_CLASSES)),
        vol.Optional("disabled"): boolean,
    },
    _state_class_of_sensors,
)

STATES = vol.All(
    validate.list_of(
        LateSchema({vol.Required("type"): vol.In(TYPES), vol.Required("unique_id"): string}, extra=vol.ALLOW_EXTRA)
    ),
    vol.Length(max=MAX_REPORTED),
)

STATE = LateSchema(
    {
        vol.Optional("attributes", default={}): dict,
        vol.Optional("icon", default=DEFAULT_ICON): vol.Any(None, validate.icon),
        vol.Required("state"): _VALUE,
        vol.Required("type"): vol.In(TYPES),
        vol.Required("unique_id"): string,
    }
)

LOCATION = vol.All(
    _accuracy_with_gps,
    {
        vol.Optional("location_name"): string,
        vol.Optional("gps"): validate.gps,
        vol.Optional("gps_accuracy"): validate.positive_int,
        vol.Optional("battery"): validate.positive_int,
        vol.Optional("speed"): validate.positive_int,
        vol.Optional("altitude"): validate.number,
        vol.Optional("course"): validate.positive_int,
        vol.Optional("vertical_accuracy"): validate.positive_int,
    },
)
