"""What simulated devices have in common: a small HTTP server, and running until they are told to stop.

Not here: what a device says. The same code runs as a process of its own and inside a test.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FrameType
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit

import structlog

log = structlog.get_logger("marge.simulate")

MAX_BODY = 1 << 20
"""Bytes; no device takes more."""
IDLE_S = 30.0
"""How long a client may keep a connection without a word."""


class HttpRequest(NamedTuple):
    """What came in. `headers`: names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class HttpAnswer(NamedTuple):
    """What goes out."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}


class Server(Protocol):
    """Something that listens."""

    @property
    def address(self) -> tuple[str, int]: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class HttpDevice:
    """A device's HTTP server. `handle` runs in a thread a connection and answers one request.

    Args:
        port: 0: any free one; `address` has it after `start`.
    """

    def __init__(self, host: str, port: int, handle: Callable[[HttpRequest], HttpAnswer]) -> None:
        self._handle, self._wanted = handle, (host, port)
        self._server: ThreadingHTTPServer | None = None
        self.requests = 0
        self._open: set[socket.socket] = set()

    @property
    def address(self) -> tuple[str, int]:
        if self._server is None:
            return self._wanted
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Listen from now on.

        Raises:
            OSError: the address cannot be had.
        """
        device = self

        class Handler(_Handler):
            def answer_to(self, request: HttpRequest) -> HttpAnswer:
                device.requests += 1
                return device._handle(request)

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def process_request(self, request: Any, client_address: Any) -> None:
                device._open.add(request)
                super().process_request(request, client_address)

            def shutdown_request(self, request: Any) -> None:
                device._open.discard(request)
                super().shutdown_request(request)

            def handle_error(self, request: Any, client_address: Any) -> None:
                """Clients that went away are no news."""
                log.debug("a connection broke", client=str(client_address))

        self._server = Quiet(self.address, Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """As when somebody pulls the plug: nobody listens, and connections end."""
        server, self._server = self._server, None
        if server is not None:
            self._wanted = (self._wanted[0], int(server.server_address[1]))  # back under the same port
            server.shutdown()
            server.server_close()
        while self._open:
            try:
                self._open.pop().shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("a connection had ended already")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True

    def answer_to(self, request: HttpRequest) -> HttpAnswer:
        raise NotImplementedError

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self._send(HttpAnswer(413 if length.isdecimal() else 400))
            return
        parts = urlsplit(self.path)
        request = HttpRequest(
            self.command, parts.path, dict(parse_qsl(parts.query)),
            {name.lower(): value for name, value in self.headers.items()}, self.rfile.read(int(length)),
        )  # fmt: skip
        self._send(self.answer_to(request))

    def _send(self, answer: HttpAnswer) -> None:
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_SUBSCRIBE = do_UNSUBSCRIBE = _serve  # noqa: N815 - the base looks for these

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Not a line a request."""


def run_until_told(*servers: Server) -> None:
    """Serve until SIGTERM or SIGINT. From the main thread.

    Raises:
        OSError: an address cannot be had.
    """
    done = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        done.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    try:
        for server in servers:
            server.start()
            log.info("listening", address="{}:{}".format(*server.address))
        done.wait()
    finally:
        for server in reversed(servers):
            server.stop()
