"""A thousand WebSocket clients on one Marge: how late a change is, and what an idle client costs.

Run: python -m loadtests.bench_ws [--clients 1000] [--seconds 10] [--changes 100] [--json FILE]

Each client subscribes to ten entities (`subscribe_entities`) and gets every change of them; all changes together come
at `--changes` a second, so a thousand clients take a hundred thousand messages a second. The server has one core, the
clients share another. A change carries the moment of its writing (both sides share a clock); every fiftieth client
reads it, the others are counted. Memory is the server's resident size before the clients came and after an idle while.
"""

from __future__ import annotations

import argparse
import json
import re
import select
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from loadtests.compare.speed import Side, frame, pin, pin_generator, request, until_seen
from tests.support.server import Server, server_in

ENTITIES = 10
SAMPLED = 50
IDLE_S = 3.0
WANTED = {"p99_ms": 100.0, "idle_client_kb": 60.0}
_SENT = re.compile(rb'"sent":"?(\d+)')


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--changes", type=float, default=100.0)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, server_in(Path(folder)) as server:
        figures = measure(server, options.clients, options.seconds, options.changes)
    for name, value in figures.items():
        goal = f"  (wanted: at most {WANTED[name]:g})" if name in WANTED else ""
        print(f"{name:<24}{value:>12,.1f}{goal}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if all(figures[name] <= goal for name, goal in WANTED.items()) and figures["missing"] == 0 else 1


def measure(server: Server, clients: int, seconds: float, changes: float) -> dict[str, float]:
    """The figures: latencies in ms, memory in KB a client, deliveries a second, missing deliveries."""
    server.write(configuration="marge:\n  broker: none\n")
    made = server.cli("token", "create", "bench", "--config", str(server.home))
    server.token = made.stdout.strip()
    server.start()
    side = Side("Marge", server.port, server.token, server.pid)
    for number in range(ENTITIES):
        server.post(f"/api/states/sensor.bench_{number}", {"state": "0", "attributes": {"sent": 0}})
    pin(side)
    pin_generator()
    process = psutil.Process(server.pid)
    time.sleep(1.0)
    before = process.memory_info().rss
    sockets = [_client(side) for _ in range(clients)]
    time.sleep(IDLE_S)
    idle = (process.memory_info().rss - before) / clients / 1024
    cpu = sum(process.cpu_times()[:2])
    latencies, count, sent = _deliver(side, sockets, seconds, changes)
    cpu = sum(process.cpu_times()[:2]) - cpu
    for sock in sockets:
        sock.close()
    latencies.sort()

    def at(share: float) -> float:
        return latencies[min(int(len(latencies) * share), len(latencies) - 1)] * 1000

    return {
        "clients": clients,
        "changes_per_second": sent / seconds,
        "deliveries_per_second": count / seconds,
        "missing": float(sent * clients - count),
        "p50_ms": at(0.5),
        "p99_ms": at(0.99),
        "max_ms": latencies[-1] * 1000,
        "server_cpu_percent": cpu / seconds * 100,
        "idle_client_kb": idle,
    }


def _client(side: Side) -> socket.socket:
    """Logged in and subscribed."""
    sock = socket.create_connection(("127.0.0.1", side.port))
    sock.sendall(
        b"GET /api/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    until_seen(sock, b"auth_required")
    sock.sendall(frame({"type": "auth", "access_token": side.token}))
    until_seen(sock, b"auth_ok")
    entities = [f"sensor.bench_{number}" for number in range(ENTITIES)]
    sock.sendall(frame({"id": 1, "type": "subscribe_entities", "entity_ids": entities}))
    until_seen(sock, b'"a":{"sensor.bench_')
    sock.setblocking(False)
    return sock


def _deliver(
    side: Side, sockets: list[socket.socket], seconds: float, changes: float
) -> tuple[list[float], int, int]:
    """Latencies that sampled clients saw, deliveries counted at all of them, changes written."""
    poll = select.epoll()
    by_fileno = {sock.fileno(): sock for sock in sockets}
    sampled = {sock.fileno() for sock in sockets[::SAMPLED]}
    for fileno in by_fileno:
        poll.register(fileno, select.EPOLLIN)
    writer = socket.create_connection(("127.0.0.1", side.port))
    writer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tails = dict.fromkeys(by_fileno, b"")
    latencies: list[float] = []
    mark = b'"sent":'
    count = sent = 0
    begin = time.perf_counter()
    end = begin + seconds
    while True:
        now = time.perf_counter()
        if now >= end and (count >= sent * len(sockets) or now >= end + 5):
            break
        if now < end and now >= begin + sent / changes:
            body: Any = {"state": str(sent), "attributes": {"sent": time.perf_counter_ns()}}
            writer.sendall(request(side, "POST", f"/api/states/sensor.bench_{sent % ENTITIES}", body))
            sent += 1
        for fileno, _ in poll.poll(0.001):
            data = tails[fileno] + by_fileno[fileno].recv(1 << 20)
            count += data.count(mark)
            if fileno in sampled:
                seen = time.perf_counter_ns()
                latencies += [(seen - int(each)) / 1e9 for each in _SENT.findall(data)]
            # A message cut in two is counted when its mark is whole.
            tails[fileno] = b"" if data.endswith(b"}") else data[-(len(mark) - 1) :]
        _drain(writer)
    writer.close()
    return latencies or [float("inf")], count, sent


def _drain(sock: socket.socket) -> None:
    """Throw the replies to the writes away."""
    try:
        while sock.recv(65_536, socket.MSG_DONTWAIT):
            pass
    except BlockingIOError:
        return


if __name__ == "__main__":
    sys.exit(main())
