"""Thousands of MQTT devices on one Marge: announcements, states through value templates, how late a client hears.

Run: python -m loadtests.bench_devices [--devices 10000] [--rounds 20] [--broker mosquitto|amqtt|both] [--json FILE]

The devices are one client that writes packets as fast as the broker takes them. In this order: all devices announce
themselves at once while `GET /api/states/<id>` is asked all the time; they announce themselves again and again, which
may cost no memory; states come at 500 a second and a WebSocket client notes how late each is; states come as fast as
they are taken, each through a value template that picks one value out of a JSON object.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import struct
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil
import websocket

from tests.support.broker import mosquitto_path
from tests.support.server import Server, server_in

STATE_DEVICES = 1_000
"""Topics of one sensor each, and as many that the other sensors share."""
LATENCY_RATE, LATENCY_S = 500, 6.0
FLOOD = 40_000
"""State messages sent at once."""
CHUNK = 200
AHEAD, STALLED_S = 4_000, 5.0
GIVE_UP_S = 300.0
WANTED: Mapping[str, tuple[str, float]] = MappingProxyType({
    "announced_s": ("at most", 15.0), "announced_get_p99_ms": ("at most", 50.0), "hear_p50_ms": ("at most", 5.0),
    "hear_p99_ms": ("at most", 20.0), "states_per_s": ("at least", 5_000.0), "again_growth_mb": ("at most", 20.0),
    "again_get_p99_ms": ("at most", 50.0),
})  # fmt: skip


class Device:
    """A bare MQTT 3.1.1 client that only publishes, at QoS 0."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        name = b"bench"
        body = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack("!H", len(name)) + name
        self._socket.sendall(b"\x10" + bytes((len(body),)) + body)
        assert self._socket.recv(4)[:1] == b"\x20", "no CONNACK"

    def send(self, packets: bytes) -> None:
        self._socket.sendall(packets)

    def close(self) -> None:
        self._socket.sendall(b"\xe0\x00")
        self._socket.close()


def packet(topic: str, payload: bytes, *, retain: bool = False) -> bytes:
    """A PUBLISH at QoS 0."""
    name = topic.encode()
    body = struct.pack("!H", len(name)) + name + payload
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 128)
        length += bytes((digit | (0x80 if size else 0),))
        if not size:
            return bytes((0x30 | retain,)) + length + body


def announcements(devices: int) -> list[bytes]:
    """A sensor a message: a thousand have a topic of their own, the others share a thousand topics."""
    made = []
    for number in range(devices):
        topic = f"bench/one/{number}" if number < STATE_DEVICES else f"bench/{number % STATE_DEVICES}/state"
        config = {
            "name": f"Value {number // STATE_DEVICES}", "unique_id": f"bench_{number}", "object_id": f"bench_{number}",
            "state_topic": topic, "value_template": f"{{{{ value_json.v{number // STATE_DEVICES} }}}}",
            "unit_of_measurement": "W", "device_class": "power", "state_class": "measurement",
            "device": {"identifiers": [f"bench_{number % STATE_DEVICES}"], "name": f"Bench {number % STATE_DEVICES}",
                       "manufacturer": "Bench", "model": "One"},
            "availability": [{"topic": "bench/status"}],
        }  # fmt: skip
        made.append(packet(f"homeassistant/sensor/bench_{number}/config", json.dumps(config).encode(), retain=True))
    return made


class Asking:
    """Asks for one state without a pause, in a thread, and notes how long each answer takes."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._over = threading.Event()
        self.taken: list[float] = []
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30)
        headers = {"Authorization": f"Bearer {self._server.token}"}
        while not self._over.is_set():
            began = time.perf_counter()
            connection.request("GET", "/api/states/sun.sun", headers=headers)
            connection.getresponse().read()
            self.taken.append(time.perf_counter() - began)
            time.sleep(0.005)

    def at(self, share: float) -> float:
        return percentile(self.taken, share) * 1000


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


def measure(folder: Path, broker: str, devices: int, rounds: int) -> dict[str, float]:
    """The figures through one kind of broker."""
    with server_in(folder) as server:
        server.write(configuration=f"sun:\nmarge:\n  mqtt: {{broker: {broker}, port: {server.mqtt_port}}}\n")
        server.start()
        server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", 30, "the MQTT bridge")
        device = Device(server.mqtt_port)
        figures = _announce(server, device, devices, rounds)
        figures |= _hear(server, device)
        figures |= _flood(server, device, devices)
        device.close()
    return {name: round(value, 3) for name, value in figures.items()}


def _figures(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.get("/api/actors/bridges/mqtt")["state"]
    return found


def _received(server: Server) -> int:
    return int(_figures(server)["received"])


def _rss_mb(server: Server) -> float:
    return float(psutil.Process(server.pid).memory_info().rss) / 2**20


def _announce(server: Server, device: Device, devices: int, rounds: int) -> dict[str, float]:
    packets = announcements(devices)
    with Asking(server) as asking:
        began = time.perf_counter()
        for start in range(0, devices, CHUNK):
            device.send(b"".join(packets[start : start + CHUNK]))
        device.send(packet("bench/status", b"online", retain=True))
        server.wait_for(lambda: server.bridge("mqtt").get("entities", 0) >= devices, GIVE_UP_S, "all entities")
        announced = time.perf_counter() - began
    server.wait_for(lambda: _figures(server)["subscribing"] == 0, 60, "subscriptions")
    figures = {"announced_s": announced, "announced_get_p99_ms": asking.at(0.99)}
    _again(server, device, packets, 1)
    before = _rss_mb(server)
    with Asking(server) as asking:
        began = time.perf_counter()
        _again(server, device, packets, rounds)
        took = time.perf_counter() - began
    figures["again_growth_mb"] = _rss_mb(server) - before
    figures["again_per_s"] = devices * rounds / took
    figures["again_get_p99_ms"] = asking.at(0.99)
    return figures


def _wait_until_received(server: Server, wanted: int) -> None:
    server.wait_for(lambda: _received(server) >= wanted, GIVE_UP_S, "announcements")


def _again(server: Server, device: Device, packets: list[bytes], rounds: int) -> None:
    """Announce everything again, and wait until it was read."""
    for _ in range(rounds):
        wanted = _received(server) + len(packets)
        for start in range(0, len(packets), CHUNK):
            device.send(b"".join(packets[start : start + CHUNK]))
        _wait_until_received(server, wanted)


def _states(count: int, topic: str) -> list[bytes]:
    """Messages with new values for as many topics as there are, in turns."""
    made = []
    for number in range(count):
        body = {f"v{index}": number / 10 for index in range(10)}
        made.append(packet(topic.format(number % STATE_DEVICES), json.dumps(body).encode()))
    return made


def _hear(server: Server, device: Device) -> dict[str, float]:
    """How late a client hears of a state, when 500 states come in a second."""
    single = {"name": "Late", "unique_id": "late", "object_id": "late", "state_topic": "bench/late"}
    for number in range(50):
        config = {**single, "unique_id": f"late_{number}", "object_id": f"late_{number}",
                  "state_topic": f"bench/late/{number}", "value_template": "{{ value_json.at }}"}  # fmt: skip
        device.send(packet(f"homeassistant/sensor/late_{number}/config", json.dumps(config).encode()))
    server.wait_for(lambda: server.state("sensor.late_49"), 20, "entities")
    server.wait_for(lambda: _figures(server)["subscribing"] == 0, 20, "subscriptions")
    taken: list[float] = []
    ready, over = threading.Event(), threading.Event()
    listener = threading.Thread(target=_listen, args=(server, taken, ready, over), daemon=True)
    listener.start()
    assert ready.wait(20)
    began, sent = time.perf_counter(), 0
    while (now := time.perf_counter()) - began < LATENCY_S:
        while sent < (now - began) * LATENCY_RATE:
            payload = f'{{"at": {time.perf_counter():.6f}}}'.encode()
            device.send(packet(f"bench/late/{sent % 50}", payload))
            sent += 1
        time.sleep(0.001)
    time.sleep(1.0)
    over.set()
    listener.join(5)
    return {
        "hear_p50_ms": percentile(taken, 0.5) * 1000, "hear_p99_ms": percentile(taken, 0.99) * 1000,
        "hear_missing": sent - len(taken),
    }  # fmt: skip


def _listen(server: Server, taken: list[float], ready: threading.Event, over: threading.Event) -> None:
    client = websocket.create_connection(f"ws://127.0.0.1:{server.port}/api/websocket", timeout=1.0)
    client.recv()
    client.send(json.dumps({"type": "auth", "access_token": server.token}))
    client.recv()
    client.send(
        json.dumps({"id": 1, "type": "subscribe_entities", "entity_ids": [f"sensor.late_{n}" for n in range(50)]})
    )
    client.recv()
    ready.set()
    while not over.is_set():
        try:
            text = client.recv()
        except websocket.WebSocketTimeoutException:
            continue
        now = time.perf_counter()
        for state in _values(json.loads(text)):
            taken.append(now - float(state))
    client.close()


def _values(message: Any) -> Iterator[str]:
    for each in message if isinstance(message, list) else [message]:
        for change in each.get("event", {}).get("c", {}).values():
            state = change.get("+", {}).get("s")
            if state is not None and state != "unknown":
                yield state


def _flood(server: Server, device: Device, devices: int) -> dict[str, float]:
    """States as fast as they are taken: messages that feed one sensor each, then messages that feed many."""
    cpu = _cpu_s(server)
    one = _taken_per_s(server, device, _states(FLOOD, "bench/one/{}"))
    figures = {"states_per_s": one, "states_cpu_us": (_cpu_s(server) - cpu) / FLOOD * 1e6}
    shared = devices // STATE_DEVICES - 1
    if shared > 0:
        many = _taken_per_s(server, device, _states(FLOOD // shared, "bench/{}/state"))
        figures["values_of_shared_topics_per_s"] = many * shared
    return figures


def _cpu_s(server: Server) -> float:
    """What the server has computed so far; on a busy machine the better measure."""
    return float(sum(psutil.Process(server.pid).cpu_times()[:2]))


def _taken_per_s(server: Server, device: Device, packets: list[bytes]) -> float:
    """Messages a second. No more than `AHEAD` are on their way: amqtt loses what is sent faster than it passes on."""
    start = _received(server)
    began = last = time.perf_counter()
    seen = sent = 0
    while seen < len(packets) and time.perf_counter() - last < STALLED_S:
        while sent < len(packets) and sent - seen < AHEAD:
            device.send(b"".join(packets[sent : sent + CHUNK]))
            sent += CHUNK
        now = _received(server) - start
        if now > seen:
            seen, last = now, time.perf_counter()
    return seen / max(last - began, 1e-9)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20, help="how often all announce themselves again")
    parser.add_argument("--broker", choices=["mosquitto", "amqtt", "both"], default="both")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    for broker in ("mosquitto", "amqtt") if options.broker == "both" else (options.broker,):
        if broker == "mosquitto" and mosquitto_path() is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            figures[broker] = measure(Path(folder), broker, options.devices, options.rounds)
        for name, value in figures[broker].items():
            goal = WANTED.get(name)
            print(f"{broker:10} {name:22}{value:12,.2f}" + (f"  (wanted: {goal[0]} {goal[1]:g})" if goal else ""))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
