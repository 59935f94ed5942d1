"""Writes what WebSocket clients have waiting: all of them in one go, and in a burst several messages in one write.

A write costs 7 µs whatever its size, so that a thousand clients that get a hundred changes a second each would take
seven tenths of a core (`loadtests/bench_ws.py`). Not here: queues and their limits, slow clients (`websocket.py`).
"""

from __future__ import annotations

import time
from typing import Protocol

import gevent

WINDOW_S = 0.004
"""What comes within it after a flush waits for the next one. The first change after a pause does not wait."""
REST = 3.0
"""The pause is so many times as long as the flush was: flushing takes a quarter of the hub's time, unless the pause
would be longer than `LONGEST_S`."""
LONGEST_S = 0.03


class Flushable(Protocol):
    def flush(self) -> None:
        """Write what can be written without waiting. Runs in the hub; must not raise, wait or log."""


class Flusher:
    """Clients that have something to be written, until the next flush."""

    def __init__(self) -> None:
        self._waiting: list[Flushable] = []
        self._due = 0.0
        self._timer = gevent.get_hub().loop.timer(WINDOW_S)

    def add(self, client: Flushable) -> None:
        """Have `client.flush` called soon, once."""
        self._waiting.append(client)
        if len(self._waiting) > 1:
            return
        left = self._due - time.monotonic()
        if left <= 0:
            gevent.get_hub().loop.run_callback(self._flush)
        else:
            self._timer.stop()
            self._timer = gevent.get_hub().loop.timer(left)
            self._timer.start(self._flush)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        began = time.monotonic()
        for client in waiting:
            client.flush()
        ended = time.monotonic()
        self._due = ended + min(max(WINDOW_S, REST * (ended - began)), LONGEST_S)
