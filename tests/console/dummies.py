"""Actors that ask each other, wait, fail and count, for the console to look at."""

from __future__ import annotations

from typing import Any

import structlog
from gevent.event import Event

from marge.actors import Actor, PinnedActor

log = structlog.get_logger("marge.tests.dummies")


class Counting(Actor):
    """Counts its messages; `boom` raises."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    def on_receive(self, message: Any) -> Any:
        if message == "boom":
            raise ValueError("boom with token=abcdef0123456789")
        self.taken.append(message)
        return len(self.taken)


class Stubborn(Counting):
    """Fails whenever it starts, once it was told to."""

    is_broken = False

    def on_start(self) -> None:
        if Stubborn.is_broken:
            raise OSError("no device")


class Asking(PinnedActor):
    """Asks another actor when told `("ask", path)`; waits for its gate when told `wait`."""

    def __init__(self) -> None:
        self.gate = Event()
        self.taken: list[Any] = []

    def on_receive(self, message: Any) -> Any:
        if message == "wait":
            self.gate.wait()
        elif isinstance(message, tuple) and message[0] == "ask":
            self.gate.wait()
            return self.system.ask(message[1], "ping", timeout=60.0)
        self.taken.append(message)
        return "pong"
