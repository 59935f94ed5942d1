"""What arrived and was not handled yet: of what is retained only the last message, of events a bounded number."""

from __future__ import annotations

import json
import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from marge.bridges.mqtt_devices.books import Message
from marge.bridges.mqtt_devices.zigbee2mqtt.facts import NotUnderstood

MAX_TOPICS = 30_000
"""Topics whose last message waits: the states and the availability of a large network."""
MAX_STREAM = 2_000
"""Events and lines of the log that wait; beyond it the oldest are left out and counted."""

STREAMS = frozenset(("event", "logging"))
"""Kinds of messages of which each one counts."""


MAX_BYTES = 8 << 20
"""Of a list of devices or a network map: what the broker that Marge starts takes. 200 devices have about 2 MB."""


QUICK_BYTES = 256 * 1024
"""So much is parsed at once, in about 2 ms; 5 MB took 68 ms, in which nobody else had the hub."""
_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[ \t\r\n]*")


class Arrived(NamedTuple):
    """One message. `kind`: the last levels of its topic, or `availability` and `device`; `name`: the device's, or what
    was requested; `answer`: the JSON, when it was read already."""

    base: str
    kind: str
    message: Message
    name: str = ""
    answer: Any = None


def long_json(message: Message) -> Any:
    """The JSON of a message that may be longer than a state; None when it is none, or much too long."""
    if len(message.payload) > MAX_BYTES:
        return None
    try:
        return orjson.loads(message.payload)
    except orjson.JSONDecodeError:
        return None


def items_of(message: Message) -> Iterator[Any]:
    """The items of a JSON list one by one, so that others may have the hub between them.

    Raises:
        NotUnderstood: no such list. It may come after some items.
    """
    payload = message.payload
    if len(payload) <= QUICK_BYTES:
        found = long_json(message)
        if not isinstance(found, list):
            raise NotUnderstood(f"{message.topic} wants a JSON list")
        yield from found
        return
    if len(payload) > MAX_BYTES:
        raise NotUnderstood(f"{message.topic} has {len(payload)} bytes; at most {MAX_BYTES} are read")
    try:
        text = payload.decode("utf-8")
        at = _skip(text, 0)
        if text[at : at + 1] != "[":
            raise ValueError("no list")
        at = _skip(text, at + 1)
        while text[at : at + 1] != "]":
            item, at = _DECODER.raw_decode(text, at)
            yield item
            at = _skip(text, at)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
            elif text[at : at + 1] != "]":
                raise ValueError("an item without an end")
    except (ValueError, RecursionError) as exc:
        raise NotUnderstood(f"{message.topic} wants a JSON list: {exc}") from exc


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return at if match is None else match.end()


class Intake:
    """Filled in the MQTT bridge's greenlet, emptied by the actor, in the order of arrival. Nothing here waits."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str, str, str, int], Arrived] = OrderedDict()
        self._stream: deque[tuple[str, str, str, int]] = deque()
        self._number = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, arrived: Arrived) -> bool:
        """Keep a message. True: nothing waited before it."""
        was_empty = not self._waiting
        if arrived.kind in STREAMS:
            self._number += 1
            key = (arrived.base, arrived.kind, "", self._number)
            self._stream.append(key)
            if len(self._stream) > MAX_STREAM:
                self._waiting.pop(self._stream.popleft(), None)
                self.dropped += 1
        else:
            key = (arrived.base, arrived.kind, arrived.name, 0)
            if self._waiting.pop(key, None) is None and len(self._waiting) >= MAX_TOPICS:
                self.dropped += 1
                return False
        self._waiting[key] = arrived
        return was_empty

    def take(self) -> Arrived | None:
        """The message that has waited longest; None: there is none."""
        if not self._waiting:
            return None
        key, arrived = self._waiting.popitem(last=False)
        if key[3] and self._stream and self._stream[0] == key:
            self._stream.popleft()
        return arrived
