"""Heads that come again. A client sends the same headers with each request: what llhttp has read and found good once is
not read again. Of such a request only its first line is new, and that has to be of the plainest kind.

For one connection, so nobody's headers are another's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from marge.http.message import Headers

_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE|HEAD) (/[A-Za-z0-9_./~%?&=:,+@-]*) HTTP/1\.1")
_KEPT = 8
_MAX_HEAD = 2_048
_END = b"\r\n\r\n"
# Those with which there is more to a request than its head and as many bytes as that says.
_ODD = frozenset(("transfer-encoding", "expect", "upgrade", "trailer"))


class KnownRequest(NamedTuple):
    """A request read without llhttp. It is of HTTP/1.1, and the connection goes on."""

    method: str
    target: bytes
    headers: Headers
    body: bytes


class KnownHeads:
    """The last few header blocks of a connection, with what llhttp made of them."""

    __slots__ = ("_heads", "_max_url")

    def __init__(self, max_url: int) -> None:
        self._heads: dict[bytes, tuple[Headers, int]] = {}
        self._max_url = max_url

    def read(self, data: bytes) -> KnownRequest | None:
        """`data`, which begins a request, if it is just one whole request whose headers are known."""
        line_end = data.find(b"\r\n")
        head_end = data.find(_END, line_end)
        if head_end < 0:
            return None
        known = self._heads.get(data[line_end:head_end])
        if known is None or len(data) != head_end + 4 + known[1]:
            return None
        line = _LINE.fullmatch(data, 0, line_end)
        if line is None or len(line[2]) > self._max_url:
            return None
        return KnownRequest(line[1].decode(), line[2], Headers(known[0]), data[head_end + 4 :])

    def learn(self, data: bytes, headers: Headers, body_size: int) -> None:
        """`data` was one whole request, of HTTP/1.1 and without an upgrade, and these are its headers."""
        line_end = data.find(b"\r\n")
        head_end = data.find(_END, line_end)
        if line_end < 0 or head_end < 0 or head_end > _MAX_HEAD or len(data) != head_end + 4 + body_size:
            return
        length = dict.get(headers, "content-length", "0")
        if not length.isdecimal() or int(length) != body_size or not _ODD.isdisjoint(headers):
            return
        if dict.get(headers, "connection", "keep-alive").lower() != "keep-alive":
            return
        if len(self._heads) >= _KEPT:
            self._heads.clear()
        self._heads[data[line_end:head_end]] = Headers(headers), body_size
