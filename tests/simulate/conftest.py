"""A real broker, a listener on it, and the simulated house as the process that it is."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import paho.mqtt.client as paho
import pytest

from tests.support.broker import start_broker, stop_broker
from tests.support.waiting import until

Address = tuple[str, int]


class Listener:
    """Hears everything on a broker and keeps it in order; remembers what is retained."""

    def __init__(self, address: Address) -> None:
        self.messages: list[paho.MQTTMessage] = []
        self._subscribed = threading.Event()
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self.client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_message = lambda _client, _userdata, message: self.messages.append(message)
        self.client.connect(*address)
        self.client.loop_start()
        assert self._subscribed.wait(60)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def send(self, topic: str, payload: object) -> None:
        """Publish JSON, or bytes and texts as they are."""
        raw = payload if isinstance(payload, bytes | str) else orjson.dumps(payload)
        self.client.publish(topic, raw, qos=1).wait_for_publish(60)

    def last(self, topic: str) -> Any:
        """The last payload on a topic as JSON; None if nothing came."""
        for message in reversed(self.messages):
            if message.topic == topic:
                return orjson.loads(message.payload)
        return None

    def until(self, topic: str, condition: Callable[[Any], Any]) -> Any:
        """The last payload on a topic, once it fulfils the condition."""
        until(lambda: self.last(topic) is not None and condition(self.last(topic)), what=f"{topic} as wanted")
        return self.last(topic)


@pytest.fixture(scope="module")
def broker() -> Iterator[Address]:
    host, port, process = start_broker()
    yield host, port
    stop_broker(process)


@pytest.fixture
def listener(broker: Address) -> Iterator[Listener]:
    listener = Listener(broker)
    yield listener
    listener.close()


def start_house(address: Address, *options: str) -> subprocess.Popen[bytes]:
    """The simulated house as a process, without drift unless asked for."""
    host, port = address
    command = [sys.executable, "-m", "marge.simulate", "--host", host, "--port", str(port), "--drift", "0", *options]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def house(broker: Address) -> Iterator[subprocess.Popen[bytes]]:
    """One house for a module's tests; each test leaves it at rest or looks at devices of its own."""
    process = start_house(broker)
    yield process
    process.terminate()
    process.wait(60)
