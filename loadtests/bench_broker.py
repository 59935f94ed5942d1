"""A broker that is killed under load: how long until the MQTT bridge is back, and what was lost of what it retained.

Run: python -m loadtests.bench_broker [--devices 1000] [--rate 500] [--kills 3] [--json FILE]

Devices are announced and say their states, retained, in turn and without a pause. Then `kill -9` of the broker.
The devices come back only after the check: what Marge shows by then, and what the broker hands to somebody new, is what
both remembered. What counts as said is what the broker had acknowledged.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt

from tests.support.broker import mosquitto_path
from tests.support.server import Server, server_in

PATIENCE_S = 30.0
PUT_BACK_S = 3.0


class Devices:
    """`count` sensors behind one connection. While it runs they say numbers, retained, `rate` a second."""

    def __init__(self, server: Server, count: int, rate: float) -> None:
        self.said: list[int] = [0] * count
        self.sent = 0
        self._rate = rate
        self._talks = threading.Event()
        self._ends = False
        self._client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self._client.reconnect_delay_set(1, 2)
        self._client.max_inflight_messages_set(1_000)
        self._open: dict[int, tuple[int, int]] = {}
        self._client.on_publish = self._taken
        self._client.connect("127.0.0.1", server.mqtt_port)
        self._client.loop_start()
        for number in range(count):
            config = {"state_topic": f"bench/{number}", "unique_id": f"b{number}", "name": f"B{number}",
                      "default_entity_id": f"sensor.b{number}"}  # fmt: skip
            info = self._client.publish(f"homeassistant/sensor/b{number}/config", json.dumps(config), 1, True)
            info.wait_for_publish(10)
            self._client.publish(f"bench/{number}", "0", 1, True).wait_for_publish(10)
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def _taken(self, _client: Any, _data: Any, mid: int, *_: Any) -> None:
        """What counts is what the broker has said to have."""
        index, value = self._open.pop(mid, (0, 0))
        self.said[index] = max(self.said[index], value)

    def talk(self) -> None:
        self._talks.set()

    def rest(self) -> None:
        """Be silent, also about what was not taken: it is not said again."""
        self._talks.clear()
        self._client.disconnect()
        self._client.loop_stop()
        self._open.clear()

    def come_back(self) -> None:
        self._client.reconnect()
        self._client.loop_start()

    def end(self) -> None:
        self._ends = True
        self._talks.set()
        self._thread.join(5)
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def connected(self) -> bool:
        return bool(self._client.is_connected())

    def _talk(self) -> None:
        number, began = 0, time.monotonic()
        while not self._ends:
            if not self._talks.is_set():
                self._talks.wait()
                began, number = time.monotonic(), 0
                continue
            due = int((time.monotonic() - began) * self._rate)
            while number < due and self._talks.is_set():
                index = number % len(self.said)
                if self.connected and len(self._open) < 500:
                    self.sent += 1
                    mid = self._client.publish(f"bench/{index}", str(self.sent), 1, True).mid
                    self._open[mid] = (index, self.sent)
                number += 1
            time.sleep(0.002)


def kill_once(server: Server, devices: Devices, count: int) -> dict[str, Any]:
    """Load, kill, and what there is afterwards."""
    devices.talk()
    time.sleep(5.0)
    before = server.bridge("broker")
    connected_at = _messages(server)
    os.kill(before["pid"], signal.SIGKILL)
    killed = time.monotonic()
    devices.rest()
    server.wait_for(lambda: server.bridge("mqtt").get("status") != "running", PATIENCE_S, "the loss")
    server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", PATIENCE_S, "the connection")
    back = time.monotonic() - killed
    server.wait_for(lambda: _settled(server), PATIENCE_S, "its subscriptions")
    states = {state["entity_id"]: state["state"] for state in server.get("/api/states")}
    right = sum(states.get(f"sensor.b{number}") == str(value) for number, value in enumerate(devices.said))
    until = time.monotonic() + PUT_BACK_S
    while True:  # what Marge puts back is on its way as soon as its entities are right
        late = _retained(server, count)
        kept = sum(late.get(f"bench/{number}") == str(value) for number, value in enumerate(devices.said))
        if kept == count or time.monotonic() > until:
            break
    announced = sum(f"homeassistant/sensor/b{number}/config" in late for number in range(count))
    devices.come_back()
    server.wait_for(lambda: devices.connected, PATIENCE_S, "the devices")
    return {
        "reconnected_s": round(back, 2), "entities_right": right, "retained_newest": kept,
        "announcements_kept": announced, "of": count, "messages_before": connected_at,
    }  # fmt: skip


def _messages(server: Server) -> int:
    return int(server.get("/api/actors/bridges/mqtt")["state"]["received"])


def _settled(server: Server) -> bool:
    shown = server.get("/api/actors/bridges/mqtt")["state"]
    return bool(shown["subscribing"] == 0 and shown["queued"] == 0)


def _retained(server: Server, count: int) -> dict[str, str]:
    """What the broker hands to somebody new."""
    found: dict[str, str] = {}
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.on_message = lambda _c, _d, message: found.__setitem__(message.topic, message.payload.decode())
    client.connect("127.0.0.1", server.mqtt_port)
    client.loop_start()
    client.subscribe("#", 0)
    until = time.monotonic() + 10
    while len(found) < 2 * count and time.monotonic() < until:
        time.sleep(0.05)
    client.disconnect()
    client.loop_stop()
    return found


def measure(count: int, rate: float, kills: int) -> dict[str, list[dict[str, Any]]]:
    """By broker; mosquitto only where it is installed."""
    figures: dict[str, list[dict[str, Any]]] = {}
    for broker in ("mosquitto", "amqtt"):
        if broker == "mosquitto" and mosquitto_path() is None:
            continue
        with tempfile.TemporaryDirectory() as folder, server_in(Path(folder)) as server:
            server.use_demo_home(broker=broker, simulator=False)
            server.start()
            server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", 30, "the MQTT bridge")  # noqa: B023
            devices = Devices(server, count, rate)
            server.wait_for(lambda: server.state(f"sensor.b{count - 1}"), 60, "the entities")  # noqa: B023
            figures[broker] = [kill_once(server, devices, count) for _ in range(kills)]
            devices.end()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(options.devices, options.rate, options.kills)
    for broker, rows in figures.items():
        for row in rows:
            print(f"{broker:12}" + "".join(f"  {name} {value}" for name, value in row.items()))
    if options.json:
        options.json.write_text(json.dumps({name: worst(rows) for name, rows in figures.items()}, indent=1) + "\n")


def worst(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The longest way back, and the most that was lost in one of the kills."""
    return {
        "reconnected_s": max(row["reconnected_s"] for row in rows),
        "wrong_entities": max(row["of"] - row["entities_right"] for row in rows),
        "lost_retained": max(row["of"] - row["retained_newest"] for row in rows),
        "lost_announcements": max(row["of"] - row["announcements_kept"] for row in rows),
    }


if __name__ == "__main__":
    main()
