"""Who follows topics from outside the bridge, such as automations: they are there before the bridge and outlive it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pykka
import structlog

from marge.actors import ActorSystem
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.messages import Announce, Publish
from marge.bridges.mqtt.topics import check_filter
from marge.errors import NotFound, Unavailable

log = structlog.get_logger("marge.bridges.mqtt")

SHARED = "mqtt_topics"
HEAR_S = 30.0
"""How long the bridge may be busy with what came before."""

Handler = Callable[[Incoming], None]

MAX_RETAINED = 20_000
"""Topics of one follower whose retained message is remembered."""


class Listen(NamedTuple):
    """Call `handler` for what arrives on `topic_filter`, retained messages first. Told."""

    topic_filter: str
    handler: Handler
    qos: int


class Unlisten(NamedTuple):
    """Call it no more. Told."""

    topic_filter: str
    handler: Handler


class _Follower:
    """Passes messages on, but no retained one twice: whoever listens to the same filter later makes the broker send it
    again to all."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._retained: dict[str, int] = {}

    def __call__(self, message: Incoming) -> None:
        if message.retain:
            mark = hash(message.payload)
            if self._retained.get(message.topic) == mark:
                return
            if len(self._retained) >= MAX_RETAINED:
                self._retained.clear()
            self._retained[message.topic] = mark
        elif message.topic in self._retained:
            self._retained[message.topic] = hash(message.payload)  # what is retained by now, if anything
        self._handler(message)


class Followers:
    """Offered as `home.shared["mqtt_topics"]`. Callable from anywhere on the hub; nothing here waits."""

    def __init__(self, system: ActorSystem, path: str) -> None:
        self._system = system
        self._path = path
        self._followed: dict[int, Listen] = {}
        self._watching: dict[int, Callable[[bool], None]] = {}
        self._number = 0
        self.connected = False

    def follow(self, topic_filter: str, handler: Handler, qos: int = 0) -> Callable[[], None]:
        """Call `handler(message)` for what arrives, whenever the bridge runs. It runs in the bridge's greenlet and must
        not wait. Returns the function that ends it.

        Raises:
            TopicError: no filter.
        """
        follower = _Follower(handler)
        listen = Listen(check_filter(topic_filter), follower, qos)
        self._number += 1
        number = self._number
        self._followed[number] = listen
        self._tell(listen)

        def end() -> None:
            if self._followed.pop(number, None) is not None:
                self._tell(Unlisten(topic_filter, follower))

        return end

    def all(self) -> Iterator[Listen]:
        """For the bridge, when it starts."""
        return iter(list(self._followed.values()))

    def watch(self, listener: Callable[[bool], None]) -> Callable[[], None]:
        """Call `listener(connected)` whenever the connection to the broker comes or goes; it must not wait. Returns
        the function that ends it. How it is now is in `connected`."""
        self._number += 1
        number = self._number
        self._watching[number] = listener

        def end() -> None:
            self._watching.pop(number, None)

        return end

    def connection_changed(self, connected: bool) -> None:
        """For the bridge."""
        if connected == self.connected:
            return
        self.connected = connected
        for listener in list(self._watching.values()):
            try:
                listener(connected)
            except Exception as exc:  # noqa: BLE001 - the border: one of several listeners
                log.error("a listener for the connection failed", exc_info=exc)

    def publish(self, topic: str, payload: str | bytes, qos: int = 0, retain: bool = False) -> None:
        """Send a message, in the order of the calls. What cannot be sent is lost and counted, and nobody waits."""
        self._system.tell(self._path, Publish(topic, payload, qos, retain))

    def publish_now(self, topic: str, payload: str | bytes, qos: int = 0, retain: bool = False) -> None:
        """Send a message and wait until the connection has it. Not from the shared dispatcher.

        Raises:
            HomeError, Overloaded: there is no connection, or too much is unsent.
            Unavailable: the MQTT bridge is not running.
        """
        try:
            self._system.ask(self._path, Publish(topic, payload, qos, retain, must=True))
        except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
            raise Unavailable(f"The MQTT bridge is not running: {exc}") from exc

    def hear(self, topic: str, payload: bytes) -> None:
        """Let the bridge take this as if the broker had sent it; nobody else sees it. Waits until it has: thousands of
        announcements must not fill its mailbox. Not from the shared dispatcher.

        Raises:
            Unavailable: the MQTT bridge is not running, or busy for long.
        """
        try:
            self._system.ask(self._path, Announce(topic, payload), timeout=HEAR_S)
        except (NotFound, pykka.ActorDeadError, pykka.Timeout) as exc:
            raise Unavailable(f"The MQTT bridge is not running: {exc}") from exc

    def _tell(self, message: Listen | Unlisten) -> None:
        if self._system.ref(self._path) is not None:  # else it asks for all when it starts
            self._system.tell(self._path, message)
