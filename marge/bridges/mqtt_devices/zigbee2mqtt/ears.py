"""Which topics are heard for which network, and what their messages are. Runs in the MQTT bridge's greenlet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from marge.bridges.mqtt_devices.books import Message, Topics
from marge.bridges.mqtt_devices.zigbee2mqtt.facts import MAX_DEVICES
from marge.bridges.mqtt_devices.zigbee2mqtt.intake import Arrived, long_json
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
    from marge.bridges.mqtt_devices.zigbee2mqtt.requests import Requests

_PARTS = ("state", "devices", "groups", "event", "logging", "health")
_NAME_LEVELS = 3
"""Friendly names may have slashes; so many levels of them are watched for availability."""


class Ears:
    """The subscriptions of one actor.

    Args:
        put: takes what arrived; must not wait.
        on_connection: called when the connection to the broker comes or goes; must not wait.
        requests: get the answers at once, since somebody waits for them.
    """

    def __init__(
        self, topics: Topics, requests: Requests, put: Callable[[Arrived], None], on_connection: Callable[[bool], None]
    ) -> None:
        self._topics = topics
        self._requests = requests
        self._put = put
        self._on_connection = on_connection
        self._everywhere: list[Callable[[], None]] = []
        self._followed: dict[str, list[Callable[[], None]]] = {}
        self._watched: dict[tuple[str, str], Callable[[], None]] = {}

    def look_out(self) -> None:
        """Hear of zigbee2mqtts on any base topic of one level, and when the connection to the broker comes or goes."""
        self._everywhere = [
            self._topics.follow("+/bridge/info", self._on_info),
            self._topics.watch(self._on_connection),
        ]

    def follow(self, network: Network) -> None:
        """Hear what a zigbee2mqtt says of itself."""
        base, follow = network.base, self._topics.follow
        ends = [follow(f"{base}/bridge/{kind}", partial(self._on_part, base, kind)) for kind in _PARTS]
        ends.append(follow(f"{base}/bridge/response/#", partial(self._on_response, base)))
        for levels in range(1, _NAME_LEVELS + 1):
            ends.append(follow(f"{base}{'/+' * levels}/availability", partial(self._on_availability, base)))
        if "/" in base:
            ends.append(follow(f"{base}/bridge/info", partial(self._on_part, base, "info")))
        self._followed[base] = ends

    def watch_updates(self, network: Network) -> None:
        """Hear the states of devices whose firmware can be updated, and no longer those of others."""
        names = {device.friendly_name for device in network.members() if device.supports_ota}
        base = network.base
        for key in [key for key in self._watched if key[0] == base and key[1] not in names]:
            self._watched.pop(key)()
        for name in in_turns([name for name in names if (base, name) not in self._watched]):
            if len(self._watched) >= MAX_DEVICES or any(char in name for char in "+#\0"):
                continue
            self._watched[base, name] = self._topics.follow(f"{base}/{name}", partial(self._on_device, base, name))

    def unfollow(self, base: str) -> None:
        """Hear nothing more of a network."""
        for end in self._followed.pop(base, []):
            end()
        for key in [key for key in self._watched if key[0] == base]:
            self._watched.pop(key)()

    def end(self) -> None:
        """Hear nothing more at all."""
        for end in self._everywhere:
            end()
        self._everywhere = []
        for base in list(self._followed):
            self.unfollow(base)

    def _on_info(self, message: Message) -> None:
        self._put(Arrived(message.topic.partition("/")[0], "info", message))

    def _on_part(self, base: str, kind: str, message: Message) -> None:
        self._put(Arrived(base, kind, message))

    def _on_availability(self, base: str, message: Message) -> None:
        name = message.topic[len(base) + 1 : -len("/availability")]
        self._put(Arrived(base, "availability", message, name))

    def _on_device(self, base: str, name: str, message: Message) -> None:
        if b'"update"' in message.payload:
            self._put(Arrived(base, "device", message, name))

    def _on_response(self, base: str, message: Message) -> None:
        what = message.topic.removeprefix(f"{base}/bridge/response/")
        answer = long_json(message)
        self._put(Arrived(base, "response", message, what, answer))
        self._requests.answered(base, what, answer)
