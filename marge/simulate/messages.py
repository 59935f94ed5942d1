"""What goes over the wire, as values: a message, and work that is due a little later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True)
class Message:
    """One MQTT message to be sent."""

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 0

    @classmethod
    def json(cls, topic: str, value: Any, *, retain: bool = False, qos: int = 0) -> Message:
        """A message whose payload is `value` as JSON."""
        return cls(topic, orjson.dumps(value), retain, qos)

    @classmethod
    def empty(cls, topic: str) -> Message:
        """Clears what is retained on a topic."""
        return cls(topic, b"", retain=True, qos=1)


@dataclass(frozen=True)
class Later:
    """Work that is due in `delay_s` seconds; it gives the messages to send then, and what is due still later."""

    delay_s: float
    run: Callable[[], Sequence[Message | Later]]


Effects = list[Message | Later]
