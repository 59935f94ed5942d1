"""A plain MQTT client for tests: who it is, what it got, what the broker said."""

from __future__ import annotations

from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.waiting import until


class Client:
    """Connects at once; `answer` is the broker's word (`Success`, `Not authorized`, …).

    Attributes:
        received: (topic, payload, retain). lost: how often the connection ended.
    """

    def __init__(
        self, port: int, username: str | None = None, password: str | None = None, *, transport: Any = "tcp",
        client_id: str = "", clean: bool = True, protocol: Any = paho.MQTTv311, host: str = "127.0.0.1",
        tls: Any = None,
    ) -> None:  # fmt: skip
        self.received: list[tuple[str, str, bool]] = []
        self.lost = 0
        self.answer: str | None = None
        self._subscribed = 0
        self.paho = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, transport=transport, protocol=protocol,
            clean_session=None if protocol == paho.MQTTv5 else clean,
        )  # fmt: skip
        if tls is not None:
            self.paho.tls_set_context(tls)
        if username is not None:
            self.paho.username_pw_set(username, password)
        self.paho.on_connect = self._on_connect
        self.paho.on_disconnect = self._on_disconnect
        self.paho.on_message = lambda _c, _d, m: self.received.append(
            (m.topic, m.payload.decode("utf-8", "replace"), m.retain)
        )
        self.paho.on_subscribe = self._on_subscribe
        self.paho.connect(host, port)
        self.paho.loop_start()
        until(lambda: self.answer is not None, what="the broker's answer")

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.answer = str(reason)

    def _on_disconnect(self, *_: Any) -> None:
        self.lost += 1

    def _on_subscribe(self, *_: Any) -> None:
        self._subscribed += 1

    @property
    def is_in(self) -> bool:
        return self.answer == "Success"

    def subscribe(self, *filters: str, qos: int = 1) -> Client:
        """Wait until the broker has answered; the client itself."""
        before = self._subscribed
        self.paho.subscribe([(each, qos) for each in filters])
        until(lambda: self._subscribed > before, what="a subscription")
        return self

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False, qos: int = 1) -> None:
        """Wait until the broker has it."""
        self.paho.publish(topic, payload, qos, retain).wait_for_publish(60)

    def got(self, topic: str) -> list[str]:
        return [payload for name, payload, _retain in self.received if name == topic]

    def close(self) -> None:
        self.paho.disconnect()
        self.paho.loop_stop()
