"""A WebSocket connection that survives large messages, slow readers and hostile frames.

Framing is the `websockets` package's sans-I/O protocol; sockets, queue, deadlines are here. Not here: what the messages
mean, log-in, handshake (`ws_host.py`).
"""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import gevent
import structlog
from gevent.event import Event
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.server import ServerProtocol

from marge.errors import MargeError
from marge.http.limits import KB, MB
from marge.http.sockets import shut
from marge.http.ws_flush import Flusher
from marge.http.ws_frames import BINARY, PING, encode_close_frame, encode_frame, encode_text_frame

_log = structlog.get_logger("marge.http.websocket")

NORMAL, GOING_AWAY, INVALID_DATA, ABNORMAL, INTERNAL_ERROR = 1000, 1001, 1007, 1006, 1011
_READ_SIZE = 64 * KB
_WRITE_SLICE = 256 * KB
_COMPRESS_FROM = 1 * KB


@dataclass(frozen=True, slots=True)
class WebSocketOptions:
    """Times in seconds, sizes in bytes.

    Attributes:
        max_message: larger incoming messages close the connection with 1009.
        max_queue, max_queue_bytes: messages waiting for a client; one more and the client is disconnected. A single
            message may be larger than `max_queue_bytes`.
        batch: so much is joined into one write.
        ping_s: between two pings.
        idle_s: a client from which nothing came for so long, not even a pong, is gone.
        write_s: a client that takes nothing for so long is gone.
        close_s: for the closing handshake.
        compression: negotiate permessage-deflate. Costs 300 KB and CPU a client; shared frames stay uncompressed.
    """

    max_message: int = 4 * MB
    max_queue: int = 4_096
    max_queue_bytes: int = 64 * MB
    batch: int = 256 * KB
    ping_s: float = 30.0
    idle_s: float = 75.0
    write_s: float = 30.0
    close_s: float = 5.0
    compression: bool = False


class ConnectionClosed(MargeError):
    """The connection is over. `code` as in RFC 6455 section 7.4; 1006 when it ended without a goodbye."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(f"{code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class WebSocket:
    """One open connection.

    `receive` is for one greenlet, the one that runs the handler. `send`, `send_frame`, `send_binary` and `close` are
    for any greenlet: they only put into the queue and never wait. The flusher empties it; what the client cannot take
    at once is written by a greenlet of its own. Only one of the two writes at a time, so frames never mix.
    """

    def __init__(
        self, sock: Any, protocol: ServerProtocol, options: WebSocketOptions, remote: str, flusher: Flusher
    ) -> None:
        self.remote = remote
        self._flusher = flusher
        self._is_plain = not isinstance(sock, ssl.SSLSocket)
        self._rest: memoryview | None = None
        self._sock = sock
        self._protocol = protocol
        self._options = options
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._inbox: deque[str | bytes] = deque()
        self._fragments: bytearray | None = None
        self._fragments_are_text = False
        self._writing = False
        self._flushed: Event | None = None  # only while somebody waits for it
        self._is_closing = False
        self._lost: ConnectionClosed | None = None
        self.was_dropped = False
        """Whether we gave the client up: it did not read, was silent, or did not say goodbye."""
        now = time.monotonic()
        self._heard = self._pinged = self._progress = self._left = now
        self._receiving_since: float | None = None
        self._close_by: float | None = None
        period = min(options.ping_s, options.write_s, options.idle_s / 2, options.close_s)
        self._timer = gevent.get_hub().loop.timer(period, period)
        self._timer.start(self._tick)

    # Sending

    @property
    def is_open(self) -> bool:
        """Whether messages are still taken."""
        return not self._is_closing and self._lost is None

    @property
    def queued(self) -> int:
        """Frames that wait for the client to read."""
        return len(self._queue)

    def send(self, message: str | bytes) -> bool:
        """Queue a text message; bytes are taken as its UTF-8. False when the connection is closing or lost.

        When the queue is full the client is disconnected, with a line in the log.
        """
        if self._protocol.extensions and len(message) >= _COMPRESS_FROM and self.is_open:
            payload = message.encode() if isinstance(message, str) else message
            self._protocol.send_text(payload)
            return self._enqueue(b"".join(self._protocol.data_to_send()))
        return self._enqueue(encode_text_frame(message))

    def send_frame(self, frame: bytes) -> bool:
        """Queue a frame made by `encode_text_frame`, shared with other clients. As `send` otherwise.

        The hot path of events, flat on purpose: 0.3 µs while others wait to be written, 0.9 through `_enqueue`.
        """
        queue = self._queue
        if not queue or not self._writing or self._is_closing or self._lost is not None:
            return self._enqueue(frame)
        size = self._queued_bytes + len(frame)
        if len(queue) >= self._options.max_queue or size > self._options.max_queue_bytes:
            return self._enqueue(frame)
        queue.append(frame)
        self._queued_bytes = size
        return True

    def send_binary(self, payload: bytes) -> bool:
        """Queue a binary message. As `send` otherwise."""
        return self._enqueue(encode_frame(BINARY, payload))

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Say goodbye behind what is queued. Does not wait; `receive` raises when the client has answered."""
        if not self.is_open:
            return
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, _short(reason))
            self._send_control()
        self._start_closing()

    def drop(self, reason: str) -> None:
        """End the connection at once, without a goodbye. `reason` goes to the log."""
        if self._lost is not None:
            return
        self.was_dropped = True
        _log.warning("websocket client dropped", remote=self.remote, reason=reason, queued=len(self._queue))
        self._lose(ABNORMAL, reason)

    def _enqueue(self, frame: bytes) -> bool:
        if self._is_closing or self._lost is not None:
            return False
        options = self._options
        if len(self._queue) >= options.max_queue:
            self.drop(f"{options.max_queue} messages wait to be read")
            return False
        if self._queue and self._queued_bytes + len(frame) > options.max_queue_bytes:
            self.drop(f"{options.max_queue_bytes} bytes wait to be read")
            return False
        self._put(frame)
        return True

    def _put(self, frame: bytes) -> None:
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        if not self._writing:
            self._writing = True
            self._progress = time.monotonic()
            self._flusher.add(self)

    def flush(self) -> None:
        """Write what the client takes without waiting; the flusher calls it, in the hub."""
        if not self._is_plain:
            gevent.spawn(self._write)  # encryption may want to read first
            return
        try:
            while self._queue:
                data = self._next_batch()
                sent = self._send_now(data)
                if sent < len(data):
                    self._rest = memoryview(data)[sent:]
                    gevent.spawn(self._write)
                    return
        except OSError as exc:
            self._lose(ABNORMAL, f"cannot write: {exc}")
        self._all_written()

    def _all_written(self) -> None:
        self._writing = False
        if self._flushed is not None:
            self._flushed.set()

    def _send_now(self, data: bytes) -> int:
        """How much of it the socket's buffer took. The descriptor never blocks: gevent set it so."""
        number = self._sock.fileno()
        if number < 0:
            raise BrokenPipeError("the socket is closed")
        self._progress = time.monotonic()
        try:
            return os.write(number, data if len(data) <= _WRITE_SLICE else memoryview(data)[:_WRITE_SLICE])
        except BlockingIOError:
            return 0

    def _next_batch(self) -> bytes:
        """The next frames, as many as fit into one write."""
        queue, batch = self._queue, self._options.batch
        if self._queued_bytes <= batch:
            data = b"".join(queue)
            queue.clear()
            self._queued_bytes = 0
            return data
        frames = [queue.popleft()]
        size = len(frames[0])
        while queue and size + len(queue[0]) <= batch:
            frames.append(queue.popleft())
            size += len(frames[-1])
        self._queued_bytes -= size
        return frames[0] if len(frames) == 1 else b"".join(frames)

    def _write(self) -> None:
        """The writer greenlet of a client that does not take everything at once."""
        try:
            if self._rest is not None:
                rest, self._rest = self._rest, None
                self._send_all(rest)
            while self._queue:
                self._send_all(memoryview(self._next_batch()))
        except OSError as exc:
            self._lose(ABNORMAL, f"cannot write: {exc}")
        finally:
            self._all_written()

    def _send_all(self, view: memoryview) -> None:
        while view:
            self._progress = time.monotonic()
            view = view[self._sock.send(view[:_WRITE_SLICE]) :]

    # Receiving

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """The next message: str for text, bytes for binary; None when `timeout` seconds passed.

        Raises:
            ConnectionClosed: by either side, for whatever reason. It stays closed.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._inbox:
            if self._lost is not None:
                # Not the one that is kept: with the frames of the raising it would be a cycle.
                raise ConnectionClosed(self._lost.code, self._lost.reason)
            left = None if deadline is None else deadline - time.monotonic()
            data = self._read(left)
            if data is None:
                return None
            self._take(data)
        return self._inbox.popleft()

    def _read(self, timeout: float | None) -> bytes | None:
        """What came, b"" when nothing will come any more, None after `timeout` seconds."""
        now = self._receiving_since = time.monotonic()
        self._heard += now - self._left  # silence counts only while somebody listens
        data: bytes | None = None
        try:
            if timeout is None:
                data = self._sock.recv(_READ_SIZE)
            else:
                with gevent.Timeout(max(timeout, 0), False):
                    data = self._sock.recv(_READ_SIZE)
        except OSError:
            data = b""
        finally:
            self._receiving_since = None
            self._left = time.monotonic()
        if data:
            self._heard = self._left
        return data

    def _take(self, data: bytes) -> None:
        protocol = self._protocol
        if data:
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
        for event in protocol.events_received():
            if isinstance(event, Frame):
                self._take_frame(event)
        self._send_control()
        if protocol.state is not State.OPEN or not data:
            said = protocol.close_rcvd or protocol.close_sent
            error = protocol.parser_exc
            if protocol.close_rcvd is not None or (error is not None and protocol.close_sent is not None) or not data:
                self._start_closing()
                code, reason = (said.code, said.reason) if said is not None else (ABNORMAL, "")
                self._lost = self._lost or ConnectionClosed(code, reason)

    def _take_frame(self, frame: Frame) -> None:
        if frame.opcode is Opcode.CONT:
            if self._fragments is None:
                return
            self._fragments += frame.data
            if frame.fin:
                payload, self._fragments = bytes(self._fragments), None
                self._deliver(payload, self._fragments_are_text)
        elif frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            is_text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._deliver(bytes(frame.data), is_text)
            else:
                self._fragments, self._fragments_are_text = bytearray(frame.data), is_text

    def _deliver(self, payload: bytes, is_text: bool) -> None:
        if self._is_closing or self._protocol.state is State.CLOSED:
            return
        if not is_text:
            self._inbox.append(payload)
            return
        try:
            self._inbox.append(payload.decode())
        except UnicodeDecodeError as exc:
            self._fail(INVALID_DATA, "text is not UTF-8", exc)

    def _fail(self, code: int, reason: str, cause: Exception) -> None:
        self._protocol.fail(code, reason)
        self._protocol.parser_exc = cause

    def _send_control(self) -> None:
        """Queue what the protocol wants to say by itself: pongs, the answer to a goodbye."""
        for chunk in self._protocol.data_to_send():
            if chunk and self._lost is None:
                if len(self._queue) >= 2 * self._options.max_queue:
                    self.drop("pings without reading the answers")
                    return
                self._put(chunk)

    def begin(self, rest: bytes) -> None:
        """Send the protocol's answer to the handshake, and take what the client sent behind it."""
        self._send_control()
        if rest:
            self._take(rest)

    # Ending

    def _start_closing(self) -> None:
        self._is_closing = True
        if self._close_by is None:
            self._close_by = time.monotonic() + self._options.close_s

    def _lose(self, code: int, reason: str) -> None:
        self._lost = self._lost or ConnectionClosed(code, reason)
        self._queue.clear()
        self._queued_bytes = 0
        shut(self._sock, socket.SHUT_RDWR)  # wakes the reader and the writer

    def _tick(self) -> None:
        """Runs in the hub: must not wait, nor log, whose lock may be held."""
        now = time.monotonic()
        options = self._options
        if self._close_by is not None and now > self._close_by + options.close_s:
            gevent.spawn(self.drop, "does not answer the goodbye")
        elif self._writing and now - self._progress > options.write_s:
            gevent.spawn(self.drop, f"took nothing for {options.write_s:g} s")
        elif self._receiving_since is not None and now - self._heard > options.idle_s:
            gevent.spawn(self.drop, f"silent for {options.idle_s:g} s")
        elif now - self._pinged >= options.ping_s * 0.99 and self.is_open and not self._writing:
            self._pinged = now
            self._put(encode_frame(PING, b""))

    def finish(self) -> None:
        """The end, in the handler's greenlet: flush, wait for the client's goodbye. Twice `close_s` at most."""
        close_s = self._options.close_s
        try:
            if self._writing:
                self._flushed = Event()
                self._flushed.wait(close_s)
            if self._lost is None or self._lost.code != ABNORMAL:
                # A socket closed with unread data in it sends a reset, which may overtake our close frame.
                shut(self._sock, socket.SHUT_WR)
                with gevent.Timeout(close_s, False):
                    while self._lost is None or self._protocol.close_rcvd is None:
                        data = self._sock.recv(_READ_SIZE)
                        if not data:
                            break
                        if self._lost is None:
                            self._take(data)
        except OSError:
            pass  # it is gone already: that is what was wanted
        finally:
            self._timer.stop()
            self._timer.close()
            self._lost = self._lost or ConnectionClosed(ABNORMAL)
            self._inbox.clear()
            shut(self._sock, socket.SHUT_RDWR)
            self._let_go()

    def _let_go(self) -> None:
        """Take apart the protocol's cycles: its running parser, and the frames of what it raised."""
        self._protocol.parser.close()
        if self._protocol.parser_exc is not None:
            self._protocol.parser_exc.__traceback__ = None


def _short(reason: str) -> str:
    """What of a reason fits into a close frame."""
    return encode_close_frame(NORMAL, reason)[4:].decode()
