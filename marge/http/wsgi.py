"""Between our values and WSGI, both ways: environ from `Request`, `Request` from environ, running an application.

Not here: Flask, sockets.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from marge.http.message import Headers, Request

WSGIApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

REQUEST_KEY = "marge.request"  # the Request an environ was made from
UPGRADE_KEY = "marge.upgrade"  # the Upgrade through which a WebSocket takes the connection over


class Upgrade:
    """A connection that asked for another protocol, offered to whoever handles the request.

    Attributes:
        sock: the connection's socket.
        rest: bytes that came behind the request.
        taken: set by who takes the socket over; the server then sends no reply.
    """

    __slots__ = ("sock", "rest", "taken")

    def __init__(self, sock: Any, rest: bytes = b"") -> None:
        self.sock = sock
        self.rest = rest
        self.taken = False


def make_environ(request: Request, *, port: int, http10: bool = False) -> dict[str, Any]:
    """A WSGI environ (PEP 3333) for `request`, which is in it under `REQUEST_KEY`."""
    headers = request.headers
    host = headers.get("host", "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": request.query_string,
        "SERVER_NAME": host.partition(":")[0] or "localhost",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.0" if http10 else "HTTP/1.1",
        "REMOTE_ADDR": request.remote,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if request.is_secure else "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,  # greenlets: several requests run at once
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        REQUEST_KEY: request,
    }
    for name, value in headers.items():
        if name == "content-type":
            environ["CONTENT_TYPE"] = value
        elif name not in ("content-length", "transfer-encoding") and "_" not in name:
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


def request_of(environ: dict[str, Any]) -> Request:
    """The request an environ stands for. Reads the body, so once only unless our server made the environ."""
    made: Request | None = environ.get(REQUEST_KEY)
    if made is not None:
        return made
    headers = Headers()
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            headers.add(key[5:].replace("_", "-").lower(), value)
    for key, name in (("CONTENT_TYPE", "content-type"), ("CONTENT_LENGTH", "content-length")):
        if environ.get(key):
            headers.add(name, environ[key])
    request = Request(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
        query_string=environ.get("QUERY_STRING", ""),
        headers=headers,
        body=b"" if UPGRADE_KEY in environ else environ["wsgi.input"].read(),
        remote=environ.get("REMOTE_ADDR", ""),
        is_secure=environ.get("wsgi.url_scheme") == "https",
    )
    environ[REQUEST_KEY] = request
    return request


class WsgiReply(NamedTuple):
    """What an application answered: "200 OK", headers, and the body's pieces, none of them empty."""

    status: str
    headers: list[tuple[str, str]]
    chunks: Iterator[bytes]
    close: Callable[[], None]


def run(app: WSGIApp, environ: dict[str, Any]) -> WsgiReply | None:
    """Call an application up to its first piece of body. None: it answered nothing, since it took the connection.

    What the application raises comes out. The caller calls `close` when it is done with `chunks`.
    """
    state: list[Any] = [None, []]
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        state[0], state[1] = status, headers
        return written.append

    result = app(environ, start_response)
    close = getattr(result, "close", _nothing)
    try:
        iterator = (chunk for chunk in result if chunk)
        first = next(iterator, b"")  # a generator calls start_response only when it is asked
    except BaseException:
        close()
        raise
    if state[0] is None:
        close()
        return None

    def chunks() -> Iterator[bytes]:
        yield from written
        if first:
            yield first
        yield from iterator

    return WsgiReply(state[0], state[1], chunks(), close)


def _nothing() -> None:
    """Stands for the missing `close` of a plain list."""
