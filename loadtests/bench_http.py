"""Requests a second of a whole Marge beside a bare pywsgi "hello", in one run on one machine.

Run: python -m loadtests.bench_http [--seconds 4] [--rounds 3] [--connections 16] [--json FILE]

Every server runs in a process of its own on one core, the load generator on another one; rounds alternate between the
servers, so that a machine that slows down slows all of them. No pipelining: a connection sends its next request when
it has the whole reply, and the generator polls without sleeping, so that it is not what is measured. The server's CPU
time a request is shown, too: on a machine with other work it is the steadier figure.

"Marge" is the program itself: 1,000 entities, a long-lived token that is checked, the recorder running; each POST
changes the state of another entity, through its actor. "bare handlers" is our server with handlers that do nothing:
the difference to Marge is what the application costs.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import select
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

from tests.support.server import Server, server_in

ENTITIES = 1_000
HOME = "marge:\n  broker: external\n"
"""Without the address of the broker there is no bridge: nothing else runs in the measured process."""
STATE = {
    "entity_id": "light.porch",
    "state": "on",
    "attributes": {"brightness": 180, "color_mode": "xy", "friendly_name": "Porch", "supported_features": 44},
    "last_changed": "2026-01-01T00:00:00.000000+00:00",
    "last_reported": "2026-01-01T00:00:00.000000+00:00",
    "last_updated": "2026-01-01T00:00:00.000000+00:00",
    "context": {"id": "01JGG2M8Z0AAAAAAAAAAAAAAAA", "parent_id": None, "user_id": None},
}
_HEADERS = "Host: localhost\r\nAuthorization: Bearer abc\r\nAccept: */*\r\nUser-Agent: bench\r\n"
GET = f"GET /api/states/light.porch HTTP/1.1\r\n{_HEADERS}\r\n".encode()
_BODY = json.dumps({"state": "on", "attributes": STATE["attributes"]})
POST = (
    f"POST /api/states/light.porch HTTP/1.1\r\n{_HEADERS}Content-Type: application/json\r\n"
    f"Content-Length: {len(_BODY)}\r\n\r\n{_BODY}"
).encode()


def _pin(core: int) -> None:
    """Keep this process on one core, where the system can."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[core % len(cores)]})


def serve_hello(ready: Connection) -> None:
    """The yardstick: a WSGI function on pywsgi with TCP_NODELAY and without a log."""
    from gevent import monkey

    monkey.patch_all()
    from gevent.pywsgi import WSGIHandler, WSGIServer

    _pin(0)
    body = json.dumps(STATE).encode()

    class Handler(WSGIHandler):
        def __init__(self, sock: Any, address: Any, server: Any, rfile: Any = None) -> None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            super().__init__(sock, address, server, rfile)

    def hello(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    server = WSGIServer(("127.0.0.1", 0), hello, log=None, handler_class=Handler, environ={"SERVER_NAME": "localhost"})
    server.start()
    ready.send(server.server_port)
    server.serve_forever()


def serve_marge(ready: Connection, lane: str = "hot") -> None:
    """Our server with trivial handlers: a reply that is JSON already, and a body that is parsed and answered.

    The lane "flask" has the same handlers behind Flask only.
    """
    from gevent import monkey

    monkey.patch_all()
    import gevent

    from marge.http.dispatch import Lanes
    from marge.http.message import Reply, Request, json_bytes_reply, json_reply
    from marge.http.routing import Route
    from marge.http.server import HttpServer

    _pin(0)
    body = json.dumps(STATE).encode()

    def get(_home: Any, _request: Request) -> Reply:
        return json_bytes_reply(body)

    def post(_home: Any, request: Request) -> Reply:
        return json_reply({**STATE, **request.json()}, 200)

    class User:
        is_admin = True

    user: Any = User()

    def authenticate(request: Request) -> Any:
        return user if request.headers.get("authorization") == "Bearer abc" else None

    hot = lane == "hot"
    path = "/api/states/<entity_id>"
    routes = [Route("GET", path, get, hot), Route("POST", path, post, hot)]
    server = HttpServer(Lanes(None, routes, authenticate), "127.0.0.1", 0)
    server.start()
    ready.send(server.port)
    while True:
        gevent.sleep(3600)


def _serve_flask(ready: Connection) -> None:
    serve_marge(ready, "flask")


def start_marge(server: Server) -> None:
    """The real program with 1,000 entities and a long-lived token, on core 0."""
    server.write(configuration=HOME)
    made = server.cli("token", "create", "bench", "--config", str(server.home))
    server.token = made.stdout.strip()
    server.start()
    for number in range(ENTITIES):
        server.post(f"/api/states/{_entity(number)}", {"state": "00", "attributes": STATE["attributes"]})
    cores = sorted(os.sched_getaffinity(0))
    psutil.Process(server.pid).cpu_affinity(cores[:1])


def marge_requests(token: str) -> tuple[list[bytes], list[bytes]]:
    """GETs of all entities; POSTs that change each of them, again and again. All answers are equally long."""
    headers = f"Host: localhost\r\nAuthorization: Bearer {token}\r\nAccept: */*\r\nUser-Agent: bench\r\n"
    gets = [f"GET /api/states/{_entity(number)} HTTP/1.1\r\n{headers}\r\n".encode() for number in range(ENTITIES)]
    posts = []
    for value in range(10, 20):
        body = json.dumps({"state": str(value), "attributes": STATE["attributes"]})
        head = f"{headers}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        posts += [f"POST /api/states/{_entity(number)} HTTP/1.1\r\n{head}".encode() for number in range(ENTITIES)]
    return gets, posts


def _entity(number: int) -> str:
    return f"light.bench_{number:04}"


def load(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> float:
    """Requests a second over keep-alive connections, driven by one epoll loop with raw sockets."""
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(connections):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[sock.fileno()] = sock
    size = _reply_size(next(iter(sockets.values())), requests[0])
    missing = dict.fromkeys(sockets, size)
    following = itertools.cycle(requests)
    for fileno, sock in sockets.items():
        poll.register(fileno, select.EPOLLIN)
        sock.sendall(next(following))
    done = 0
    begin = time.perf_counter()
    end = begin + seconds
    while (now := time.perf_counter()) < end:
        for fileno, _ in poll.poll(0):
            data = sockets[fileno].recv(65_536)
            if not data:
                raise RuntimeError("the server closed a connection")
            missing[fileno] -= len(data)
            if missing[fileno] <= 0:
                if missing[fileno] < 0 or not data.endswith(b"}"):
                    raise RuntimeError(f"an unexpected reply: {data[:200]!r}")
                done += 1
                missing[fileno] = size
                sockets[fileno].send(next(following))
    for sock in sockets.values():
        sock.close()
    return done / (now - begin)


def _reply_size(sock: socket.socket, request: bytes) -> int:
    """How long one reply is; all of them are equally long. Fails unless it is a 200."""
    sock.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(f"unexpected reply: {head[:200]!r}")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1])
    while len(body) < length:
        body += sock.recv(65_536)
    return len(head) + 4 + length


HELLO = "bare pywsgi hello"
WANTED = {"Marge GET": 1.5, "Marge POST": 0.8}
"""Times the requests a second of the hello."""


def measure(seconds: float, rounds: int, connections: int) -> dict[str, dict[str, float]]:
    """By case over alternating rounds: requests a second, their ratio to the hello's, µs of the server's CPU a request.

    The ratio is the median of the rounds' own ratios: what slows the machine for a round slows both.
    """
    context = multiprocessing.get_context("spawn")
    spawned: dict[str, Callable[..., None]] = {"hello": serve_hello, "bare": serve_marge, "flask": _serve_flask}
    ports: dict[str, int] = {}
    running: dict[str, psutil.Process] = {}
    with ExitStack() as stack:
        for name, target in spawned.items():
            mine, theirs = context.Pipe()
            process = context.Process(target=target, args=(theirs,), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(process.kill)
            if not mine.poll(30):
                raise RuntimeError(f"server {name} did not start")
            ports[name] = mine.recv()
            running[name] = psutil.Process(process.pid)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        marge = stack.enter_context(server_in(Path(folder)))
        start_marge(marge)
        ports["marge"], running["marge"] = marge.port, psutil.Process(marge.pid)
        gets, posts = marge_requests(marge.token)
        _pin(1)
        cases: dict[str, tuple[str, Sequence[bytes]]] = {
            HELLO: ("hello", [GET]),
            "Marge GET": ("marge", gets),
            "Marge POST": ("marge", posts),
            "bare handlers GET": ("bare", [GET]),
            "bare handlers POST": ("bare", [POST]),
            "Flask lane GET": ("flask", [GET]),
        }
        seen: dict[str, list[tuple[float, float, float]]] = {case: [] for case in cases}
        for _ in range(rounds):
            for case, (name, requests) in cases.items():
                before = sum(running[name].cpu_times()[:2])
                rate = load(ports[name], requests, connections, seconds)
                cost = (sum(running[name].cpu_times()[:2]) - before) / (rate * seconds) * 1e6
                base = seen[HELLO][-1][0] if case != HELLO else rate
                seen[case].append((rate, rate / base, cost))
    names = ("per_second", "ratio", "cpu_us")
    return {
        case: {name: round(statistics.median(run[i] for run in runs), 3) for i, name in enumerate(names)}
        for case, runs in seen.items()
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    figures = measure(options.seconds, options.rounds, options.connections)
    print(f"{'case':<20}{'requests/s':>12}{'ratio':>8}{'wanted':>8}{'CPU µs':>8}")
    for case, row in figures.items():
        goal = f"{WANTED[case]:.1f}" if case in WANTED else ""
        print(f"{case:<20}{row['per_second']:>12,.0f}{row['ratio']:>8.2f}{goal:>8}{row['cpu_us']:>8.1f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if all(figures[case]["ratio"] >= goal for case, goal in WANTED.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
