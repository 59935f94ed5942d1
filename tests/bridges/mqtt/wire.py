"""The other end of the wire: a client that plays devices, and a bridge under test that can be waited for."""

from __future__ import annotations

import json
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from marge.bridges.mqtt import specs
from marge.bridges.mqtt.bridge import MqttBridge
from marge.bridges.mqtt.client import _send_at_once
from marge.bridges.mqtt.messages import Publish
from marge.home import Home
from tests.support.waiting import until

SYNC = "test-sync"


class Device:
    """A plain MQTT client that publishes, and records what arrives on `#`. `retained`: topics with something of it."""

    def __init__(self, host: str, port: int) -> None:
        self.received: list[tuple[str, str, int, bool]] = []
        self.retained: set[str] = set()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = self._on_message
        self._client.on_connect = self._on_connect
        self._client.on_socket_open = _send_at_once
        subscribed: list[int] = []
        self._client.on_subscribe = lambda *_: subscribed.append(1)
        self._client.connect(host, port)
        self._client.loop_start()
        until(lambda: subscribed, what="the device's subscription")
        self._number = 0

    def _on_connect(self, *_: Any) -> None:
        self._client.subscribe("#", 2)

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        self.received.append(
            (message.topic, message.payload.decode("utf-8", "replace"), message.qos, message.retain)
        )

    def publish(self, topic: str, payload: Any, *, retain: bool = False, qos: int = 1) -> None:
        """Publish and wait until the broker has it. Objects become JSON."""
        if not isinstance(payload, (str, bytes)):
            payload = json.dumps(payload)
        if retain:
            self.retained.add(topic)
        self._client.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(60)

    def listen_no_more(self) -> None:
        """From now on it gets nothing."""
        self._client.unsubscribe("#")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Bench:
    """A home with the MQTT bridge on a broker, and a device beside it.

    Args:
        spawn: whether the home has no bridge yet.
    """

    def __init__(self, home: Home, host: str, port: int, *, spawn: bool = True) -> None:
        self.home = home
        self.device = Device(host, port)
        self._synced: list[str] = []
        self._listening: MqttBridge | None = None
        self._round = 0
        for spec in specs(home) if spawn else ():
            home.system.spawn(spec, "/bridges")
        until(lambda: self.bridge is not None and self.bridge.connected, what="the bridge's connection")
        self.settle()

    @property
    def bridge(self) -> MqttBridge:
        actor = self.home.system.actor("/bridges/mqtt")
        assert isinstance(actor, MqttBridge)
        return actor

    def settle(self) -> None:
        """Wait until the bridge has handled what was published, and the entities what it reported."""
        self._round_trip()
        if self.bridge.figures()["subscribing"]:  # its new subscriptions may bring retained messages
            until(lambda: self.bridge.figures()["subscribing"] == 0, what="subscriptions")
            self._round_trip()

    def _round_trip(self) -> None:
        if self._listening is not self.bridge:
            self._listening = self.bridge
            self.bridge.listen(f"{SYNC}/#", lambda message: self._synced.append(message.topic), 1)
            until(lambda: self.bridge.figures()["subscribing"] == 0, what="subscriptions")
        self._round += 1
        topic = f"{SYNC}/{self._round}"
        self.device.publish(topic, "x")
        until(lambda: topic in self._synced, what="the bridge's queue")
        until(lambda: any(message[0] == topic for message in self.device.received), what="the device's queue")
        self._synced.clear()
        self.home.system.settle()

    def published(self) -> list[tuple[str, str, int]]:
        """What the bridge sent since the last call, in order: topic, payload, qos."""
        return [(topic, payload, qos) for topic, payload, qos, _retain in self.published_whole()]

    def published_whole(self) -> list[tuple[str, str, int, bool]]:
        """As `published`, with whether the message came as a retained one."""
        self.settle()
        self._round += 1
        topic = f"{SYNC}/out/{self._round}"  # behind what the bridge has sent before, on the same connection
        self.home.system.ask("/bridges/mqtt", Publish(topic, "x", 1, must=True))
        until(lambda: any(message[0] == topic for message in self.device.received), what="the bridge's own message")
        return [each for each in self.device.received if not each[0].startswith((SYNC, "marge/"))]

    def forget(self) -> None:
        self.device.received.clear()

    def state(self, entity_id: str) -> tuple[str, dict[str, Any]] | None:
        state = self.home.states.get(entity_id)
        return None if state is None else (state.state, dict(state.attributes))

    def close(self) -> None:
        self.device.close()
