"""A running server with small routes, and a client that speaks raw bytes. For the tests of the wire."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any, Self

from marge.http.dispatch import Lanes
from marge.http.limits import Limits
from marge.http.message import Reply, Request, json_reply
from marge.http.routing import Route, route, routes_of, websocket_route
from marge.http.server import HttpServer
from marge.http.websocket import ConnectionClosed, WebSocketOptions

TOKEN = {"Authorization": "Bearer good"}
ADMIN = {"Authorization": "Bearer admin"}


class FakeUser:
    """What the lanes want of a user."""

    def __init__(self, is_admin: bool) -> None:
        self.is_admin = is_admin


def authenticate(request: Request) -> Any:
    """Two tokens are known."""
    return {"Bearer good": FakeUser(False), "Bearer admin": FakeUser(True)}.get(request.headers.get("authorization"))


@route("GET", "/api/", hot=True)
def hello(_home: Any, _request: Request) -> Reply:
    return json_reply({"message": "API running."})


@route("GET", "/api/things/<thing>", hot=True)
def get_thing(_home: Any, request: Request) -> Reply:
    return json_reply({"thing": request.args["thing"], "query": request.query})


@route("POST", "/api/things/<thing>", hot=True)
def set_thing(_home: Any, request: Request) -> Reply:
    return json_reply(request.json(), 201, {"Location": f"/api/things/{request.args['thing']}"})


@route("POST", "/api/echo", access="open", hot=True)
@route("PUT", "/api/echo", access="open")
def echo(_home: Any, request: Request) -> Reply:
    return Reply(200, request.body, "application/octet-stream")


@route("GET", "/api/admin", access="admin")
def admin(_home: Any, _request: Request) -> Reply:
    return json_reply("welcome")


@route("GET", "/api/stream", access="open")
def stream(_home: Any, _request: Request) -> Reply:
    return Reply(200, content_type="text/event-stream", stream=iter([b"one", b"", b"two"]))


@route("GET", "/api/broken", access="open")
@route("GET", "/api/broken/hot", access="open", hot=True)
def broken(_home: Any, _request: Request) -> Reply:
    raise RuntimeError("secret detail")


@route("GET", "/api/slow", access="open", hot=True)
def slow(home: Any, _request: Request) -> Reply:
    home["started"] = home.get("started", 0) + 1
    home["release"].wait(60)
    return json_reply("done")


@route("GET", "/api/large", access="open")
def large(_home: Any, request: Request) -> Reply:
    return Reply(200, b"x" * int(request.query["size"]), "text/plain")


@websocket_route("/api/websocket")
def echo_websocket(_home: Any, websocket: Any, _request: Request) -> None:
    while True:
        message = websocket.receive()
        if isinstance(message, bytes):
            websocket.send_binary(message)
        else:
            websocket.send(message)


ROUTES = routes_of(
    hello, get_thing, set_thing, echo, admin, stream, broken, slow, large, echo_websocket
)


@contextlib.contextmanager
def running(
    *,
    limits: Limits | None = None,
    routes: list[Route] | None = None,
    home: Any = None,
    options: WebSocketOptions | None = None,
    kind: Callable[..., Any] = HttpServer,
    ssl_context: Any = None,
    cors_origins: tuple[str, ...] = (),
) -> Iterator[Any]:
    """A server on a free port of 127.0.0.1. Its lanes are `server.lanes`."""
    lanes = Lanes(
        home, ROUTES if routes is None else routes, authenticate, websocket_options=options, cors_origins=cors_origins
    )
    server = kind(lanes, "127.0.0.1", 0, limits=limits, ssl_context=ssl_context)
    server.lanes = lanes
    server.start()
    try:
        yield server
    finally:
        server.stop(0.5)


class RawClient:
    """A connection that sends what it is told and reads replies one by one."""

    def __init__(self, server: Any, timeout_s: float = 60) -> None:
        self.sock = socket.create_connection(("127.0.0.1", server.port), timeout=timeout_s)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def ask(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send, and read one reply."""
        self.send(data)
        return self.reply()

    def reply(self, has_body: bool = True) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of the next reply."""
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        status = int(first.split()[1])
        if not has_body or status in (100, 204, 304):
            return status, headers, b""
        if headers.get("transfer-encoding") == "chunked":
            return status, headers, self._chunks()
        return status, headers, self._take(int(headers["content-length"]))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self._buffer:
                self._more()
            size, _, self._buffer = self._buffer.partition(b"\r\n")
            body += self._take(int(size, 16))
            self._take(2)
            if size == b"0":
                return body

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._more()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _more(self) -> None:
        data = self.sock.recv(1 << 20)
        if not data:
            raise ConnectionError(f"closed; unread: {self._buffer[:100]!r}")
        self._buffer += data

    def is_closed(self) -> bool:
        """Wait for the end of the stream; True unless something else came."""
        try:
            return self._buffer == b"" and self.sock.recv(1) == b""
        except ConnectionResetError:
            return True


__all__ = ["ADMIN", "TOKEN", "ConnectionClosed", "RawClient", "ROUTES", "authenticate", "running"]
