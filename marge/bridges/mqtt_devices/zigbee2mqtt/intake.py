"""What arrived and was not handled yet: of what is retained only the last message, of events a bounded number."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import NamedTuple

from marge.bridges.mqtt_devices.books import Message

MAX_TOPICS = 30_000
"""Topics whose last message waits: the states and the availability of a large network."""
MAX_STREAM = 2_000
"""Events and lines of the log that wait; beyond it the oldest are left out and counted."""

STREAMS = frozenset(("event", "logging"))
"""Kinds of messages of which each one counts."""


class Arrived(NamedTuple):
    """One message. `kind`: the last levels of its topic, or `availability` and `device`; `name`: the device's."""

    base: str
    kind: str
    message: Message
    name: str = ""


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
