"""What gevent's sockets do not do as the front door needs it: listen on everything, half-close, wait cheaply.

Not here: what is said on a connection.
"""

from __future__ import annotations

import errno
import socket as sockets
from typing import Any

import gevent
from gevent.socket import socket as gevent_socket


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


class Channel:
    """`recv` and `send` of a plain connection, for the one greenlet that made it.

    gevent's `recv` first tries in vain, then starts and stops a watcher: two system calls more a request than a watcher
    that stays. 20 µs of CPU a request become 17 (`loadtests/bench_http.py`). TLS sockets cannot be read so, since
    OpenSSL may hold data that the system does not know of.
    """

    __slots__ = ("_sock", "_raw", "_hub", "_greenlet", "_watcher", "_is_waiting", "_is_watching")

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._raw = sock._sock
        self._hub = gevent.get_hub()
        self._greenlet = gevent.getcurrent()
        self._watcher = self._hub.loop.io(sock.fileno(), 1)
        self._is_waiting = False
        self._is_watching = False

    def recv(self, size: int) -> bytes:
        """Wait for data; b"" at the end of the stream."""
        while True:
            if not self._is_watching:
                self._is_watching = True
                self._watcher.start(self._ready)
            self._is_waiting = True
            try:
                self._hub.switch()
            finally:
                self._is_waiting = False
            try:
                data: bytes = self._raw.recv(size)
            except BlockingIOError:
                continue  # woken for nothing
            return data

    def send(self, data: bytes | memoryview) -> int:
        """As `socket.send`: waits until something is taken."""
        try:
            sent: int = self._raw.send(data)
        except BlockingIOError:
            sent = self._sock.send(data)
        return sent

    def close(self) -> None:
        """Stop watching. The socket stays open."""
        self._watcher.stop()
        self._watcher.close()

    def _ready(self) -> None:
        """In the hub."""
        if self._is_waiting:
            self._greenlet.switch()
        else:  # data came while the greenlet was busy: it will look by itself
            self._watcher.stop()
            self._is_watching = False
