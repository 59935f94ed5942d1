"""What other actors may tell the MQTT bridge, and what it tells itself. No behaviour here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Publish(NamedTuple):
    """Send one message. Reply to an ask: None, or `HomeError` while there is no connection.

    A tell while disconnected is queued, up to the bound of the bridge's outgoing queue.
    """

    topic: str
    payload: str | bytes
    qos: int = 0
    retain: bool = False


class Received(NamedTuple):
    """A message from the broker."""

    topic: str
    payload: bytes
    qos: int
    retain: bool


class Subscribe(NamedTuple):
    """Call `handler(Received)` for what arrives on `topic_filter`. It runs in the bridge's greenlet and must not wait.

    Reply: the number to give to `Unsubscribe`.
    """

    topic_filter: str
    handler: Callable[[Received], None]
    qos: int = 0


class Unsubscribe(NamedTuple):
    """End the subscription of that number. Reply: whether there was one."""

    number: int


class Connected(NamedTuple):
    """The broker took the connection `generation`."""

    generation: int
    session_present: bool


class ConnectionLost(NamedTuple):
    """The connection `generation` ended, or was never made."""

    generation: int
    reason: str


class Reconnect(NamedTuple):
    """It is time to try again."""

    attempt: int


class Drain(NamedTuple):
    """There is something in the incoming queue."""


class TimerFired(NamedTuple):
    """A timer of one mapping is over. `key` says which; `serial` tells an old timer from the present one."""

    discovery_key: Any
    key: str
    serial: int
