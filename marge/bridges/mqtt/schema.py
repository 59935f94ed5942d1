"""Validators that the components' schemas share, and the keys that every discovered entity may have. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
import voluptuous as vol

from marge.bridges.mqtt.topics import TopicError, check_filter, check_publish_topic
from marge.util.memo import remembered
from marge.util.schema import LateSchema, boolean, ensure_list, string

Validator = Callable[[Any], Any]

DEFAULT_PAYLOAD_AVAILABLE = "online"
DEFAULT_PAYLOAD_NOT_AVAILABLE = "offline"

_SYNTAX = jinja2.Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"], autoescape=True)
MAX_TEMPLATE_LENGTH = 20_000


def regular_expression(value: Any) -> str:
    text = string(value)
    try:
        re.compile(text)
    except re.error as exc:
        raise vol.Invalid(f"value {text} is not a valid regular expression") from exc
    return text


def subscribe_topic(value: Any) -> str:
    try:
        return check_filter(string(value))
    except TopicError as exc:
        raise vol.Invalid(str(exc)) from exc


def publish_topic(value: Any) -> str:
    try:
        return check_publish_topic(string(value))
    except TopicError as exc:
        raise vol.Invalid(str(exc)) from exc


@remembered(most=2_000, longest=2_000)
def _syntax_error(source: str) -> str | None:
    try:
        _SYNTAX.parse(source)
    except jinja2.TemplateError as exc:
        return f"{type(exc).__name__}: {exc}"
    except RecursionError:
        return "TemplateSyntaxError: nested too deeply"
    return None


def template(value: Any) -> str:
    """The source of a template whose syntax is right."""
    if value is None:
        raise vol.Invalid("template value is None")
    if isinstance(value, (list, dict)):
        raise vol.Invalid("template value should be a string")
    source = str(value)
    if len(source) > MAX_TEMPLATE_LENGTH:
        raise vol.Invalid(f"template is longer than {MAX_TEMPLATE_LENGTH} characters")
    error = _syntax_error(source)
    if error is not None:
        raise vol.Invalid(f"invalid template ({error})")
    return source


def encoding(value: Any) -> str:
    """The name of a text encoding that Python knows; "" leaves payloads as bytes."""
    name = string(value)
    if not name:
        return ""
    try:
        b"".decode(name)  # unlike a look-up it refuses codecs that are no encodings of texts
        return codecs.lookup(name).name
    except (LookupError, ValueError) as exc:
        raise vol.Invalid(f"unknown encoding {name[:50]}") from exc


def icon(value: Any) -> str:
    text = string(value)
    if ":" in text:
        return text
    raise vol.Invalid('Icons should be specified in the form "prefix:name"')


def one_of(*choices: Any) -> Validator:
    checked: Validator = vol.In(choices)
    return checked


positive_int = vol.All(vol.Coerce(int), vol.Range(min=0))
positive_float = vol.All(vol.Coerce(float), vol.Range(min=0))
qos = vol.All(vol.Coerce(int), vol.In([0, 1, 2]))
text_list = vol.All(ensure_list, [string])


def _device_has_identity(device: Mapping[str, Any]) -> Mapping[str, Any]:
    if device.get("identifiers") or device.get("connections"):
        return device
    raise vol.Invalid("Device must have at least one identifying value in 'identifiers' and/or 'connections'")


def _url(value: Any) -> str:
    text = string(value)
    if text.startswith(("http://", "https://", "homeassistant://")):
        return text
    raise vol.Invalid("invalid url")


DEVICE_SCHEMA = vol.All(
    LateSchema(
        {
            vol.Optional("identifiers", default=list): text_list,
            vol.Optional("connections", default=list): vol.All(
                ensure_list, [vol.All(list, [string], vol.Length(min=2, max=2))]
            ),
            **{
                vol.Optional(key): string
                for key in (
                    "manufacturer", "model", "model_id", "name", "hw_version", "sw_version", "serial_number",
                    "suggested_area", "via_device",
                )
            },
            vol.Optional("configuration_url"): _url,
        },
        extra=vol.REMOVE_EXTRA,
    ),
    _device_has_identity,
)  # fmt: skip

_AVAILABILITY = LateSchema(
    {
        vol.Required("topic"): subscribe_topic,
        vol.Optional("payload_available", default=DEFAULT_PAYLOAD_AVAILABLE): string,
        vol.Optional("payload_not_available", default=DEFAULT_PAYLOAD_NOT_AVAILABLE): string,
        vol.Optional("value_template"): template,
    },
    extra=vol.REMOVE_EXTRA,
)

_EXCLUSIVE = "two or more values in the same group of exclusion 'availability' @ data[<availability>]"

ENTITY_KEYS: Mapping[Any, Any] = {
    vol.Optional("name"): vol.Any(None, string),
    vol.Optional("unique_id"): string,
    vol.Optional("object_id"): string,
    vol.Optional("default_entity_id"): string,
    vol.Optional("device"): DEVICE_SCHEMA,
    vol.Optional("origin"): dict,
    vol.Optional("icon"): icon,
    vol.Optional("entity_picture"): string,
    vol.Optional("entity_category"): vol.Any(None, one_of("config", "diagnostic")),
    vol.Optional("enabled_by_default", default=True): boolean,
    vol.Optional("availability_topic"): subscribe_topic,
    vol.Optional("availability_template"): template,
    vol.Optional("payload_available", default=DEFAULT_PAYLOAD_AVAILABLE): string,
    vol.Optional("payload_not_available", default=DEFAULT_PAYLOAD_NOT_AVAILABLE): string,
    vol.Optional("availability"): vol.All(ensure_list, [_AVAILABILITY]),
    vol.Optional("availability_mode", default="latest"): one_of("all", "any", "latest"),
    vol.Optional("json_attributes_topic"): subscribe_topic,
    vol.Optional("json_attributes_template"): template,
    vol.Optional("encoding", default="utf-8"): encoding,
    vol.Optional("qos", default=0): qos,
}


def _one_availability(config: dict[str, Any]) -> dict[str, Any]:
    if "availability_topic" in config and "availability" in config:
        raise vol.Invalid(_EXCLUSIVE)
    return config


def entity_schema(keys: Mapping[Any, Any], *checks: Validator) -> Validator:
    """The schema of one component: the shared keys, its own, and checks of the whole. Unknown keys are dropped."""
    whole: Validator = vol.All(LateSchema({**ENTITY_KEYS, **keys}, extra=vol.REMOVE_EXTRA), _one_availability, *checks)
    return whole


def with_state_topic() -> dict[Any, Any]:
    """The keys of what only reports."""
    return {vol.Required("state_topic"): subscribe_topic, vol.Optional("value_template"): template}


def with_command_topic(*, required: bool = True) -> dict[Any, Any]:
    """The keys of what takes commands."""
    marker = vol.Required if required else vol.Optional
    return {
        marker("command_topic"): publish_topic,
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("command_template"): template,
        vol.Optional("optimistic"): boolean,
        vol.Optional("retain", default=False): boolean,
    }


def optional_keys(validator: Validator, *keys: str) -> dict[Any, Any]:
    """Several optional keys of one kind."""
    return {vol.Optional(key): validator for key in keys}
