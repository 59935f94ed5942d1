"""How many requests and deliveries a second each of the two manages, in many short rounds on the same machine.

A machine that is one of many on its host is half as fast from one minute to the next. So a round is short, the other
side has its turn at once, each comes first in every other round, and the ratio is the median of the rounds' ratios.
The server under test has one core, the load generator another. A reply is read whole before its connection sends again.
"""

from __future__ import annotations

import itertools
import json
import os
import select
import socket
import statistics
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import psutil

CONNECTIONS = 16
SUBSCRIBERS = 20
WRITERS = CONNECTIONS
"""As many as in the other cases: four let Marge's processor rest for a tenth of the time, while they read."""
ENTITIES = 100
DELIVERIES = "WebSocket deliveries"
REFERENCE = "reference templates"
MAX_RENDERED = 4_000
"""Bytes of a reply; all of it is received at once, so that the generator has little to do."""
LOOK_S, MOST_LOOKS, IDLE_SHARE = 0.4, 8, 0.1
"""A server is at rest when it takes less than a tenth of the processor; after three seconds it is measured anyway."""
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


def requests_of(side: Side, templates: Sequence[str] = ()) -> dict[str, list[bytes]]:
    """What is sent, by case; it is sent round and round."""
    entity = [f"sensor.speed_{number}" for number in range(ENTITIES)]
    attributes = {"friendly_name": "Speed", "unit_of_measurement": "W", "device_class": "power"}
    dimmed = [{"entity_id": "light.office_rgbw_lights", "brightness": value} for value in range(1, 256)]
    return {
        "GET /api/states/<id>": [request(side, "GET", f"/api/states/{each}") for each in entity],
        "POST /api/states/<id>": [
            request(side, "POST", f"/api/states/{each}", {"state": str(value), "attributes": attributes})
            for value in range(10)
            for each in entity
        ],
        "service call": [request(side, "POST", "/api/services/light/turn_on", each) for each in dimmed],
        "template": [request(side, "POST", "/api/template", {"template": TEMPLATE})],
        REFERENCE: [request(side, "POST", "/api/template", {"template": each}) for each in templates],
    }


def renderable(sides: Sequence[Side], templates: Sequence[str]) -> list[str]:
    """Those of the templates that all sides render, to a text that is not too long."""
    found = list(templates)
    for side in sides:
        with socket.create_connection(("127.0.0.1", side.port)) as sock:
            found = [
                text for text in found if _renders(sock, request(side, "POST", "/api/template", {"template": text}))
            ]
    return found


def _renders(sock: socket.socket, message: bytes) -> bool:
    sock.sendall(message)
    data = b""
    while not _is_whole(data):
        chunk = sock.recv(262_144)
        if not chunk:
            raise RuntimeError(f"closed after {message!r}")
        data += chunk
    return data[9:12] == b"200" and len(data) <= MAX_RENDERED


def set_states(side: Side, states: Sequence[Mapping[str, Any]]) -> None:
    """Give it these states: what the templates look at."""
    for row in states:
        body = {"state": row["state"], "attributes": row["attributes"]}
        with socket.create_connection(("127.0.0.1", side.port)) as sock:
            sock.sendall(request(side, "POST", f"/api/states/{row['entity_id']}", body))
            until_seen(sock, b"\r\n\r\n")


class Connections:
    """Keep-alive connections that send the next request when they have a whole reply, driven by one epoll loop.

    No thread and no sleep, so that the generator is not what is measured.
    """

    def __init__(
        self, side: Side, count: int, requests: Sequence[bytes], poll: select.epoll, varied: bool = False
    ) -> None:
        """`varied`: replies are of many sizes, so that a part of one may be as long as another."""
        self._requests = itertools.cycle(requests)
        self._varied = varied
        self._sizes: set[int] = set()
        self._received: dict[int, bytes] = {}
        self.sockets: dict[int, socket.socket] = {}
        self.done = 0
        for _ in range(count):
            sock = socket.create_connection(("127.0.0.1", side.port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sockets[sock.fileno()] = sock
            self._received[sock.fileno()] = b""
            poll.register(sock.fileno(), select.EPOLLIN)

    def start(self) -> None:
        for sock in self.sockets.values():
            sock.sendall(next(self._requests))

    def readable(self, fileno: int) -> None:
        """Take what came; when the reply is whole, send the next request.

        Raises:
            RuntimeError: a reply that is no success.
        """
        sock = self.sockets[fileno]
        data = sock.recv(262_144)
        if self._received[fileno]:
            data = self._received[fileno] + data
        if self._varied or len(data) not in self._sizes:
            if not _is_whole(data):
                self._received[fileno] = data
                return
            self._sizes.add(len(data))
        if data[9:11] != b"20":
            raise RuntimeError(f"an unexpected reply: {data[:300]!r}")
        self._received[fileno] = b""
        self.done += 1
        sock.sendall(next(self._requests))

    def close(self) -> None:
        for sock in self.sockets.values():
            sock.close()


def rate(side: Side, requests: Sequence[bytes], seconds: float, varied: bool = False) -> float:
    """Requests a second over `CONNECTIONS` connections."""
    poll = select.epoll()
    connections = Connections(side, CONNECTIONS, requests, poll, varied)
    connections.start()
    begin = time.perf_counter()
    while (now := time.perf_counter()) < begin + seconds:
        for fileno, _ in poll.poll(0.5):
            connections.readable(fileno)
    connections.close()
    return connections.done / (now - begin)


def _is_whole(data: bytes) -> bool:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return False
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at < 0:
        return body.endswith(b"0\r\n\r\n")
    return len(body) >= int(lower[at + 15 :].split(b"\r\n", 1)[0])


def deliveries(side: Side, seconds: float) -> float:
    """State changes that `SUBSCRIBERS` WebSocket clients got a second, while `WRITERS` write as fast as they can."""
    poll = select.epoll()
    by_fileno = {}
    for _ in range(SUBSCRIBERS):
        client = _subscriber(side)
        by_fileno[client.fileno()] = client
        poll.register(client.fileno(), select.EPOLLIN)
    changes = [
        request(side, "POST", f"/api/states/sensor.ws_{value % WRITERS}", {"state": str(value), "attributes": {"a": 1}})
        for value in range(1_000)
    ]
    writers = Connections(side, WRITERS, changes, poll)
    writers.start()
    tails = dict.fromkeys(by_fileno, b"")
    mark = b'"state_changed"'
    count = 0
    begin = time.perf_counter()
    while (now := time.perf_counter()) < begin + seconds:
        for fileno, _ in poll.poll(0.5):
            if fileno in writers.sockets:
                writers.readable(fileno)
                continue
            data = tails[fileno] + by_fileno[fileno].recv(1 << 20)
            count += data.count(mark)
            tails[fileno] = data[-(len(mark) - 1) :]
    writers.close()
    for client in by_fileno.values():
        client.close()
    return count / (now - begin)


def _subscriber(side: Side) -> socket.socket:
    """A WebSocket that is subscribed to `state_changed`, as a bare socket."""
    sock = socket.create_connection(("127.0.0.1", side.port))
    sock.sendall(
        b"GET /api/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    until_seen(sock, b"auth_required")
    sock.sendall(frame({"type": "auth", "access_token": side.token}))
    until_seen(sock, b"auth_ok")
    sock.sendall(frame({"id": 1, "type": "subscribe_events", "event_type": "state_changed"}))
    until_seen(sock, b'"success":true')
    return sock


def frame(message: Any) -> bytes:
    data = json.dumps(message).encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
    return b"\x81" + length + b"\0\0\0\0" + data


def until_seen(sock: socket.socket, mark: bytes) -> None:
    data = b""
    while mark not in data:
        chunk = sock.recv(65_536)
        if not chunk:
            raise RuntimeError(f"closed before {mark!r}: {data[:300]!r}")
        data += chunk


class Rates(NamedTuple):
    """What was seen in one case: medians of the rounds.

    Attributes:
        peer, marge: a second.
        ratio: of the rounds' own ratios.
        peer_cpu_us, marge_cpu_us: processor time of the server for each; on a busy machine the steadier figure.
    """

    peer: float
    marge: float
    ratio: float
    peer_cpu_us: float
    marge_cpu_us: float


def measure(
    peer: Side, marge: Side, seconds: float, rounds: int, templates: Sequence[str], states: Sequence[Mapping[str, Any]]
) -> dict[str, Rates]:
    """What both manage, by case.

    Args:
        templates: of the reference case; those that one of them cannot render are left out.
        states: what they look at.
    """
    for side in (peer, marge):
        set_states(side, states)
        for message in requests_of(side)["POST /api/states/<id>"][:ENTITIES]:
            with socket.create_connection(("127.0.0.1", side.port)) as sock:
                sock.sendall(message)
                until_seen(sock, b"\r\n\r\n")
        pin(side)
    pin_generator()
    common = renderable((peer, marge), templates)
    cases = [*requests_of(peer), DELIVERIES]
    seen: dict[str, list[tuple[float, ...]]] = {case: [] for case in cases}
    for number, case in itertools.product(range(rounds), cases):
        found = {}
        for side, other in ((peer, marge), (marge, peer))[:: -1 if number % 2 else 1]:
            with asleep(other):
                rest(side)
                found[side] = _one(side, case, seconds, common)
        (theirs, their_cost), (ours, our_cost) = found[peer], found[marge]
        seen[case].append((theirs, ours, ours / theirs, their_cost, our_cost))
    return {case: Rates(*(statistics.median(row[i] for row in rows) for i in range(5))) for case, rows in seen.items()}


@contextmanager
def asleep(side: Side) -> Iterator[None]:
    """Stop a server meanwhile: both have the same core, and what one still has to write down would slow the other."""
    process = psutil.Process(side.pid)
    stopped = [process, *process.children(recursive=True)]
    for each in stopped:
        each.suspend()
    try:
        yield
    finally:
        for each in stopped:
            each.resume()


def rest(side: Side) -> None:
    """Wait until a server has written down what its last round left, which is not this round's work."""
    process = psutil.Process(side.pid)
    for _ in range(MOST_LOOKS):
        before = sum(process.cpu_times()[:2])
        time.sleep(LOOK_S)
        if sum(process.cpu_times()[:2]) - before <= IDLE_SHARE * LOOK_S:
            return


def _one(side: Side, case: str, seconds: float, templates: Sequence[str]) -> tuple[float, float]:
    """How many a second, and the server's processor time for each in microseconds."""
    process = psutil.Process(side.pid)
    before = sum(process.cpu_times()[:2])
    if case == DELIVERIES:
        found = deliveries(side, seconds)
    else:
        found = rate(side, requests_of(side, templates)[case], seconds, case == REFERENCE)
    return found, (sum(process.cpu_times()[:2]) - before) / (found * seconds) * 1e6
