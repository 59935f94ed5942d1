"""gevent's pywsgi behind the same seam, for those who prefer it to our own server.

It has neither deadlines nor a body limit and answers a fifth as many requests a second: meant behind a reverse proxy.
"""

from __future__ import annotations

import io
import logging
import socket as sockets
import ssl
from collections.abc import Iterable
from typing import Any

from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from marge.http.connection import Application
from marge.http.limits import Limits
from marge.http.message import status_reply
from marge.http.sockets import listen
from marge.http.wsgi import UPGRADE_KEY, Upgrade


class PywsgiServer:
    """Serves the WSGI application of an `Application`; see `FrontServer`. The hot lane is not used."""

    def __init__(
        self,
        application: Application,
        host: str = "",
        port: int = 8123,
        *,
        limits: Limits | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._application = application
        self._limits = limits or Limits()
        self._address = (host, port)
        self._ssl_context = ssl_context
        self._pool = Pool(self._limits.max_connections)
        self._server: WSGIServer | None = None

    @property
    def port(self) -> int:
        return self._address[1]

    def connections(self) -> int:
        return len(self._pool)

    def start(self) -> None:
        listener = listen(*self._address, self._limits.backlog)
        self._address = (self._address[0], listener.getsockname()[1])
        more = {} if self._ssl_context is None else {"ssl_context": self._ssl_context}
        self._server = WSGIServer(
            listener,
            self._guarded,
            spawn=self._pool,
            log=None,
            error_log=logging.getLogger("marge.http.pywsgi"),
            handler_class=_Handler,
            environ={"SERVER_NAME": "localhost"},  # otherwise it asks the name server, which may hang
            **more,
        )
        self._server.start()

    def stop(self, timeout_s: float | None = None) -> None:
        if self._server is not None:
            self._application.drain()
            self._server.stop(self._limits.drain_s if timeout_s is None else timeout_s)
            self._server = None

    def _guarded(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The application behind the one limit that can be put in front of it: the size of the body."""
        if UPGRADE_KEY in environ:  # no body: reading would take the WebSocket's first frames
            return self._application.wsgi_app(environ, start_response)
        limit = self._limits.max_body
        announced = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(limit + 1) if announced <= limit else b""
        if announced > limit or len(body) > limit:
            refusal = status_reply(413)
            headers = [("Content-Type", refusal.content_type or ""), ("Connection", "close")]
            start_response("413 Request Entity Too Large", headers)
            return [refusal.body]
        environ["wsgi.input"] = io.BytesIO(body)
        return self._application.wsgi_app(environ, start_response)


class _Handler(WSGIHandler):
    """With TCP_NODELAY (without it a keep-alive request takes 44 ms), and handing the socket out for WebSockets."""

    def __init__(self, sock: Any, address: Any, server: Any, rfile: Any = None) -> None:
        sock.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        super().__init__(sock, address, server, rfile)

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
            environ[UPGRADE_KEY] = Upgrade(self.socket)
        return environ

    def run_application(self) -> None:
        super().run_application()
        upgrade = self.environ.get(UPGRADE_KEY)
        if upgrade is not None:
            self.close_connection = True


