"""`trigger: mqtt`: a message arrives on a topic."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

import voluptuous as vol

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.errors import HomeError, MargeError
from marge.model import loads

SHARED = "mqtt_topics"


class Message(Protocol):
    """One message, as the bridge hands it out."""

    topic: str
    payload: bytes
    qos: int

    @property
    def text(self) -> str | None: ...


def message_facts(message: Message, text: str) -> dict[str, Any]:
    """What templates and automations are told about a message; `payload_json` only when it is JSON."""
    data = {
        "topic": message.topic,
        "payload": text,
        "qos": message.qos,
        "description": f"mqtt topic {message.topic}",
    }
    with suppress(ValueError):
        data["payload_json"] = loads(text)
    return data


def _topic(value: Any) -> str:
    text = fields.template(value)
    if not text or len(text.encode()) > 65_535 or "\0" in text:
        raise vol.Invalid("MQTT topic is empty, too long or has characters that are not allowed")
    return text


_SCHEMA = vol.Schema(
    {
        vol.Required("topic"): _topic,
        vol.Optional("payload"): fields.template,
        vol.Optional("value_template"): fields.template,
        vol.Optional("encoding", default="utf-8"): fields.string,
        vol.Optional("qos", default=0): vol.All(
            vol.Any(vol.Coerce(int), fields.dynamic_template), vol.Any(vol.In([0, 1, 2]), str)
        ),
    }
)


def _text_of(message: Message, encoding: str) -> str | None:
    """The payload as text; None when it is none."""
    if encoding.lower().replace("_", "-") in ("", "utf-8", "utf8"):
        return message.text
    try:
        return message.payload.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    topics: Any = host.home.shared.get(SHARED)
    if topics is None:
        raise HomeError("this home has no MQTT")
    config = trigger.config
    topic = str(host.limited(config["topic"]))
    wanted = None if "payload" not in config else str(host.limited(config["payload"]))
    qos = int(host.limited(config["qos"]))
    template, encoding = config.get("value_template"), config["encoding"]

    def arrived(message: Message) -> None:
        text = _text_of(message, encoding)
        if text is None:
            return
        data = {"platform": "mqtt", **message_facts(message, text)}
        if wanted is not None and _value(template, text, data, host) != wanted:
            return
        host.fire(trigger, data)

    # The bridge's greenlet calls; what it delivers is worked off in the owner's turn.
    host.at_close(topics.follow(topic, lambda message: host.post(arrived, message), qos))


def _value(template: str | None, text: str, data: dict[str, Any], host: TriggerHost) -> str | None:
    if template is None:
        return text
    known: dict[str, Any] = {"value": text}
    if "payload_json" in data:
        known["value_json"] = data["payload_json"]
    try:
        return str(host.environment(known).render(template))
    except MargeError:
        return None  # such as `value_json.x` of a message that is no JSON


TRIGGER = TriggerKind(_SCHEMA, _attach)
