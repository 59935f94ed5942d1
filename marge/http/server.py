"""The front door: a gevent server fed through httptools, and the seam at which another server may stand.

Not here: what the replies are (`dispatch.py`), one connection's conversation (`connection.py`).
"""

from __future__ import annotations

import socket as sockets
import ssl
import time
from typing import Any, Protocol

import gevent
import structlog
from gevent.event import Event
from gevent.server import StreamServer

from marge.http.connection import Application, Connection
from marge.http.encode import Encoder
from marge.http.limits import Limits
from marge.http.message import status_reply
from marge.http.sockets import Outbox, listen

_log = structlog.get_logger("marge.http")

_SLOWEST_SWEEP_S = 1.0  # a deadline is noticed at most so late
_FASTEST_SWEEP_S = 0.02


class FrontServer(Protocol):
    """What the rest of Marge knows of an HTTP server. Implementations: `HttpServer`, `PywsgiServer`."""

    @property
    def port(self) -> int:
        """The port it listens on; the one it got when 0 was asked for."""

    def start(self) -> None:
        """Listen and serve in greenlets. Raises OSError when the port cannot be had."""

    def stop(self, timeout_s: float | None = None) -> None:
        """Refuse new requests, let running ones finish for `timeout_s` (the limits' `drain_s`), then end them."""

    def connections(self) -> int:
        """How many are open."""


class HttpServer:
    """Serves an `Application`; see `FrontServer`.

    One greenlet a connection, and one that watches all deadlines: a timer for every wait would cost more than parsing.
    """

    def __init__(
        self,
        application: Application,
        host: str = "",
        port: int = 8123,
        *,
        limits: Limits | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self.application = application
        self.limits = limits or Limits()
        self.encoder = Encoder()
        self.outbox = Outbox()
        self.is_draining = False
        self._address = (host, port)
        self._ssl_context = ssl_context
        self._server: StreamServer | None = None
        self._sweeper: gevent.Greenlet | None = None
        self._open: dict[Connection, gevent.Greenlet] = {}
        self._empty = Event()

    @property
    def port(self) -> int:
        return self._address[1]

    def connections(self) -> int:
        return len(self._open)

    def start(self) -> None:
        listener = listen(*self._address, self.limits.backlog)
        self._address = (self._address[0], listener.getsockname()[1])
        self._server = StreamServer(listener, self._serve)
        self._server.start()
        self._sweeper = gevent.spawn(self._sweep)

    def stop(self, timeout_s: float | None = None) -> None:
        if self._server is None:
            return
        self._server.stop()
        self.is_draining = True
        self.application.drain()
        for connection in list(self._open):
            connection.drain()
        self._empty.clear()
        if self._open:
            self._empty.wait(self.limits.drain_s if timeout_s is None else timeout_s)
        try:
            gevent.killall(list(self._open.values()), timeout=1)
        except gevent.Timeout:
            _log.warning("connections did not end in time", connections=len(self._open))
        if self._sweeper is not None:
            self._sweeper.kill()
        self._server = None

    def _serve(self, sock: Any, address: tuple[Any, ...]) -> None:
        """One connection, in its greenlet. The StreamServer closes `sock` afterwards."""
        remote = str(address[0]).removeprefix("::ffff:")
        if len(self._open) >= self.limits.max_connections or self.is_draining:
            self._turn_away(sock)
            return
        sock.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        if self._ssl_context is not None:
            encrypted = self._encrypt(sock)
            if encrypted is None:
                return
            sock = encrypted
        connection = Connection(self, sock, remote, self._ssl_context is not None)
        self._open[connection] = gevent.getcurrent()
        try:
            connection.run()
        finally:
            del self._open[connection]
            if not self._open:
                self._empty.set()
            sock.close()

    def _encrypt(self, sock: Any) -> Any:
        """The socket after the TLS handshake, or None when the client did not manage it in time."""
        assert self._ssl_context is not None
        try:
            with gevent.Timeout(self.limits.first_byte_s, False):
                return self._ssl_context.wrap_socket(sock, server_side=True)
        except OSError:  # ssl.SSLError among them: port scans, http on the https port, distrusted certificates
            pass
        return None

    def _turn_away(self, sock: Any) -> None:
        if self._ssl_context is not None:
            return
        try:
            sock.setblocking(False)
            sock.send(self.encoder.encode(status_reply(503), keep_alive=False))
        except OSError:
            pass  # it has gone already

    def _sweep(self) -> None:
        """The greenlet that ends what is overdue."""
        limits = self.limits
        shortest = min(
            limits.first_byte_s, limits.header_s, limits.body_s, limits.idle_s, limits.write_s, limits.linger_s
        )
        pause_s = max(_FASTEST_SWEEP_S, min(_SLOWEST_SWEEP_S, shortest / 4))
        while True:
            gevent.sleep(pause_s)
            now = time.monotonic()
            for connection in [item for item in self._open if item.deadline < now]:
                connection.expire()
