"""Small actors that fail, wait and remember on demand."""

from __future__ import annotations

from typing import Any

import gevent

from marge.actors import Actor, PinnedActor
from marge.errors import BridgeError


class Recorder:
    """What happened, in order; given to actors so that tests can look."""

    def __init__(self) -> None:
        self.notes: list[Any] = []


class Behaviour:
    """Obeys messages: `boom` raises, `leak` lets a gevent.Timeout out, `wait` sleeps, anything else is noted."""

    recorder: Recorder

    def obey(self, message: Any) -> Any:
        if message == "boom":
            raise ValueError("boom")
        if message == "away":
            raise BridgeError("nobody answers")
        if message == "leak":
            raise gevent.Timeout(0.01)
        if message == "exit":
            raise gevent.GreenletExit
        if message == "wait":
            gevent.sleep(30)
        self.recorder.notes.append(message)
        return message


class Shared(Behaviour, Actor):
    def __init__(self, recorder: Recorder | None = None, fail: str = "") -> None:
        self.recorder = recorder or Recorder()
        self.fail = fail

    def on_start(self) -> None:
        if self.fail == "start":
            raise ValueError("no start")
        self.recorder.notes.append(("start", self.path))

    def on_stop(self) -> None:
        if self.fail == "stop":
            raise ValueError("no stop")
        self.recorder.notes.append(("stop", self.path))

    def on_failure(self, *_: Any) -> None:
        if self.fail == "failure":
            raise ValueError("no failure hook")
        self.recorder.notes.append(("failure", self.path))

    def on_receive(self, message: Any) -> Any:
        return self.obey(message)

    def a_method(self, value: int) -> int:
        return value + 1


class Pinned(Behaviour, PinnedActor):
    def __init__(self, recorder: Recorder | None = None, fail: str = "") -> None:
        self.recorder = recorder or Recorder()
        self.fail = fail

    on_start = Shared.on_start
    on_stop = Shared.on_stop
    on_failure = Shared.on_failure  # type: ignore[assignment]  # takes what the base takes, as *args

    def on_receive(self, message: Any) -> Any:
        return self.obey(message)

    def a_method(self, value: int) -> int:
        return value + 1


class HangsAtStart(PinnedActor):
    def on_start(self) -> None:
        with self.waiting_for("a device that never answers"):
            gevent.sleep(1000)
