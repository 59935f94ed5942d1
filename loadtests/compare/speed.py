"""How many requests and deliveries a second each of the two manages, in alternating rounds on the same machine.

The server under test has one core, the load generator another. A reply is read whole before its connection sends again.
"""

from __future__ import annotations

import json
import os
import select
import socket
import statistics
import struct
import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import psutil

CONNECTIONS = 16
SUBSCRIBERS = 20
WRITERS = 4
ENTITIES = 100
TEMPLATE = (
    "{% for s in states.light %}{{ s.name }}: {{ s.state }} {% endfor %}"
    "{{ states('input_number.target') | float + 1 }}"
)


class Side(NamedTuple):
    """One of the two: where it is, a token, and its process."""

    name: str
    port: int
    token: str
    pid: int


def pin(side: Side) -> None:
    """Give a server and all its threads the first core."""
    cores = sorted(os.sched_getaffinity(0))
    process = psutil.Process(side.pid)
    for each in [process, *process.children(recursive=True)]:
        each.cpu_affinity(cores[:1])
        for thread in each.threads():
            os.sched_setaffinity(thread.id, cores[:1])


def pin_generator() -> None:
    """Give this process the last core."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])


def request(side: Side, method: str, path: str, body: Any = None) -> bytes:
    """The bytes of a request."""
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {side.token}\r\nAccept: */*\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
    return head.encode() + b"\r\n" + data


def requests_of(side: Side) -> dict[str, list[bytes]]:
    """What is sent, by case; it is sent round and round."""
    entity = [f"sensor.speed_{number}" for number in range(ENTITIES)]
    attributes = {"friendly_name": "Speed", "unit_of_measurement": "W", "device_class": "power"}
    toggles = [{"entity_id": "input_boolean.guest"}]
    return {
        "GET /api/states/<id>": [request(side, "GET", f"/api/states/{each}") for each in entity],
        "POST /api/states/<id>": [
            request(side, "POST", f"/api/states/{each}", {"state": str(value), "attributes": attributes})
            for value in range(10)
            for each in entity
        ],
        "service call": [request(side, "POST", "/api/services/input_boolean/toggle", each) for each in toggles],
        "template": [request(side, "POST", "/api/template", {"template": TEMPLATE})],
    }


def rate(side: Side, requests: Sequence[bytes], seconds: float) -> float:
    """Requests a second over keep-alive connections.

    Raises:
        RuntimeError: a reply that is no success.
    """
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(CONNECTIONS):
        sock = socket.create_connection(("127.0.0.1", side.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[sock.fileno()] = sock
        poll.register(sock.fileno(), select.EPOLLIN)
    received = dict.fromkeys(sockets, b"")
    sent = done = 0
    begin = time.perf_counter()
    for sock in sockets.values():
        sock.sendall(requests[sent % len(requests)])
        sent += 1
    while (now := time.perf_counter()) < begin + seconds:
        for fileno, _ in poll.poll(0.5):
            data = received[fileno] + sockets[fileno].recv(262_144)
            if not _is_whole(data):
                received[fileno] = data
                continue
            received[fileno] = b""
            done += 1
            sockets[fileno].sendall(requests[sent % len(requests)])
            sent += 1
    for sock in sockets.values():
        sock.close()
    return done / (now - begin)


def _is_whole(data: bytes) -> bool:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return False
    if data[9:12] not in (b"200", b"201"):
        raise RuntimeError(f"an unexpected reply: {data[:300]!r}")
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(lower[at + 15 :].split(b"\r\n", 1)[0])


def deliveries(side: Side, seconds: float) -> float:
    """State changes that `SUBSCRIBERS` WebSocket clients got a second, while `WRITERS` write as fast as they can."""
    clients = [_subscriber(side) for _ in range(SUBSCRIBERS)]
    poll = select.epoll()
    by_fileno = {}
    for client in clients:
        client.setblocking(False)
        by_fileno[client.fileno()] = client
        poll.register(client.fileno(), select.EPOLLIN)
    ending = threading.Event()
    writers = [threading.Thread(target=_write, args=(side, number, ending)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    tails = dict.fromkeys(by_fileno, b"")
    mark = b'"state_changed"'
    count = 0
    begin = time.perf_counter()
    while (now := time.perf_counter()) < begin + seconds:
        for fileno, _ in poll.poll(0.5):
            data = tails[fileno] + by_fileno[fileno].recv(1 << 20)
            count += data.count(mark)
            tails[fileno] = data[-(len(mark) - 1) :]
    ending.set()
    for writer in writers:
        writer.join(10)
    for client in clients:
        client.close()
    return count / (now - begin)


def _write(side: Side, number: int, ending: threading.Event) -> None:
    sock = socket.create_connection(("127.0.0.1", side.port))
    value = 0
    while not ending.is_set():
        value += 1
        body = {"state": str(value), "attributes": {"friendly_name": "Speed"}}
        sock.sendall(request(side, "POST", f"/api/states/sensor.ws_{number}", body))
        data = b""
        while not _is_whole(data):
            data += sock.recv(65_536)
    sock.close()


def _subscriber(side: Side) -> socket.socket:
    """A WebSocket that is subscribed to `state_changed`, as a bare socket."""
    sock = socket.create_connection(("127.0.0.1", side.port))
    sock.sendall(
        b"GET /api/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    _until(sock, b"auth_required")
    sock.sendall(_frame({"type": "auth", "access_token": side.token}))
    _until(sock, b"auth_ok")
    sock.sendall(_frame({"id": 1, "type": "subscribe_events", "event_type": "state_changed"}))
    _until(sock, b'"success":true')
    return sock


def _frame(message: Any) -> bytes:
    data = json.dumps(message).encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return b"\x81" + length + b"\0\0\0\0" + data


def _until(sock: socket.socket, mark: bytes) -> None:
    data = b""
    while mark not in data:
        chunk = sock.recv(65_536)
        if not chunk:
            raise RuntimeError(f"closed before {mark!r}: {data[:300]!r}")
        data += chunk


def measure(peer: Side, marge: Side, seconds: float, rounds: int) -> dict[str, tuple[float, float, float]]:
    """By case: the peer's rate, Marge's rate, and the median of the rounds' ratios."""
    for side in (peer, marge):
        for message in requests_of(side)["POST /api/states/<id>"][:ENTITIES]:
            with socket.create_connection(("127.0.0.1", side.port)) as sock:
                sock.sendall(message)
                _until(sock, b"\r\n\r\n")
        pin(side)
    pin_generator()
    cases = list(requests_of(peer))
    seen: dict[str, list[tuple[float, float]]] = {case: [] for case in (*cases, "WebSocket deliveries")}
    for _ in range(rounds):
        for case in cases:
            pair = [rate(side, requests_of(side)[case], seconds) for side in (peer, marge)]
            seen[case].append((pair[0], pair[1]))
        pair = [deliveries(side, seconds) for side in (peer, marge)]
        seen["WebSocket deliveries"].append((pair[0], pair[1]))
    return {
        case: (
            statistics.median(one for one, _ in rows),
            statistics.median(other for _, other in rows),
            statistics.median(other / one for one, other in rows),
        )
        for case, rows in seen.items()
    }
