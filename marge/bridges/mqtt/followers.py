"""Who follows topics from outside the bridge, such as automations: they are there before the bridge and outlive it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from marge.actors import ActorSystem
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.topics import check_filter

SHARED = "mqtt_topics"

Handler = Callable[[Incoming], None]


class Listen(NamedTuple):
    """Call `handler` for what arrives on `topic_filter`, retained messages first. Told."""

    topic_filter: str
    handler: Handler
    qos: int


class Unlisten(NamedTuple):
    """Call it no more. Told."""

    topic_filter: str
    handler: Handler


class Followers:
    """Offered as `home.shared["mqtt_topics"]`. Callable from anywhere on the hub; nothing here waits."""

    def __init__(self, system: ActorSystem, path: str) -> None:
        self._system = system
        self._path = path
        self._followed: dict[int, Listen] = {}
        self._number = 0

    def follow(self, topic_filter: str, handler: Handler, qos: int = 0) -> Callable[[], None]:
        """Call `handler(message)` for what arrives, whenever the bridge runs. It runs in the bridge's greenlet and must
        not wait. Returns the function that ends it.

        Raises:
            TopicError: no filter.
        """
        listen = Listen(check_filter(topic_filter), handler, qos)
        self._number += 1
        number = self._number
        self._followed[number] = listen
        self._tell(listen)

        def end() -> None:
            if self._followed.pop(number, None) is not None:
                self._tell(Unlisten(topic_filter, handler))

        return end

    def all(self) -> Iterator[Listen]:
        """For the bridge, when it starts."""
        return iter(list(self._followed.values()))

    def _tell(self, message: Listen | Unlisten) -> None:
        if self._system.ref(self._path) is not None:  # else it asks for all when it starts
            self._system.tell(self._path, message)
