"""Two things gevent's sockets do not do as the front door needs them: listening on everything, and half-closing.

Not here: what is said on a connection.
"""

from __future__ import annotations

import errno
import socket as sockets
from typing import Any

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
