"""Bytes in, requests out: HTTP/1.1 through httptools (llhttp), without sockets and without clocks.

Not here: deadlines, replies, routing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import httptools

from marge.errors import MargeError
from marge.http.known_heads import KnownHeads
from marge.http.limits import Limits
from marge.http.message import Headers, Request

if TYPE_CHECKING:
    from marge.http.spool import Spool


# Decoding and lower-casing a name is 0.4 µs; these come with nearly every request.
_NAMES = {
    spelt.encode("ascii"): name
    for name in (
        "host", "authorization", "accept", "content-type", "content-length", "connection", "accept-encoding",
        "user-agent", "origin", "referer", "cookie", "accept-language", "cache-control", "sec-fetch-mode",
        "sec-fetch-site", "sec-fetch-dest", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
    )
    for spelt in (name, name.title())
}


class Phase(Enum):
    """How far the request being read has come."""

    IDLE = "idle"  # between requests
    HEAD = "head"
    BODY = "body"


class WireError(MargeError):
    """What came cannot be served. The connection ends after a reply with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Message(NamedTuple):
    """A complete request and what its connection does after the reply."""

    request: Request
    keep_alive: bool
    http10: bool
    upgrade: bool  # the client wants another protocol; nothing after this request has been parsed


class RequestParser:
    """Parses one connection. After each `feed` look at `messages` first, then at `error`.

    Attributes:
        messages: complete requests, oldest first. The caller takes them out.
        error: the stream is unusable from here on; feed nothing more.
        phase, begun: how far the request being read is, and how many have begun. Together they tell deadlines apart.
        expects_continue: the client waits for "100 Continue" before it sends the body. The caller resets it.
        rest: what came behind a request with `upgrade`.
        spool: where the body being read goes, when it is a large one. The caller flushes it.
    """

    def __init__(
        self,
        limits: Limits,
        remote: str = "",
        is_secure: bool = False,
        spool_for: Callable[[Request, int], Spool | None] | None = None,
    ) -> None:
        """Args: spool_for: asked with the head and the length of a body above the limit; None: it is refused."""
        self._limits = limits
        self._max_head, self._max_headers = limits.max_head, limits.max_headers
        self._spool_for = spool_for
        self.spool: Spool | None = None
        self._remote = remote
        self._is_secure = is_secure
        self._parser: Any = httptools.HttpRequestParser(self)
        self._known = KnownHeads(limits.max_url)
        self.messages: deque[Message] = deque()
        self.error: WireError | None = None
        self.phase = Phase.IDLE
        self.begun = 0
        self.expects_continue = False
        self.rest = b""
        self._url = b""
        self._headers = Headers()
        self._header_lines = 0
        self._head_bytes = 0
        self._method = ""
        self._http10 = False
        self._body: bytes | bytearray = b""

    def close(self) -> None:
        """Nothing will be fed any more. Lets go of what refers back to it: every connection would be a cycle for the
        garbage collector, which comes seldom."""
        self._parser = self._spool_for = None

    def feed(self, data: bytes) -> None:
        """Parse what came. Never raises: see `error`."""
        begun, is_new = self.begun, self.phase is Phase.IDLE
        if is_new and self._feed_known(data):
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as exc:
            self.rest = data[exc.args[0] :]
        except httptools.HttpParserError as exc:
            cause = exc.__context__
            self.error = cause if isinstance(cause, WireError) else WireError(400)
            return
        if self.phase is Phase.HEAD and self.begun == begun:
            # A name or value that never ends is collected inside httptools, where no callback sees its size.
            self._head_bytes += len(data)
            if self._head_bytes > 2 * self._limits.max_head + self._limits.max_url:
                self.error = WireError(431)
        elif is_new and self.begun == begun + 1 and self.phase is Phase.IDLE:
            message = self.messages[-1]
            if message.keep_alive and not message.http10 and not message.upgrade and message.request.spool is None:
                self._known.learn(data, message.request.headers, len(message.request.body))

    def _feed_known(self, data: bytes) -> bool:
        """Whether `data` was a whole request whose headers have come before."""
        known = self._known.read(data)
        if known is None:
            return False
        self.begun += 1
        path, query = split_target(known.target)
        request = Request(
            known.method, path, query_string=query, headers=known.headers, body=known.body, remote=self._remote,
            is_secure=self._is_secure,
        )  # fmt: skip
        self.messages.append(Message(request, True, False, False))
        return True

    # Called by httptools. An exception stops the parser and comes back from feed_data.

    def on_message_begin(self) -> None:
        self.begun += 1
        self.phase = Phase.HEAD
        self._url = b""
        self._headers = Headers()
        self._header_lines = self._head_bytes = 0
        self._body = b""

    def on_url(self, url: bytes) -> None:
        self._url = self._url + url if self._url else url
        if len(self._url) > self._limits.max_url:
            raise WireError(414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.phase is not Phase.HEAD:
            return  # trailers of a chunked body: nobody here wants them, and they must not change a header
        self._head_bytes += len(name) + len(value)
        self._header_lines += 1
        if self._head_bytes > self._max_head or self._header_lines > self._max_headers:
            raise WireError(431)
        key = _NAMES.get(name) or name.decode("latin-1").lower()
        text = value.decode("latin-1")
        if self._headers.setdefault(key, text) is not text:
            self._headers.add(key, text)

    def on_headers_complete(self) -> None:
        self.phase = Phase.BODY
        parser = self._parser
        method: bytes = parser.get_method()
        self._method = method.decode("ascii")
        self._http10 = parser.get_http_version() == "1.0"
        length = dict.get(self._headers, "content-length")
        if length is not None and int(length) > self._limits.max_body:
            self.spool = None if self._spool_for is None else self._spool_for(self._request(), int(length))
            if self.spool is None:
                raise WireError(413)
        expect = dict.get(self._headers, "expect")
        if expect is not None:
            if expect.lower() != "100-continue":
                raise WireError(417)
            self.expects_continue = not self._http10
        if parser.should_upgrade() and (length not in (None, "0") or "transfer-encoding" in self._headers):
            raise WireError(400)  # llhttp would take the body for the other protocol's first bytes

    def on_body(self, data: bytes) -> None:
        self.expects_continue = False
        if self.spool is not None:
            self.spool.add(data)  # llhttp gives no more than was announced
            return
        if not self._body:
            self._body = data
        else:
            if isinstance(self._body, bytes):
                self._body = bytearray(self._body)
            self._body += data
        if len(self._body) > self._limits.max_body:
            raise WireError(413)

    def on_message_complete(self) -> None:
        self.phase = Phase.IDLE
        self.expects_continue = False
        request = self._request()
        request.body = self._body if isinstance(self._body, bytes) else bytes(self._body)
        request.spool, self.spool = self.spool, None
        parser = self._parser
        self._body = b""
        self.messages.append(
            Message(request, parser.should_keep_alive(), self._http10, parser.should_upgrade())
        )

    def _request(self) -> Request:
        path, query = split_target(self._url)
        return Request(
            self._method,
            path,
            query_string=query,
            headers=self._headers,
            remote=self._remote,
            is_secure=self._is_secure,
        )


def split_target(target: bytes) -> tuple[str, str]:
    """Percent-decoded path and raw query of a request target; "http://host/path" (RFC 9112 section 3.2.2) too."""
    if not target.startswith(b"/"):
        scheme, separator, rest = target.partition(b"://")
        if separator and scheme:
            target = b"/" + rest.partition(b"/")[2]
    raw, _, query = target.partition(b"?")
    path = raw.decode("utf-8", "replace")
    if "%" in path:
        path = unquote(path, errors="replace")
    return path, query.decode("latin-1")
