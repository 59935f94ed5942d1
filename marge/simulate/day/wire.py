"""The player's hand on the simulated house: publishes physical stimuli over MQTT."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import orjson
import paho.mqtt.client as paho

from marge.simulate.day.errors import DayError

TIMEOUT_S = 10.0


class Wire:
    """A connection to the house's broker, for the time of a `with` block."""

    def __init__(
        self, host: str, port: int, username: str | None = None, password: str | None = None, base: str = "zigbee2mqtt"
    ) -> None:
        self.host = host
        self.port = port
        self.base = base
        self._ready = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.on_connect = self._on_connect
        if username:
            self._client.username_pw_set(username, password)

    def __enter__(self) -> Wire:
        try:
            self._client.connect(self.host, self.port)
        except OSError as error:
            raise DayError(f"no MQTT broker at {self.host}:{self.port}: {error}") from error
        self._client.loop_start()
        if not self._ready.wait(TIMEOUT_S):
            self._client.loop_stop()
            raise DayError(f"the MQTT broker at {self.host}:{self.port} does not let us in")
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def simulate(self, device: str, change: Mapping[str, Any]) -> None:
        """Something physical happens to a device."""
        self._publish(f"{self.base}/{device}/simulate", dict(change))

    def power(self, on: bool) -> None:
        """The mains fail or come back."""
        self._publish(f"{self.base}/simulator/power", {"state": "on" if on else "off"})

    def _publish(self, topic: str, value: object) -> None:
        sent = self._client.publish(topic, orjson.dumps(value), qos=1)
        try:
            sent.wait_for_publish(TIMEOUT_S)
        except (RuntimeError, ValueError) as error:
            raise DayError(f"the MQTT broker at {self.host}:{self.port} is gone: {error}") from error
        if not sent.is_published():
            raise DayError(f"the MQTT broker at {self.host}:{self.port} does not answer")

    def _on_connect(self, client: Any, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if not reason.is_failure:
            self._ready.set()
