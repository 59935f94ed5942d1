"""All devices announce themselves again and again: does memory stay as it is?

Run: python -m loadtests.bench_again [--devices 10000] [--rounds 1000] [--minutes 8] [--changed 0] [--broker mosquitto]

A gateway of 180 devices sends its 38,000 announcements whenever it starts, and whenever Marge does. Equal ones are
to be known by their hash, before anybody parses them. What is printed is the server's resident memory after each tenth
of the rounds, and how many announcements were read a second. When the minutes are over it ends after the round it is
in. The first tenth is for what is made once (queues at their longest, what came in the last seconds): growth is counted
from there. All 1,000 rounds take about seven minutes. With `--changed` registries and history are written too: the
database fills its cache of 16 MB, and that is all.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from loadtests.bench_devices import Asking, Device, announcements, packet
from tests.support.broker import mosquitto_path
from tests.support.server import Server, server_in

CHUNK = 200
AHEAD = 10_000
"""Announcements that may be on their way, so that the broker has no reason to drop any."""
PATIENCE_S = 300.0
TENTHS = 10


class Seen(NamedTuple):
    """How it stood: after so many rounds."""

    rounds: int
    rss_mb: float
    broker_mb: float
    per_s: float


class Repeating:
    """The announcements of all devices, and how many of each were received."""

    def __init__(self, server: Server, device: Device, devices: int, changed: float) -> None:
        self.server = server
        self._device = device
        self._packets = announcements(devices)
        self._changing = int(devices * changed)

    def first(self) -> None:
        """Announce all, and wait until their entities are there."""
        self._send(self._packets)
        self._device.send(packet("bench/status", b"online", retain=True))
        wanted = len(self._packets)
        self.server.wait_for(lambda: self.server.bridge("mqtt").get("entities", 0) >= wanted, PATIENCE_S, "entities")
        self.server.wait_for(lambda: self._figures()["subscribing"] == 0, PATIENCE_S, "subscriptions")

    def round(self, number: int) -> None:
        """Announce all once more; some of them differently."""
        if self._changing:
            for index in range(self._changing):
                self._packets[index] = _changed(index, number)
        self._send(self._packets)

    def _send(self, packets: list[bytes]) -> None:
        start = self.received
        seen = sent = 0
        deadline = time.monotonic() + PATIENCE_S
        while seen < len(packets):
            while sent < len(packets) and sent - seen < AHEAD:
                self._device.send(b"".join(packets[sent : sent + CHUNK]))
                sent += CHUNK
            seen = self.received - start
            if time.monotonic() > deadline:
                raise RuntimeError(f"{seen} of {len(packets)} announcements arrived")
            time.sleep(0.02)

    @property
    def received(self) -> int:
        return int(self._figures()["received"])

    def _figures(self) -> dict[str, int]:
        found: dict[str, int] = self.server.get("/api/actors/bridges/mqtt")["state"]
        return found

    @property
    def repeated(self) -> int:
        """Announcements that were known by their hash."""
        state = self.server.get("/api/actors/bridges/mqtt")["state"]
        return int(state["discovery"]["repeated"])

    def look(self, rounds: int, per_s: float) -> Seen:
        broker = sum(child.memory_info().rss for child in self.server.children())
        return Seen(rounds, psutil.Process(self.server.pid).memory_info().rss / 2**20, broker / 2**20, per_s)


def _changed(index: int, number: int) -> bytes:
    config = {
        "name": f"Round {number}", "unique_id": f"bench_{index}", "object_id": f"bench_{index}",
        "state_topic": f"bench/one/{index}", "value_template": "{{ value_json.v0 }}", "icon": f"mdi:numeric-{number}",
        "device": {"identifiers": [f"bench_{index}"], "name": f"Bench {index}", "manufacturer": "Bench"},
        "availability": [{"topic": "bench/status"}],
    }  # fmt: skip
    return packet(f"homeassistant/sensor/bench_{index}/config", json.dumps(config).encode(), retain=True)


def measure(
    folder: Path, broker: str, devices: int, rounds: int, seconds: float, changed: float
) -> tuple[list[Seen], dict[str, float]]:
    """What was seen after each tenth of the rounds, and the figures."""
    with server_in(folder) as server:
        server.write(configuration=f"sun:\nmarge:\n  mqtt: {{broker: {broker}, port: {server.mqtt_port}}}\n")
        server.start()
        server.wait_for(lambda: server.bridge("mqtt").get("status") == "running", 30, "the MQTT bridge")
        device = Device(server.mqtt_port)
        repeating = Repeating(server, device, devices, changed)
        repeating.first()
        seen = [repeating.look(0, 0.0)]
        began = last = time.perf_counter()
        done = before = 0
        with Asking(server) as asking:
            for number in range(1, rounds + 1):
                repeating.round(number)
                done = number
                now = time.perf_counter()
                over = now - began > seconds
                if number * TENTHS // rounds > (number - 1) * TENTHS // rounds or over:
                    seen.append(repeating.look(number, (number - before) * devices / (now - last)))
                    print(_line(seen[-1]), flush=True)
                    before, last = number, now
                if over:
                    break
        device.close()
        took = time.perf_counter() - began
        return seen, {
            "rounds": done,
            "per_s": done * devices / took,
            "known_by_hash": repeating.repeated,
            "start_mb": seen[0].rss_mb,
            "quarter_mb": _at(seen, done / 4),
            "half_mb": _at(seen, done / 2),
            "end_mb": seen[-1].rss_mb,
            "growth_mb": seen[-1].rss_mb - (seen[1] if len(seen) > 2 else seen[0]).rss_mb,
            "broker_growth_mb": seen[-1].broker_mb - seen[0].broker_mb,
            "get_p99_ms": asking.at(0.99),
        }


def _at(seen: list[Seen], rounds: float) -> float:
    """The memory at the moment that is nearest to so many rounds."""
    return min(seen, key=lambda each: abs(each.rounds - rounds)).rss_mb


def _line(seen: Seen) -> str:
    return (
        f"after {seen.rounds:>5} rounds: {seen.rss_mb:8.1f} MB, broker {seen.broker_mb:6.1f} MB, "
        f"{seen.per_s:9,.0f} announcements/s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--minutes", type=float, default=8.0, help="end after so many, with fewer rounds")
    parser.add_argument("--changed", type=float, default=0.0, help="the share of announcements that differ each time")
    parser.add_argument(
        "--broker", choices=["mosquitto", "amqtt"], default="mosquitto" if mosquitto_path() else "amqtt"
    )
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _seen, figures = measure(
            Path(folder), options.broker, options.devices, options.rounds, options.minutes * 60, options.changed
        )
    figures = {name: round(value, 2) for name, value in figures.items()}
    for name, value in figures.items():
        print(f"{name:18}{value:14,.2f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
