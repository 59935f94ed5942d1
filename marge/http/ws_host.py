"""Opens WebSocket connections on sockets that a server hands out, and knows which are open.

Not here: one connection's life (`websocket.py`), routing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import gevent
import structlog
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request as HandshakeRequest
from websockets.server import ServerProtocol

from marge.http.message import Reply, Request, status_reply
from marge.http.websocket import (
    GOING_AWAY,
    INTERNAL_ERROR,
    NORMAL,
    ConnectionClosed,
    WebSocket,
    WebSocketOptions,
)
from marge.http.ws_flush import Flusher
from marge.http.wsgi import Upgrade

_log = structlog.get_logger("marge.http.websocket")

_HANDSHAKE_HEADERS = ("connection", "upgrade", "origin")


class WebSockets:
    """Opens connections, runs their handlers, knows which are open."""

    def __init__(self, options: WebSocketOptions | None = None) -> None:
        self.options = options or WebSocketOptions()
        self._open: set[WebSocket] = set()
        self.dropped = 0
        """Clients that were given up since the start, mostly because they did not read what was sent to them."""
        self._flusher = Flusher()
        # Not below warnings: the protocol's debug lines hold whole messages, so tokens.
        self._frame_log = logging.getLogger("marge.http.frames")
        self._frame_log.setLevel(logging.WARNING)

    def __len__(self) -> int:
        return len(self._open)

    def close_all(self, code: int = GOING_AWAY, reason: str = "") -> None:
        """Say goodbye to everybody. Does not wait."""
        for connection in list(self._open):
            connection.close(code, reason)

    def serve(
        self, upgrade: Upgrade, request: Request, home: Any, handler: Callable[[Any, WebSocket, Request], None]
    ) -> Reply | None:
        """Shake hands, run `handler` until it returns, close. In the connection's own greenlet.

        Returns None when the connection became a WebSocket (it is closed then), or a reply that refuses it.
        """
        opened = self._shake_hands(upgrade, request)
        if isinstance(opened, Reply):
            return opened
        self._open.add(opened)
        try:
            handler(home, opened, request)
            opened.close(NORMAL)
        except ConnectionClosed:
            pass
        except gevent.Timeout as timeout:
            _log.error("websocket handler let a time-out through", remote=request.remote, timeout=str(timeout))
            opened.close(INTERNAL_ERROR)
        except Exception as exc:  # noqa: BLE001  the border: one connection
            _log.error("websocket handler raised", remote=request.remote, path=request.path, exc_info=exc)
            opened.close(INTERNAL_ERROR)
        finally:
            self._open.discard(opened)
            opened.finish()
            self.dropped += opened.was_dropped
        return None

    def _shake_hands(self, upgrade: Upgrade, request: Request) -> WebSocket | Reply:
        extensions = [ServerPerMessageDeflateFactory()] if self.options.compression else None
        protocol = ServerProtocol(
            extensions=extensions, max_size=self.options.max_message, logger=self._frame_log
        )
        lines = ["GET / HTTP/1.1"]
        for name, value in request.headers.items():
            if name in _HANDSHAKE_HEADERS or name.startswith("sec-websocket-"):
                lines.append(f"{name}: {value}")
        protocol.receive_data("\r\n".join((*lines, "", "")).encode("latin-1", "replace"))
        asked = [event for event in protocol.events_received() if isinstance(event, HandshakeRequest)]
        if not asked:
            return status_reply(400)
        answer = protocol.accept(asked[0])
        if answer.status_code != 101:
            headers = {"Upgrade": "websocket"} if answer.status_code == 426 else {}
            return status_reply(answer.status_code, headers)
        protocol.send_response(answer)
        upgrade.taken = True
        opened = WebSocket(upgrade.sock, protocol, self.options, request.remote, self._flusher)
        opened.begin(upgrade.rest)
        return opened
