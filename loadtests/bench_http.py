"""Requests a second of our server's hot lane beside a bare pywsgi "hello", in one run on one machine.

Run: python -m loadtests.bench_http [--seconds 4] [--rounds 3] [--connections 16] [--json FILE]

Every server runs in a process of its own on one core, the load generator on another one; rounds alternate between the
servers, so that a machine that slows down slows all of them. No pipelining: a connection sends its next request when
it has the whole reply, and the generator polls without sleeping, so that it is not what is measured. The server's CPU
time a request is shown, too: on a machine with other work it is the steadier figure.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import select
import socket
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil

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


def load(port: int, request: bytes, connections: int, seconds: float) -> float:
    """Requests a second over keep-alive connections, driven by one epoll loop with raw sockets."""
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(connections):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[sock.fileno()] = sock
    size = _reply_size(next(iter(sockets.values())), request)
    missing = dict.fromkeys(sockets, size)
    for fileno, sock in sockets.items():
        poll.register(fileno, select.EPOLLIN)
        sock.sendall(request)
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
                done += 1
                missing[fileno] = size
                sockets[fileno].send(request)
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


def measure(seconds: float, rounds: int, connections: int) -> dict[str, tuple[float, float]]:
    """Medians by case over alternating rounds: requests a second, µs of the server's CPU a request."""
    context = multiprocessing.get_context("spawn")
    servers: dict[str, Callable[..., None]] = {"hello": serve_hello, "hot": serve_marge, "flask": _serve_flask}
    ports: dict[str, int] = {}
    running: dict[str, psutil.Process] = {}
    processes = []
    try:
        for name, target in servers.items():
            mine, theirs = context.Pipe()
            process = context.Process(target=target, args=(theirs,), daemon=True)
            process.start()
            processes.append(process)
            if not mine.poll(30):
                raise RuntimeError(f"server {name} did not start")
            ports[name] = mine.recv()
            running[name] = psutil.Process(process.pid)
        _pin(1)
        cases = {
            "bare pywsgi hello": ("hello", GET),
            "hot GET": ("hot", GET),
            "hot POST": ("hot", POST),
            "Flask lane GET": ("flask", GET),
        }
        rates: dict[str, list[float]] = {case: [] for case in cases}
        costs: dict[str, list[float]] = {case: [] for case in cases}
        for _ in range(rounds):
            for case, (name, request) in cases.items():
                before = sum(running[name].cpu_times()[:2])
                rate = load(ports[name], request, connections, seconds)
                rates[case].append(rate)
                costs[case].append((sum(running[name].cpu_times()[:2]) - before) / (rate * seconds) * 1e6)
        return {case: (statistics.median(rates[case]), statistics.median(costs[case])) for case in cases}
    finally:
        for process in processes:
            process.kill()
            process.join()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    figures = measure(options.seconds, options.rounds, options.connections)
    base = figures["bare pywsgi hello"][0]
    wanted = {"hot GET": 1.5, "hot POST": 0.8}
    print(f"{'case':<20}{'requests/s':>12}{'ratio':>8}{'wanted':>8}{'CPU µs':>8}")
    for case, (rate, cost) in figures.items():
        goal = f"{wanted[case]:.1f}" if case in wanted else ""
        print(f"{case:<20}{rate:>12,.0f}{rate / base:>8.2f}{goal:>8}{cost:>8.1f}")
    if options.json:
        rows = {
            case: {"per_second": round(rate), "ratio": round(rate / base, 2), "cpu_us": round(cost, 1)}
            for case, (rate, cost) in figures.items()
        }
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0 if all(figures[case][0] >= goal * base for case, goal in wanted.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
