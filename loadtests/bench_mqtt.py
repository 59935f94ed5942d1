"""From a device's MQTT message to the state that REST shows, through each broker.

Run: python -m loadtests.bench_mqtt [--samples 300] [--json FILE]

A device publishes a value; a client asks `GET /api/states/<id>` without a pause until it shows that value. The polling
costs the server time, so the figures are upper bounds.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt

from tests.support.broker import mosquitto_path
from tests.support.server import Server, server_in

ENTITY = "sensor.bench_mqtt"
CONFIG = {"state_topic": "bench/value", "unique_id": "bench_mqtt", "name": "Bench mqtt", "default_entity_id": ENTITY}
GIVE_UP_S = 5.0


def latencies(folder: Path, broker: str, samples: int) -> dict[str, float]:
    """Milliseconds from publish to visible, by percentile."""
    with server_in(folder) as server:
        server.use_demo_home(broker=broker, simulator=False)
        server.start()
        server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", 30, "the MQTT bridge")
        server.wait_for(lambda: not _mqtt(server)["subscribing"], 20, "its subscriptions")  # the device speaks once
        device = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        device.connect("127.0.0.1", server.mqtt_port)
        device.loop_start()
        device.publish("homeassistant/sensor/bench/config", json.dumps(CONFIG), qos=1).wait_for_publish(5)
        server.wait_for(lambda: _subscribed(server, device), 20, "the entity")
        taken = sorted(_samples(server, device, samples))
        device.disconnect()
        device.loop_stop()
    return {
        "p50_ms": taken[len(taken) // 2] * 1000,
        "p99_ms": taken[len(taken) * 99 // 100] * 1000,
        "max_ms": taken[-1] * 1000,
    }


def _mqtt(server: Server) -> Any:
    return server.get("/api/actors/bridges/mqtt")["state"]


def _subscribed(server: Server, device: mqtt.Client) -> bool:
    device.publish("bench/value", "0")
    return (server.state(ENTITY) or {}).get("state") == "0"


def _samples(server: Server, device: mqtt.Client, count: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    taken = []
    for number in range(1, count + 1):
        began = time.perf_counter()
        device.publish("bench/value", str(number))
        while _shown(connection, server.token) != str(number):
            if time.perf_counter() - began > GIVE_UP_S:
                raise RuntimeError(f"value {number} did not arrive")
        taken.append(time.perf_counter() - began)
        time.sleep(0.005)
    return taken


def _shown(connection: http.client.HTTPConnection, token: str) -> Any:
    connection.request("GET", f"/api/states/{ENTITY}", headers={"Authorization": f"Bearer {token}"})
    return json.loads(connection.getresponse().read())["state"]


def measure(samples: int) -> dict[str, dict[str, float]]:
    """By broker; mosquitto only where it is installed."""
    figures = {}
    for broker in ("mosquitto", "amqtt"):
        if broker == "mosquitto" and mosquitto_path() is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            seen = latencies(Path(folder), broker, samples)
            figures[broker] = {name: round(value, 3) for name, value in seen.items()}
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(options.samples)
    for broker, row in figures.items():
        print(f"{broker:12}" + "".join(f"{name:>10} {value:8.2f}" for name, value in row.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
