"""What came in the last seconds before our own broker was killed: it saves twice a second, and may come back with less.

Without this a lamp that was switched on just before would be shown as off again, because that is the last thing which
the broker remembers. Pure but for the clock.
"""

from __future__ import annotations

import time

from marge.bridges.mqtt.incoming import Incoming

WINDOW_S = 8.0
"""Longer than the pause between two saves of a broker with 10,000 announcements. Up to twice as much is remembered."""
MAX_TOPICS, MAX_PAYLOAD, MAX_BYTES = 50_000, 16_384, 16_000_000
"""Of one half of what is remembered; a flood makes it a shorter time."""
TRUSTED_S = 10.0
"""So long after it came back a retained message may be an old one."""


class Recent:
    """The newest live message of each topic, for some seconds. One writer: the bridge."""

    def __init__(self) -> None:
        self._now: dict[str, bytes] = {}
        self._before: dict[str, bytes] = {}
        self._since = time.monotonic()
        self._bytes = 0
        self._known: dict[str, bytes] = {}
        self._known_until = 0.0

    @property
    def guards(self) -> bool:
        """Whether retained messages may be older than what we know."""
        return bool(self._known)

    def note(self, message: Incoming) -> None:
        """A message that is not retained, or that says something new."""
        if len(message.payload) <= MAX_PAYLOAD:
            now = time.monotonic()
            is_full = len(self._now) >= MAX_TOPICS or self._bytes >= MAX_BYTES
            if is_full or now - self._since > WINDOW_S:
                self._since, self._bytes, self._before, self._now = now, 0, self._now, {}
            self._bytes += len(message.payload)
            self._now[message.topic] = message.payload
        if self._known:
            self._known.pop(message.topic, None)

    def came_back(self) -> None:
        """The broker is there again: what is known so far is newer than what it retained."""
        self._known = {**self._before, **self._now}
        self._known_until = time.monotonic() + TRUSTED_S

    def newer(self, message: Incoming) -> bytes | None:
        """What is known instead of this retained message; None: it is right. Once a topic."""
        if time.monotonic() > self._known_until:
            self._known.clear()
            return None
        payload = self._known.pop(message.topic, None)
        return None if payload is None or payload == message.payload else payload
