"""A simulated zigbee2mqtt as a process on a real broker, and a home beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import paho.mqtt.client as paho

from marge.bridges.mqtt_devices.zigbee2mqtt import hub_of
from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

Address = tuple[str, int]
QUICK = (
    "--drift", "0", "--join-after", "0.1", "--interview", "0.1", "--birth-delay", "0.1", "--ota", "0.5",
)  # fmt: skip
KINDS = ("mqtt", "mqtt_devices")


class Client:
    """Whoever else speaks on the broker."""

    def __init__(self, address: Address) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        subscribed: list[int] = []
        self.client.on_connect = lambda client, *_: client.subscribe("#", 1)
        self.client.on_subscribe = lambda *_: subscribed.append(1)
        self.client.on_message = lambda _client, _data, message: self.heard.append(
            (message.topic, bytes(message.payload))
        )
        self.client.connect(*address)
        self.client.loop_start()
        until(lambda: subscribed, what="the client's subscription")

    def send(self, topic: str, payload: Any, retain: bool = False) -> None:
        raw = payload if isinstance(payload, str | bytes) else orjson.dumps(payload)
        self.client.publish(topic, raw, qos=1, retain=retain).wait_for_publish(60)

    def last(self, topic: str) -> Any:
        """The last payload on a topic; None: none, or an empty one."""
        payload = next((payload for name, payload in reversed(self.heard) if name == topic), b"")
        return orjson.loads(payload) if payload else None

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def zigbee2mqtt(address: Address, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`marge simulate zigbee2mqtt` until the end of the block."""
    host, port = address
    command = [sys.executable, "-m", "marge.simulate", "zigbee2mqtt", "--host", host, "--port", str(port), *QUICK]
    process = subprocess.Popen([*command, *options], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


@contextmanager
def home_on(address: Address, configuration: str = "", **settings: Any) -> Iterator[HomeServer]:
    """A home whose MQTT bridge is connected to a broker of ours."""
    host, port = address
    wired = {"broker": "external", "broker_host": host, "broker_port": port, **settings}
    with home_server(configuration, bridges=KINDS, **wired) as server:
        until(lambda: _status(server) == "running", what="the MQTT bridge")
        yield server


def _status(server: HomeServer) -> Any:
    actor = server.home.system.actor("/bridges/mqtt")
    return None if actor is None else actor.describe()["status"]


def hub(server: HomeServer) -> Zigbee2Mqtt:
    found = hub_of(server.home)
    assert found is not None
    return found


def network(server: HomeServer, base: str = "zigbee2mqtt") -> Network:
    """A network that is heard of."""
    until(lambda: base in hub(server).networks, what=base)
    return hub(server).networks[base]


def state(server: HomeServer, entity_id: str) -> str | None:
    found = server.home.states.get(entity_id)
    return None if found is None else found.state


def becomes(server: HomeServer, entity_id: str, wanted: str | None, timeout_s: float = 30.0) -> None:
    """Wait until an entity has this state; None: until it is gone."""
    until(lambda: state(server, entity_id) == wanted, timeout_s, what=f"{entity_id} {wanted}")


def call(server: HomeServer, service: str, **data: Any) -> Any:
    """Call a service of zigbee2mqtt as the administrator; its response."""
    answer = server.rest("POST", f"/api/services/zigbee2mqtt/{service}?return_response", data)
    assert answer.status_code == 200, answer.text
    return answer.json()["service_response"]


def collect(server: HomeServer) -> tuple[list[dict[str, Any]], Callable[[], None]]:
    """What the networks tell from now on, and how to end it."""
    told: list[dict[str, Any]] = []
    return told, hub(server).listen(lambda event: told.append(event.as_dict()))
