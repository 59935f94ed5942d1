"""Which kind of message a topic of a Tasmota device brings, and what it holds. Pure."""

from __future__ import annotations

from typing import Any

from marge.bridges.mqtt_devices.books import Message
from marge.bridges.mqtt_devices.tasmota.announced import RESULT_BY_COMMAND, Announced
from marge.bridges.mqtt_devices.tasmota.entities import FIRMWARE, NETWORK, PARAMETERS, RESULT, SENSOR, STATE

# What an answer to `Status` holds, and as which kind of message it counts.
_ANSWERS = {
    "STATUS1": ("StatusPRM", PARAMETERS), "STATUS2": ("StatusFWR", FIRMWARE), "STATUS5": ("StatusNET", NETWORK),
    "STATUS8": ("StatusSNS", SENSOR), "STATUS10": ("StatusSNS", SENSOR), "STATUS11": ("StatusSTS", STATE),
    "INFO1": ("Info1", FIRMWARE), "INFO2": ("Info2", NETWORK), "INFO3": ("Info3", PARAMETERS),
}  # fmt: skip
_PLAIN = {("tele", "STATE"): STATE, ("tele", "SENSOR"): SENSOR, ("stat", "RESULT"): RESULT}


def content_of(device: Announced, prefix: str, what: str, message: Message) -> tuple[str, dict[str, Any]] | None:
    """The kind of a message and what it says; None: it is of no use.

    Args:
        prefix: `tele` or `stat`. what: the last level of its topic.

    Raises:
        ValueError: it should be a JSON object and is none.
    """
    kind, group = _PLAIN.get((prefix, what)), ""
    if kind is None and what in _ANSWERS:
        group, kind = _ANSWERS[what]
    elif kind is None and prefix == "stat" and RESULT_BY_COMMAND in device.options:
        kind = RESULT
    if kind is None:
        return None
    content = message.json
    if isinstance(content, dict) and group:
        content = content.get(group, content)
    if not isinstance(content, dict):
        raise ValueError(f"{message.topic} wants a JSON object")
    return kind, content
