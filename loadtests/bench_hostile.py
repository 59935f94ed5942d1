"""What templates and automations that run away do to everybody else: the time of an ordinary request meanwhile.

Run: python -m loadtests.bench_hostile [--seconds 5] [--only CASE …] [--json FILE]

The program runs on one core, the clients on another. One client reads a state every few milliseconds, which is what is
measured; the others, or the automations, do their worst at the same time.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.support.server import Server, server_in
from tests.templating.hostile import REFUSED, TOO_BIG, TOO_LONG

RING = 100
ATTACKERS = 4
PAUSE_S = 0.003
REPLY_TIMEOUT_S = 60.0

_RING = [
    {
        "id": f"ring_{number}", "alias": f"Ring {number}", "mode": "queued",
        "triggers": [{"trigger": "state", "entity_id": f"input_boolean.ring_{number}"}],
        "actions": [
            {"action": "input_boolean.toggle", "target": {"entity_id": f"input_boolean.ring_{(number + 1) % RING}"}}
        ],
    }
    for number in range(RING)
]  # fmt: skip
_TRUE = [{"condition": "template", "value_template": "{{ true }}"}]


def _endless(name: str, sequence: list[dict[str, Any]]) -> dict[str, Any]:
    repeat = {"while": _TRUE, "sequence": sequence}
    return {
        "id": name, "alias": name.title(), "triggers": [{"trigger": "event", "event_type": name}], "mode": "restart",
        "actions": [{"repeat": repeat}],
    }  # fmt: skip


AUTOMATIONS = [
    *_RING,
    _endless("spin", [{"variables": {"x": "{{ 1 + 1 }}"}}]),
    _endless("spin_with_delay", [{"delay": 0}]),
    _endless("spin_with_events", [{"event": "nothing"}]),
]
CONFIGURATION = (
    "marge:\n  broker: external\nautomation: !include automations.yaml\ninput_boolean:\n"
    + "".join(f"  ring_{number}:\n" for number in range(RING))
)
TEMPLATES = {"too big": TOO_BIG, "too long": TOO_LONG, "refused": REFUSED}
EVENTS = {
    "repeat while true": "spin", "repeat with delay 0": "spin_with_delay", "repeat with events": "spin_with_events",
}  # fmt: skip
CASES = ("quiet", "ring of 100", *EVENTS, *TEMPLATES)


def message(server: Server, method: str, path: str, body: Any = None) -> bytes:
    """The bytes of a request."""
    data = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


def exchange(sock: socket.socket, request: bytes) -> bytes:
    """The whole reply.

    Raises:
        OSError: the connection was closed, or a minute passed.
    """
    sock.sendall(request)
    data = b""
    while True:
        chunk = sock.recv(1 << 20)
        if not chunk:
            raise ConnectionResetError("closed by the server")
        data += chunk
        head, separator, body = data.partition(b"\r\n\r\n")
        if separator and len(body) >= _length(head):
            return data


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ConnectionResetError(f"a reply without a length: {head!r}")


def connect(server: Server) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=REPLY_TIMEOUT_S)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def latencies(server: Server, seconds: float) -> dict[str, float]:
    """How long reading a state takes, asked again and again, in milliseconds."""
    request = message(server, "GET", "/api/states/input_boolean.ring_0")
    found = []
    with connect(server) as sock:
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            exchange(sock, request)
            found.append(time.perf_counter() - began)
            time.sleep(PAUSE_S)
    return {
        "p50_ms": statistics.median(found) * 1000,
        "p99_ms": statistics.quantiles(found, n=100)[98] * 1000,
        "longest_ms": max(found) * 1000,
        "requests": len(found),
    }


@contextmanager
def attacked_by(server: Server, templates: list[str]) -> Iterator[list[float]]:
    """Clients that send these templates round and round; how long each answer took, in seconds."""
    over = threading.Event()
    took: list[float] = []

    def attack(offset: int) -> None:
        requests = [message(server, "POST", "/api/template", {"template": text}) for text in templates]
        sock = connect(server)
        number = offset * len(requests) // ATTACKERS
        while not over.is_set():
            began = time.perf_counter()
            try:
                exchange(sock, requests[number % len(requests)])
            except OSError:
                sock.close()
                sock = connect(server)
            took.append(time.perf_counter() - began)
            number += 1
        sock.close()

    threads = [threading.Thread(target=attack, args=(number,), daemon=True) for number in range(ATTACKERS)]
    for thread in threads:
        thread.start()
    try:
        yield took
    finally:
        over.set()
        for thread in threads:
            thread.join(REPLY_TIMEOUT_S)


def measure(server: Server, case: str, seconds: float) -> dict[str, float]:
    """One case. What it started is over, or stopped, when it returns."""
    if case == "quiet":
        return latencies(server, seconds)
    if case in TEMPLATES:
        with attacked_by(server, TEMPLATES[case]) as took:
            seen = latencies(server, seconds)
        return {**seen, "attacks": len(took), "longest_attack_s": max(took, default=0.0)}
    if case in EVENTS:
        server.post(f"/api/events/{EVENTS[case]}")
    else:
        server.post("/api/services/input_boolean/toggle", {"entity_id": "input_boolean.ring_0"})
    seen = latencies(server, seconds)
    server.post("/api/services/automation/turn_off", {"entity_id": "all"})
    server.post("/api/services/automation/turn_on", {"entity_id": "all"})
    return seen




def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="for each case")
    parser.add_argument("--only", nargs="+", choices=CASES)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    figures = {}
    cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder, server_in(Path(folder)) as server:
        server.write(configuration=CONFIGURATION, automations=json.dumps(AUTOMATIONS))
        made = server.cli("token", "create", "bench", "--config", str(server.home))
        server.token = made.stdout.strip()
        server.start()
        psutil.Process(server.pid).cpu_affinity(cores[:1])
        os.sched_setaffinity(0, cores[-1:])
        gc.disable()
        time.sleep(1.0)
        for case in options.only or CASES:
            figures[case] = measure(server, case, options.seconds)
            shown = "  ".join(f"{name} {value:,.2f}" for name, value in figures[case].items())
            print(f"{case:<22}{shown}", flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
