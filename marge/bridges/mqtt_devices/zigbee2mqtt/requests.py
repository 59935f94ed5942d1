"""Asking a zigbee2mqtt to do something: requests with a transaction, answers that belong to them, time-outs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from gevent.event import AsyncResult

from marge.errors import HomeError, MargeError, Overloaded, Unavailable
from marge.model import dumps
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network

MAX_WAITING = 500
"""Requests without an answer. Beyond it something is broken, and new ones are refused."""
FORGET_S = 2 * 3600.0
"""A firmware update takes an hour; what has not been answered by then will not be."""
MAX_ERROR = 500


class RequestRefused(HomeError):
    """zigbee2mqtt answered that it cannot or will not."""


class NoAnswer(HomeError):
    """zigbee2mqtt did not answer in time."""


Send = Callable[[str, bytes], None]
"""`send(topic, payload)`: hands a message to the broker, or raises what the MQTT bridge does."""


class Clock(Protocol):
    """What is needed of the clock."""

    def monotonic(self) -> float: ...


@dataclass
class _Pending:
    base: str
    what: str
    since: float
    result: AsyncResult = field(default_factory=AsyncResult)
    late: Callable[[Mapping[str, Any]], None] | None = None


@dataclass
class RequestFigures:
    """How many requests there were, and what became of them."""

    sent: int = 0
    answered: int = 0
    refused: int = 0
    unanswered: int = 0


class Requests:
    """All requests of a home to its zigbee2mqtts. Used on the hub only; `ask` waits in the caller's greenlet."""

    def __init__(self, send: Send, clock: Clock) -> None:
        self._send = send
        self._clock = clock
        self._pending: dict[str, _Pending] = {}
        self.figures = RequestFigures()

    def __len__(self) -> int:
        return len(self._pending)

    def ask(
        self,
        network: Network,
        what: str,
        payload: Mapping[str, Any],
        timeout_s: float,
        late: Callable[[Mapping[str, Any]], None] | None = None,
    ) -> dict[str, Any] | None:
        """Send `bridge/request/<what>` and wait for its answer. The answer's `data`.

        Args:
            late: called with the whole answer if it comes after the time-out; then None is returned at the time-out
                instead of an error.

        Raises:
            RequestRefused: the answer is an error; its text is zigbee2mqtt's.
            NoAnswer: none came in time.
            Unavailable: it is offline, or there is no connection to the broker.
            Overloaded: too many requests wait already.
        """
        if network.state == "offline":
            raise Unavailable(f"zigbee2mqtt at '{network.base}' is offline; start it and try again")
        transaction, pending = self._enter(network.base, what)
        try:
            self._publish(network.base, what, {**payload, "transaction": transaction})
            # wait(), not get(timeout): a Timeout of the caller's own must pass through as what it is.
            pending.result.wait(timeout=timeout_s)
        except BaseException:
            self._pending.pop(transaction, None)
            raise
        answer: Mapping[str, Any] | None = pending.result.get() if pending.result.ready() else None
        if answer is None:
            if late is not None:
                pending.late = late
                return None
            self._pending.pop(transaction, None)
            self.figures.unanswered += 1
            raise NoAnswer(
                f"zigbee2mqtt at '{network.base}' did not answer {what} within {timeout_s:g} s; look at its log"
            )
        return data_of(answer, what)

    def answered(self, base: str, what: str, answer: Any) -> None:
        """An answer arrived. Those to other programs' requests are no concern of ours."""
        transaction = answer.get("transaction") if isinstance(answer, dict) else None
        pending = self._pending.get(transaction) if isinstance(transaction, str) else None
        if pending is None or pending.base != base or not (pending.what == what or pending.what.startswith(f"{what}/")):
            return
        del self._pending[str(transaction)]
        self.figures.answered += 1
        if answer.get("status") == "error":
            self.figures.refused += 1
        if pending.late is None:
            pending.result.set(answer)
        else:
            pending.late(answer)

    def _enter(self, base: str, what: str) -> tuple[str, _Pending]:
        now = self._clock.monotonic()
        for old in [key for key, each in self._pending.items() if now - each.since > FORGET_S]:
            del self._pending[old]
        if len(self._pending) >= MAX_WAITING:
            raise Overloaded(f"{MAX_WAITING} requests to zigbee2mqtt wait for an answer; this one was not sent")
        transaction = f"marge-{ulid()}"
        pending = self._pending[transaction] = _Pending(base, what, now)
        self.figures.sent += 1
        return transaction, pending

    def _publish(self, base: str, what: str, payload: Mapping[str, Any]) -> None:
        try:
            self._send(f"{base}/bridge/request/{what}", dumps(payload))
        except MargeError as exc:
            raise Unavailable(f"The message could not be sent: {exc}") from exc


def data_of(answer: Mapping[str, Any], what: str) -> dict[str, Any]:
    """The `data` of an answer.

    Raises:
        RequestRefused: it is an error.
    """
    if answer.get("status") == "error":
        error = answer.get("error")
        raise RequestRefused(str(error)[:MAX_ERROR] if error else f"zigbee2mqtt refused {what} without a reason")
    data = answer.get("data")
    return data if isinstance(data, dict) else {}
