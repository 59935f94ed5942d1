"""The service `mqtt.publish`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pykka
import structlog
import voluptuous as vol

from marge.bridges.mqtt.client import NOT_CONNECTED
from marge.bridges.mqtt.messages import Publish
from marge.bridges.mqtt.schema import boolean, publish_topic, qos, string
from marge.errors import HomeError, NotFound, ServiceValidationError

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall

log = structlog.get_logger("marge.bridges.mqtt")

MAX_PAYLOAD_BYTES = 8 << 20
"""What the broker that Marge starts accepts."""


PUBLISH_SCHEMA = {
    vol.Required("topic"): publish_topic,
    vol.Optional("payload", default=None): vol.Any(None, string),
    vol.Optional("evaluate_payload"): boolean,
    vol.Optional("qos", default=0): qos,
    vol.Optional("retain", default=False): boolean,
}
PUBLISH_FIELDS: Mapping[str, Any] = {
    "topic": {"required": True, "example": "/homeassistant/hello", "selector": {"text": None}},
    "payload": {"example": "The temperature is {{ states('sensor.temperature') }}", "selector": {"template": None}},
    "evaluate_payload": {"default": False, "selector": {"boolean": None}},
    "qos": {"default": "0", "selector": {"select": {"options": ["0", "1", "2"]}}},
    "retain": {"default": False, "selector": {"boolean": None}},
}


def payload_of(data: Mapping[str, Any]) -> str | bytes:
    """The bytes to publish. With `evaluate_payload` a Python bytes literal is taken for its bytes."""
    payload = data.get("payload")
    if payload is None:
        return ""
    text = str(payload)
    if data.get("evaluate_payload") and text.startswith(("b'", 'b"')):
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
        if isinstance(value, bytes):
            return value
    return text


def register(home: Home, path: str) -> None:
    """Register `mqtt.publish`, which goes through the bridge at `path`."""

    def publish(call: ServiceCall) -> None:
        payload = payload_of(call.data)
        size = len(payload) if isinstance(payload, bytes) else len(payload.encode("utf-8", "surrogatepass"))
        if size > MAX_PAYLOAD_BYTES:
            raise ServiceValidationError(f"The payload has {size} bytes; at most {MAX_PAYLOAD_BYTES} are sent")
        if call.data["topic"].startswith("$SYS/"):
            log.warning("nothing is published there: the topic is the broker's own", topic=call.data["topic"])
            return  # brokers end the connection of who tries
        message = Publish(call.data["topic"], payload, call.data["qos"], call.data["retain"], must=True)
        try:
            home.system.ask(path, message)
        except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
            raise HomeError(NOT_CONNECTED) from exc

    home.services.register(
        "mqtt",
        "publish",
        publish,
        PUBLISH_SCHEMA,
        description="Sends a message to a topic.",
        fields=PUBLISH_FIELDS,
        name="Publish",
    )
