"""One client's connection: read requests, have them answered, write replies, mind the deadlines.

Not here: accepting connections and watching the deadlines (`server.py`), parsing (`protocol.py`).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from typing import Any, Protocol

import structlog

from marge.http.encode import CONTINUE, Encoder, has_body, reply_headers, status_line
from marge.http.errors import trouble_reply
from marge.http.limits import KB, Limits
from marge.http.message import Reply, Request, status_reply
from marge.http.protocol import Message, Phase, RequestParser
from marge.http.sockets import Channel, Outbox, shut
from marge.http.spool import Spool
from marge.http.wsgi import UPGRADE_KEY, Upgrade, WSGIApp, make_environ, run
from marge.util.breathe import let_others_in

_log = structlog.get_logger("marge.http")

_READ_SIZE = 64 * KB
_WRITE_SLICE = 256 * KB
_BIG = 1024 * KB
_BREATHE_EVERY = 64  # requests; a client that sends without pause must not keep the hub for itself
_NEVER = float("inf")


class Application(Protocol):
    """What answers the requests: `Lanes`, or a double in tests."""

    @property
    def wsgi_app(self) -> WSGIApp: ...

    def dispatch(self, request: Request) -> Reply | None: ...

    def spool_for(self, head: Request, length: int, at_most: int) -> Spool | None: ...

    def drain(self) -> None: ...


class Host(Protocol):
    """What a connection needs of its server."""

    @property
    def application(self) -> Application: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def encoder(self) -> Encoder: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def port(self) -> int: ...
    @property
    def is_draining(self) -> bool: ...


class Connection:
    """Runs in a greenlet of its own until one side closes.

    Attributes:
        deadline: monotonic seconds; past it the server calls `expire`.
        is_busy: a request is being answered.
        is_websocket: the socket belongs to a WebSocket now.
    """

    __slots__ = (
        "deadline",
        "is_busy",
        "is_websocket",
        "_host",
        "_sock",
        "_channel",
        "_plain",
        "_remote",
        "_parser",
        "_is_writing",
        "_has_expired",
        "_is_secure",
    )

    def __init__(self, host: Host, sock: Any, remote: str, is_secure: bool) -> None:
        self._host = host
        self._sock = sock
        self._channel: Any = sock
        self._plain: Channel | None = None
        self._remote = remote
        self._is_secure = is_secure
        self._parser = RequestParser(host.limits, remote, is_secure, self._spool_for)
        self.deadline = time.monotonic() + host.limits.first_byte_s
        self.is_busy = False
        self.is_websocket = False
        self._is_writing = False
        self._has_expired = False

    # From the server's greenlet

    def expire(self) -> None:
        """The deadline has passed: make the connection's greenlet notice. Does not wait."""
        self.deadline = _NEVER
        self._has_expired = True
        # While it reads, the greenlet still has to write its farewell; while it writes, there is nobody to say it to.
        shut(self._sock, socket.SHUT_RDWR if self._is_writing else socket.SHUT_RD)

    def drain(self) -> None:
        """The server stops: close when idle; otherwise the running request is the last one."""
        if not self.is_busy and not self.is_websocket:
            shut(self._sock, socket.SHUT_RD)

    # From the connection's own greenlet

    def run(self) -> None:
        """Converse until the end. Disconnects are quiet; the caller closes the socket."""
        self._plain = None if self._is_secure else Channel(self._sock, self._host.outbox)
        self._channel = self._plain or self._sock
        try:
            self._converse()
            self._send_unsent()
        except OSError:
            pass  # the client went away, which clients do
        except Exception as exc:  # noqa: BLE001  the border: one connection
            _log.error("connection failed", remote=self._remote, exc_info=exc)
        finally:
            if self._parser.spool is not None:
                self._parser.spool.discard()
            self._parser.close()
            if self._plain is not None:
                self._plain.close()

    def _converse(self) -> None:
        parser, channel, host = self._parser, self._channel, self._host
        limits = host.limits
        answered = 0
        seen: tuple[int, Phase] | None = None
        while True:
            while parser.messages:
                message = parser.messages.popleft()
                self.is_busy = True
                spool = message.request.spool
                try:
                    if spool is not None:
                        spool.flush()
                    goes_on = self._answer(message)
                finally:
                    if spool is not None:
                        spool.discard()
                self.is_busy = False
                if not goes_on:
                    return
                answered += 1
                if answered % _BREATHE_EVERY == 0:
                    let_others_in()
            if parser.error is not None:
                self._refuse(parser.error.status)
                return
            if parser.expects_continue:
                parser.expects_continue = False
                self._send(CONTINUE)
            now_at = (parser.begun, parser.phase)
            if now_at != seen:
                seen = now_at
                if parser.phase is Phase.IDLE:
                    wait_s = limits.idle_s if parser.begun else limits.first_byte_s
                else:
                    wait_s = limits.header_s if parser.phase is Phase.HEAD else limits.body_s
                self.deadline = time.monotonic() + wait_s
            if host.is_draining and parser.phase is Phase.IDLE:
                return
            data = channel.recv(_READ_SIZE)
            if data is None:
                self._send_unsent()
                seen = None  # whoever waits for the next request has a deadline again
                continue
            if self._has_expired:
                if parser.phase is not Phase.IDLE:
                    self._refuse(408)
                return
            if not data:
                return
            parser.feed(data)
            if parser.spool is not None and parser.spool.is_due:
                parser.spool.flush()
                self.deadline = time.monotonic() + limits.body_s  # a large body may take its time while it goes on

    def _spool_for(self, head: Request, length: int) -> Spool | None:
        """Where a body above the usual limit goes; None: nobody wants it, or not from this client."""
        limits = self._host.limits
        if length > limits.max_large_body:
            return None
        return self._host.application.spool_for(head, length, limits.max_spools)

    def _answer(self, message: Message) -> bool:
        """Reply to one request; whether the connection goes on."""
        request = message.request
        host = self._host
        self.deadline = _NEVER
        if message.upgrade:
            self._answer_upgrade(message)
            return False
        reply = host.application.dispatch(request)
        keep_alive = message.keep_alive and not host.is_draining
        if reply is None:
            return self._answer_wsgi(message, make_environ(request, port=host.port, http10=message.http10), keep_alive)
        if reply.headers and reply.headers.get("Connection") == "close":
            keep_alive = False
        if reply.stream is not None:
            headers = reply_headers(reply)
            return self._send_stream(status_line(reply.status), headers, reply.stream, message, keep_alive)
        is_head = request.method == "HEAD"
        is_big = len(reply.body) >= _BIG and not is_head
        data = host.encoder.encode(reply, keep_alive, message.http10, is_head or is_big)
        if keep_alive and not is_big and self._plain is not None and self._plain.put_off(data):
            return True
        self._send(data)
        if is_big and has_body(reply.status):
            self._send(reply.body)  # by itself: it is not copied for the sake of a head before it
        return keep_alive

    def _answer_upgrade(self, message: Message) -> None:
        """Let the WSGI application route it: a WebSocket, or an upgrade that nobody here knows and all may ignore."""
        request = message.request
        self._send_unsent()
        environ = make_environ(request, port=self._host.port, http10=message.http10)
        if request.headers.get("upgrade", "").strip().lower() == "websocket":
            environ[UPGRADE_KEY] = Upgrade(self._sock, self._parser.rest)
            self.is_websocket = True
        self._answer_wsgi(message, environ, keep_alive=False)

    def _answer_wsgi(self, message: Message, environ: dict[str, Any], keep_alive: bool) -> bool:
        try:
            reply = run(self._host.application.wsgi_app, environ)
        except Exception as exc:  # noqa: BLE001  the border: one request
            _log.error("WSGI application raised", path=message.request.path, exc_info=exc)
            self._send(self._host.encoder.encode(trouble_reply(), keep_alive, message.http10))
            return keep_alive
        if reply is None:
            return False
        try:
            return self._send_stream(reply.status, reply.headers, reply.chunks, message, keep_alive)
        finally:
            reply.close()

    def _send_stream(
        self,
        status: str,
        headers: list[tuple[str, str]],
        chunks: Iterable[bytes],
        message: Message,
        keep_alive: bool,
    ) -> bool:
        """Send a reply piece by piece: with its length if one is known, else chunked; to HTTP/1.0 until the close."""
        names = {name.lower(): value for name, value in headers}
        length = int(names["content-length"]) if "content-length" in names else None
        keep_alive = keep_alive and names.get("connection", "").lower() != "close"
        bodiless = message.request.method == "HEAD" or not has_body(int(status[:3]))
        chunked = length is None and not message.http10 and not bodiless
        keep_alive = keep_alive and (length is not None or chunked or bodiless)
        headers = [item for item in headers if item[0].lower() not in ("connection", "transfer-encoding")]
        if chunked:
            headers.append(("Transfer-Encoding", "chunked"))
        if not keep_alive:
            headers.append(("Connection", "close"))
        elif message.http10:
            headers.append(("Connection", "keep-alive"))
        out = self._host.encoder.head(status, headers)
        if bodiless:
            _close_iterator(chunks)
            self._send(out)
            return keep_alive
        try:
            return self._send_chunks(out, chunks, length, chunked) and keep_alive
        finally:
            _close_iterator(chunks)

    def _send_chunks(self, out: bytes, chunks: Iterable[bytes], length: int | None, chunked: bool) -> bool:
        """Send `out` and then the body; False when the body was not what its length said."""
        sent = 0
        if length is None:
            self._send(out)
            out = b""
        iterator = iter(chunks)
        while True:
            try:
                chunk = next(iterator, None)
            except Exception as exc:  # noqa: BLE001  the reply has begun, so all that is left is to end the connection
                _log.error("reply broke off", remote=self._remote, exc_info=exc)
                return False
            if chunk is None:
                break
            sent += len(chunk)
            if length is not None and sent > length:
                _log.error("reply is longer than its Content-Length", remote=self._remote)
                return False
            if chunk:  # an empty chunk would be the end
                out += b"%x\r\n%b\r\n" % (len(chunk), chunk) if chunked else chunk
            if out and (length is None or len(out) >= _READ_SIZE):
                self._send(out)
                out = b""
        if chunked:
            out += b"0\r\n\r\n"
        if out:
            self._send(out)
        return length is None or sent == length

    def _refuse(self, status: int) -> None:
        """A farewell to a client whose stream is unusable."""
        self._send(self._host.encoder.encode(status_reply(status), keep_alive=False))
        # A socket closed with unread data in it sends a reset, which may overtake the reply.
        shut(self._sock, socket.SHUT_WR)
        self.deadline = time.monotonic() + self._host.limits.linger_s
        while not self._has_expired and self._channel.recv(_READ_SIZE):
            pass

    def _send_unsent(self) -> None:
        """Write what was put off, and wait until it is taken."""
        if self._plain is not None and self._plain.has_unsent:
            self._send(b"")

    def _send(self, data: bytes) -> None:
        if self._plain is not None and self._plain.has_unsent:
            data = self._plain.take_unsent() + data
        self._is_writing = True
        write_s = self._host.limits.write_s
        self.deadline = time.monotonic() + write_s
        sent = self._channel.send(data if len(data) <= _WRITE_SLICE else memoryview(data)[:_WRITE_SLICE])
        if sent != len(data):
            view = memoryview(data)[sent:]
            while view:
                self.deadline = time.monotonic() + write_s
                view = view[self._channel.send(view[:_WRITE_SLICE]) :]
        self._is_writing = False
        self.deadline = _NEVER


def _close_iterator(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
