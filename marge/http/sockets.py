"""What gevent's sockets do not do as the front door needs it: listen on everything, half-close, wait cheaply, write
together.

Not here: what is said on a connection.
"""

from __future__ import annotations

import errno
import socket as sockets
import time
from typing import Any

import gevent
from gevent.socket import socket as gevent_socket

from marge.http.ws_flush import Flushable

PUT_OFF_S = 0.001
"""How long a reply waits at most for others of its round, unless a handler holds the hub for longer."""
_PUT_OFF_BYTES = 64 * 1024


def listen(host: str, port: int, backlog: int) -> gevent_socket:
    """A listening socket.

    Args:
        host: an address of this machine; "" or "::" means all of them, IPv4 and IPv6.
        port: 0 takes a free one.

    Raises:
        OSError: the port is in use or not permitted, or the address is not ours. Its text says which.
    """
    wants_all = host in ("", "::")
    family = sockets.AF_INET6 if ":" in host or (wants_all and sockets.has_dualstack_ipv6()) else sockets.AF_INET
    sock = gevent_socket(family, sockets.SOCK_STREAM)
    try:
        sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        if family == sockets.AF_INET6:
            sock.setsockopt(sockets.IPPROTO_IPV6, sockets.IPV6_V6ONLY, 0 if wants_all else 1)
        sock.bind((host, port))
        sock.listen(backlog)
    except OSError as exc:
        sock.close()
        if wants_all and family == sockets.AF_INET6 and exc.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            return listen("0.0.0.0", port, backlog)  # a kernel without IPv6
        raise OSError(exc.errno, f"cannot listen on {host or '*'} port {port}: {exc.strerror}") from exc
    return sock


def shut(sock: Any, how: int) -> None:
    """Shut one or both directions of a connection, plain or TLS, from any greenlet. Never raises, never waits.

    A greenlet that reads then sees the end of the stream. gevent's own `shutdown` would raise EBADF in it, and that of
    a TLS socket would forget the encryption while others still use it.
    """
    try:
        getattr(sock, "_sock", sock).shutdown(how)
    except OSError:
        pass  # not connected any more


class Outbox:
    """Replies that are written together, at the end of the loop's round in which they were made.

    Waking up who reads costs more than the writing itself. When many clients ask at once and each reply goes out as
    soon as it is made, they fall asleep and are woken one by one; so, all at once: a fifth less of the processor for a
    request (docs/decisions/0022-replies-of-a-round-together.md). Who asks alone has the reply at once.
    """

    def __init__(self) -> None:
        self._waiting: list[Flushable] = []
        self._since = 0.0
        self._round = -1
        self._made = self._made_before = 0

    def is_alone(self) -> bool:
        """Whether the reply that was just made seems to be the only one of its round, as that of the round before."""
        this_round = gevent.get_hub().loop.iteration
        if this_round != self._round:
            self._round, self._made, self._made_before = this_round, 0, self._made
        self._made += 1
        return self._made == 1 and self._made_before <= 1

    def add(self, channel: Flushable) -> None:
        """Have `channel.flush` called at the end of the round, once."""
        if not self._waiting:
            self._since = time.monotonic()
            gevent.get_hub().loop.run_callback(self._flush)
        self._waiting.append(channel)
        if time.monotonic() - self._since > PUT_OFF_S:
            self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        for channel in waiting:
            channel.flush()


class Channel:
    """`recv` and `send` of a plain connection, for the one greenlet that made it.

    gevent's `recv` first tries in vain, then starts and stops a watcher: two system calls more a request than a watcher
    that stays. 20 µs of CPU a request become 17 (`loadtests/bench_http.py`). TLS sockets cannot be read so, since
    OpenSSL may hold data that the system does not know of.
    """

    __slots__ = (
        "_sock", "_raw", "_hub", "_greenlet", "_watcher", "_is_waiting", "_is_watching", "_outbox", "_unsent",
        "_is_stuck",
    )  # fmt: skip

    def __init__(self, sock: Any, outbox: Outbox) -> None:
        self._sock = sock
        self._outbox = outbox
        self._unsent = b""
        self._is_stuck = False
        self._raw = sock._sock
        self._hub = gevent.get_hub()
        self._greenlet = gevent.getcurrent()
        self._watcher = self._hub.loop.io(sock.fileno(), 1)
        self._is_waiting = False
        self._is_watching = False

    def recv(self, size: int) -> bytes | None:
        """Wait for data; b"" at the end of the stream. None: the client does not take what was put off, `send` it."""
        while True:
            if self._is_stuck:
                return None
            if not self._is_watching:
                self._is_watching = True
                self._watcher.start(self._ready)
            self._is_waiting = True
            try:
                self._hub.switch()
            finally:
                self._is_waiting = False
            if self._is_stuck:
                return None
            try:
                data: bytes = self._raw.recv(size)
            except BlockingIOError:
                continue  # woken for nothing
            return data

    def put_off(self, data: bytes) -> bool:
        """Write it at the end of this round of the loop. False: nothing was done; `send` it, since nobody else has a
        reply in this round, or too much of it waits already."""
        if not self._unsent:
            if self._outbox.is_alone():
                return False
            self._unsent = data
            self._outbox.add(self)
        elif len(self._unsent) + len(data) > _PUT_OFF_BYTES:
            return False
        else:
            self._unsent += data
        return True

    @property
    def has_unsent(self) -> bool:
        """Whether something was put off and is not written."""
        return self._unsent != b""

    def take_unsent(self) -> bytes:
        """What was put off and is not written, for the caller to `send`: it goes before all else."""
        unsent, self._unsent, self._is_stuck = self._unsent, b"", False
        return unsent

    def flush(self) -> None:
        """Write what was put off, as far as the client takes it without waiting. For its outbox."""
        if not self._unsent or self._is_stuck:
            return  # its own greenlet has it, or will have it
        try:
            sent = self._raw.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(self._unsent)  # the client went away, and who reads from it will see that
        self._unsent = self._unsent[sent:]
        if self._unsent:
            self._is_stuck = True
            self._wake()

    def send(self, data: bytes | memoryview) -> int:
        """As `socket.send`: waits until something is taken."""
        try:
            sent: int = self._raw.send(data)
        except BlockingIOError:
            sent = self._sock.send(data)
        return sent

    def close(self) -> None:
        """Write what can be written at once, and stop watching. The socket stays open."""
        self.flush()
        self._unsent = b""
        self._watcher.stop()
        self._watcher.close()

    def _wake(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self._hub.loop.run_callback(self._greenlet.switch)

    def _ready(self) -> None:
        """In the hub."""
        if self._is_waiting:
            self._greenlet.switch()
        else:  # data came while the greenlet was busy: it will look by itself
            self._watcher.stop()
            self._is_watching = False
