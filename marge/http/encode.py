"""Replies as bytes for the wire.

Not here: sending them, and what is in them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import quote

from marge.http.message import Reply

SECURITY_HEADERS = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Server", ""),
    ("X-Frame-Options", "SAMEORIGIN"),
)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
_MAX_PREFIXES = 256  # status and content type pairs; there are about twenty


def status_line(status: int) -> str:
    """`404 Not Found`; a number nobody registered has no phrase."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} "


def has_body(status: int) -> bool:
    """Whether a reply with this status has a body (RFC 9110 section 6.4.1)."""
    return status >= 200 and status not in (204, 304)


def reply_headers(reply: Reply) -> list[tuple[str, str]]:
    """All headers of a reply but those that belong to its length and to the connection."""
    headers = list(SECURITY_HEADERS)
    if reply.content_type is not None:
        headers.insert(0, ("Content-Type", reply.content_type))
    headers += reply.headers.items()
    return headers


def header_value(value: str) -> str:
    """`value` as it may stand in a header.

    Control characters are taken out (a line break would begin a header of the client's choice); what is not ASCII is
    percent-encoded, which is right for Location and harmless elsewhere.
    """
    if value.isascii() and value.isprintable():
        return value
    return quote(_CONTROL.sub("", value).encode("utf-8", "replace"), safe=_PRINTABLE)


def header_bytes(headers: Iterable[tuple[str, str]]) -> bytes:
    """Header lines, each with its line break."""
    return "".join([f"{name}: {header_value(value)}\r\n" for name, value in headers]).encode("latin-1")


class Encoder:
    """Makes replies. One for a server: it remembers the beginnings that most replies share."""

    def __init__(self) -> None:
        self._prefixes: dict[tuple[int, str | None], bytes] = {}
        self._second = 0
        self._date = b""

    def encode(self, reply: Reply, keep_alive: bool, http10: bool = False, head: bool = False) -> bytes:
        """The whole of a reply without `stream`, in one piece so that it is sent at once."""
        status, body, content_type, headers, _ = reply
        prefix = self._prefixes.get((status, content_type))
        if prefix is None:
            prefix = self._prefix(status, content_type)
        more = header_bytes(headers.items()) if headers else b""
        if keep_alive:
            connection = b"Connection: keep-alive\r\n" if http10 else b""
        else:
            connection = b"" if b"onnection: close" in more else b"Connection: close\r\n"
        if not has_body(status):
            return b"%b%b%b%b\r\n" % (prefix, self._date_line(), more, connection)
        return b"%b%b%b%bContent-Length: %d\r\n\r\n%b" % (
            prefix,
            self._date_line(),
            more,
            connection,
            len(body),
            b"" if head else body,
        )

    def head(self, status: str, headers: Iterable[tuple[str, str]]) -> bytes:
        """Status line and headers of a reply whose body is sent by the caller."""
        return b"HTTP/1.1 %b\r\n%b%b\r\n" % (status.encode("latin-1"), self._date_line(), header_bytes(headers))

    def _prefix(self, status: int, content_type: str | None) -> bytes:
        lines = header_bytes(reply_headers(Reply(status, b"", content_type)))
        prefix = b"HTTP/1.1 %b\r\n%b" % (status_line(status).encode("ascii"), lines)
        if len(self._prefixes) < _MAX_PREFIXES:
            self._prefixes[status, content_type] = prefix
        return prefix

    def _date_line(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._date = b"Date: %b\r\n" % formatdate(second, usegmt=True).encode("ascii")
        return self._date
