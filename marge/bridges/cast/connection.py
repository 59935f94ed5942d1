"""A connection to a Cast device's port 8009: TLS, requests with answers, and what the device tells by itself."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import gevent
import structlog
from gevent.event import AsyncResult
from gevent.lock import BoundedSemaphore

from marge.bridges.cast import protocol
from marge.bridges.cast.protocol import CONNECTION, HEARTBEAT, MEDIA, PLATFORM, RECEIVER, SENDER, Object
from marge.errors import HomeError, Unreachable
from marge.model import dumps, loads
from marge.util.castv2 import CastMessage, CastReader, CastWireError, encode

CONNECT_S, ASK_S, SEND_S = 4.0, 4.0, 4.0
APP_S = 2.0
"""Apps are of many makers; some do not answer at all."""
QUIET_S = 30.0
"""Devices ping every five seconds: one that says nothing for so long is gone."""
MAX_MESSAGES_A_SECOND = 200
"""Devices send a handful; one that sends more must not keep the others from running."""
_REFUSALS = frozenset(
    {"LAUNCH_ERROR", "LOAD_FAILED", "LOAD_CANCELLED", "INVALID_PLAYER_STATE", "INVALID_REQUEST", "ERROR"}
)
log = structlog.get_logger("marge.bridges.cast")


class CastConnection:
    """One connection. Opened by making it, which waits; `ask` may be called by one greenlet at a time.

    Attributes:
        receiver: the device's status as it was last told. media: that of the app's player; empty: none.
        media_at: when the latter was told. closed: why it is over; None: it is open.
    """

    def __init__(self, where: tuple[str, int], on_news: Callable[[], None], now: Callable[[], float]) -> None:
        """Raises:
        Unreachable: nobody is there, or it does not speak CASTV2.
        """
        self.receiver: Object = {}
        self.media: Object = {}
        self.media_at = 0.0
        self.closed: str | None = None
        self._on_news, self._now = on_news, now
        self._where = where
        self._count = 0
        self._waiting: dict[int, AsyncResult] = {}
        self._transport: str | None = None
        self._sending = BoundedSemaphore()
        self._socket = self._open()
        self._reader = gevent.spawn(self._read)
        try:
            self._send(PLATFORM, CONNECTION, {"type": "CONNECT"})
            self.ask_status()
        except BaseException:
            self.close("it does not speak as a Cast device does")
            raise

    @property
    def transport(self) -> str | None:
        """Where media commands go; None: the app that runs takes none."""
        return self._transport

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask_status(self) -> None:
        """Have the present statuses.

        Raises:
            Unreachable: there is no answer.
        """
        self.ask(PLATFORM, RECEIVER, {"type": "GET_STATUS"})
        if self._transport is not None:
            with suppress(HomeError, Unreachable):  # the app has just ended, or is none that answers
                self.ask(self._transport, MEDIA, {"type": "GET_STATUS"}, APP_S)

    def ask(self, to: str, namespace: str, data: Mapping[str, Any], timeout_s: float = ASK_S) -> Object:
        """Send a request and wait for its answer.

        Raises:
            Unreachable: there is no answer. HomeError: the device does not want to.
        """
        self._count += 1
        number = self._count
        answer = self._waiting[number] = AsyncResult()
        try:
            self._send(to, namespace, {**data, "requestId": number})
            answer.wait(timeout_s)
            if not answer.ready():
                raise Unreachable(f"The Cast device at {self._where[0]} does not answer")
            found: Object = answer.get()
        finally:
            self._waiting.pop(number, None)
        if found.get("type") in _REFUSALS:
            reason = protocol.word(found.get("reason")) or protocol.word(found.get("type"))
            raise HomeError(f"The Cast device refuses: {reason}")
        return found

    def ask_player(self, kind: str, **more: Any) -> None:
        """A command for what plays.

        Raises:
            HomeError: nothing plays, or it does not want to. Unreachable: as `ask`.
        """
        before = self._session()
        try:
            self._tell_player(before, kind, more)
        except HomeError:
            self.ask_status()
            if self._session() == before:
                raise
            self._tell_player(self._session(), kind, more)  # somebody has loaded something else just now

    def _session(self) -> tuple[str, Any]:
        session = self.media.get("mediaSessionId")
        if self._transport is None or session is None:
            raise HomeError("Nothing is playing there")
        return self._transport, session

    def _tell_player(self, session: tuple[str, Any], kind: str, more: Mapping[str, Any]) -> None:
        try:
            self.ask(session[0], MEDIA, {"type": kind, "mediaSessionId": session[1], **more}, APP_S)
        except Unreachable:
            if self.closed is not None:
                raise
            self.ask_status()  # the device is there: some apps obey and do not answer

    def close(self, reason: str = "closed") -> None:
        """Let go. Who waits for an answer gets none."""
        if self.closed is not None:
            return
        self.closed = reason
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            self._socket.close()
        for answer in list(self._waiting.values()):
            answer.set_exception(Unreachable(f"The connection to the Cast device at {self._where[0]} broke"))
        if self._reader is not gevent.getcurrent():
            self._reader.kill(block=False)

    # -- the socket --------------------------------------------------------------------------------------------------

    def _open(self) -> ssl.SSLSocket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # Devices have certificates that they signed themselves; who is who is decided by who answers at the address.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        plain: socket.socket | None = None
        try:
            with gevent.Timeout(CONNECT_S, TimeoutError("no answer in time")):
                plain = socket.create_connection(self._where, timeout=CONNECT_S)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                secure = context.wrap_socket(plain)
        except (OSError, ValueError) as exc:
            if plain is not None:
                plain.close()
            why = exc.strerror.lower() if isinstance(exc, OSError) and exc.strerror else "it does not speak TLS in time"
            raise Unreachable(f"{self._where[0]} port {self._where[1]} cannot be reached: {why}") from exc
        secure.settimeout(QUIET_S)
        return secure

    def _send(self, to: str, namespace: str, data: Mapping[str, Any]) -> None:
        message = encode(CastMessage(SENDER, to, namespace, dumps(data).decode()))
        try:
            with gevent.Timeout(SEND_S, TimeoutError()), self._sending:
                self._socket.sendall(message)
        except (OSError, ValueError) as exc:
            self.close("it does not take what is sent")
            raise Unreachable(f"The connection to the Cast device at {self._where[0]} broke") from exc

    def _read(self) -> None:
        """In a greenlet of its own, until the connection ends."""
        reader, second, count = CastReader(), 0, 0
        try:
            while data := self._socket.recv(65_536):
                for message in reader.feed(data):
                    self._take(message)
                    if int(self._now()) != second:
                        second, count = int(self._now()), 0
                    count += 1
                    if count > MAX_MESSAGES_A_SECOND:
                        raise CastWireError("too many messages")
                gevent.sleep(0)  # where there is always more to read, reading does not let others in
            reason = "the device closed the connection"
        except (OSError, CastWireError) as exc:
            reason = str(exc) or type(exc).__name__
        except Unreachable as exc:
            reason = str(exc)
        except Exception as exc:  # noqa: BLE001 - the border: what a stranger's device sends
            log.warning("a Cast device sent what cannot be understood", exc_info=exc)
            reason = "it sent what cannot be understood"
        if self.closed is None:
            self.close(reason)
            self._on_news()

    def _take(self, message: CastMessage) -> None:
        try:
            data = protocol.table(loads(message.payload.encode())) if message.payload else {}
        except ValueError:
            return
        kind = data.get("type")
        if message.namespace == HEARTBEAT:
            if kind == "PING":
                self._send(message.source, HEARTBEAT, {"type": "PONG"})
            return
        if message.namespace == CONNECTION:
            if kind == "CLOSE" and message.source == PLATFORM:
                raise CastWireError("the device ended the session")
            if kind == "CLOSE" and message.source == self._transport:
                self._transport, self.media = None, {}
                self._on_news()
            return
        if message.namespace == RECEIVER and kind == "RECEIVER_STATUS":
            self._take_receiver(protocol.table(data.get("status")))
        elif message.namespace == MEDIA and kind == "MEDIA_STATUS" and message.source == self._transport:
            status = next(iter(protocol.entries(data.get("status"))), {})
            self.media, self.media_at = protocol.merged(self.media, status), self._now()
        request = data.get("requestId")
        answer = self._waiting.get(request) if isinstance(request, int) and not isinstance(request, bool) else None
        if answer is not None:
            answer.set(data)
        elif kind in ("RECEIVER_STATUS", "MEDIA_STATUS"):
            self._on_news()

    def _take_receiver(self, status: Object) -> None:
        self.receiver = status
        transport = protocol.transport_for_media(protocol.application(status))
        if transport == self._transport:
            return
        self._transport, self.media = transport, {}
        if transport is not None:  # whoever has not connected to an app is told nothing of it
            self._send(transport, CONNECTION, {"type": "CONNECT"})
            self._send(transport, MEDIA, {"type": "GET_STATUS", "requestId": 0})
