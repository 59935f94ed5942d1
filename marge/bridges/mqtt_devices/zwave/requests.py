"""Asking a Z-Wave JS UI to do something: calls of its API, answers that belong to them, time-outs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gevent.event import AsyncResult

from marge.bridges.mqtt_devices.zwave.book import CLIENT, Gateway
from marge.errors import HomeError, Overloaded, Unavailable
from marge.model import dumps, loads

MAX_WAITING = 200
MAX_ERROR = 500
ANSWER_S = 10.0


class Refused(HomeError):
    """Z-Wave JS UI answered that it cannot or will not."""


@dataclass
class _Asked:
    prefix: str
    function: str
    args: list[Any]
    answer: AsyncResult = field(default_factory=AsyncResult)


@dataclass
class Figures:
    """What became of the calls."""

    sent: int = 0
    answered: int = 0
    refused: int = 0
    unanswered: int = 0


class Requests:
    """All calls of a home. Used on the hub only; `ask` waits in the caller's greenlet."""

    def __init__(self, send: Callable[[str, bytes], None]) -> None:
        self._send = send
        self._asked: list[_Asked] = []
        self.figures = Figures()

    def __len__(self) -> int:
        return len(self._asked)

    def ask(self, gateway: Gateway, function: str, args: list[Any], timeout_s: float = ANSWER_S) -> Any:
        """Call `function` of the API and wait; its result.

        Raises:
            Refused: the gateway says that it failed; the text is its own.
            HomeError: no answer in time, or no connection.
            Unavailable: the gateway is not there.
            Overloaded: too many calls wait.
        """
        if not gateway.name:
            raise Unavailable(f"No Z-Wave JS UI was heard of below '{gateway.prefix}/_CLIENTS/'")
        if not gateway.connected:
            raise Unavailable(f"Z-Wave JS UI '{gateway.name}' is offline; start it and try again")
        if len(self._asked) >= MAX_WAITING:
            raise Overloaded(f"{MAX_WAITING} calls to Z-Wave JS UI wait for an answer; this one was not sent")
        payload = dumps({"args": args})
        asked = _Asked(gateway.prefix, function, loads(dumps(args)))
        self._asked.append(asked)
        self.figures.sent += 1
        try:
            self._send(f"{gateway.prefix}/_CLIENTS/{CLIENT}{gateway.name}/api/{function}/set", payload)
            asked.answer.wait(timeout=timeout_s)
        finally:
            self._asked.remove(asked)
        if not asked.answer.ready():
            self.figures.unanswered += 1
            raise HomeError(
                f"Z-Wave JS UI '{gateway.name}' did not answer {function} within {timeout_s:g} s; look at its log"
            )
        answer = asked.answer.get()
        if answer.get("success") is False:
            self.figures.refused += 1
            reason = answer.get("message")
            raise Refused(str(reason)[:MAX_ERROR] if reason else f"Z-Wave JS UI refused {function} without a reason")
        return answer.get("result")

    def answered(self, gateway: Gateway, function: str, answer: dict[str, Any]) -> None:
        """An answer came: to the call with these arguments, or to the oldest one when it does not repeat them."""
        waiting = [
            each for each in self._asked
            if each.prefix == gateway.prefix and each.function == function and not each.answer.ready()
        ]  # fmt: skip
        origin = answer.get("origin")
        args = answer.get("args", origin.get("args") if isinstance(origin, dict) else None)
        if isinstance(args, list):
            waiting = [each for each in waiting if each.args == args]
        if waiting:
            self.figures.answered += 1
            waiting[0].answer.set(answer)
