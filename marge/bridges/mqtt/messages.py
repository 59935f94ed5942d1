"""What other actors may tell the MQTT bridge, and what it tells itself. No behaviour here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from marge.bridges.mqtt.incoming import Incoming


class Publish(NamedTuple):
    """Send one message.

    Told: it is lost, logged and counted when there is no connection or the broker does not take it. Asked with
    `must`: the asker gets `HomeError` or `Overloaded` then.
    """

    topic: str
    payload: str | bytes
    qos: int = 0
    retain: bool = False
    must: bool = False


class Subscribe(NamedTuple):
    """Call `handler(message)` for what arrives on `topic_filter`. It runs in the bridge's greenlet and must not wait.

    To be asked. Reply: the number to give to `Unsubscribe`; `TopicError` for a filter that is none.
    """

    topic_filter: str
    handler: Callable[[Incoming], None]
    qos: int = 0


class Announce(NamedTuple):
    """Take this as if the broker had sent it: a part of Marge announces entities for devices that do not.

    To be asked. Reply: None, once it is taken.
    """

    topic: str
    payload: bytes


class Unsubscribe(NamedTuple):
    """End the subscription of that number. Reply: whether there was one."""

    number: int


class Connected(NamedTuple):
    """The broker took the connection of client `generation`."""

    generation: int


class ConnectionLost(NamedTuple):
    """The connection of client `generation` ended, or could not be made; the client tries again by itself."""

    generation: int
    reason: str
    bad_credentials: bool = False


class Tick(NamedTuple):
    """Some seconds have passed: say how the home is, look whether the broker loses messages."""


class Settle(NamedTuple):
    """Look whether what is retained has been read."""


class Acknowledge(NamedTuple):
    """Messages were handled: tell the broker."""


class Drain(NamedTuple):
    """There is something in the incoming queue."""


class FlushSubscriptions(NamedTuple):
    """Subscriptions were asked for: send them to the broker, many in one packet."""


class DebugInfo(NamedTuple):
    """What is known of a device's entities and triggers: topics, latest messages, announcements. To be asked.

    Reply: `{"entities": [...], "triggers": [...]}`, both empty for a device that is none of ours.
    """

    device_id: str


class ForgetDevice(NamedTuple):
    """People delete the device: take its announcements off the broker."""

    device_id: str


class TakeSection(NamedTuple):
    """The section `mqtt:` of the files: make its entities, those that are no longer in it go. To be asked."""

    section: Any


class EntityGone(NamedTuple):
    """Somebody removed a discovered entity. Its next announcement makes it anew."""

    entity_id: str


class EntityRenamed(NamedTuple):
    """A discovered entity goes by another id now."""

    former_id: str
    entity_id: str


class TimerFired(NamedTuple):
    """A timer of one mapping is over. `serial` tells an old timer from the present one."""

    entity_id: str
    name: str
    serial: int
