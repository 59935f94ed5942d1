"""Files as replies: pieces of them, and whether the client has them already (RFC 9110 sections 13 and 14).

Not here: which files may be read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

from marge.actors import native
from marge.http.message import Reply, Request, status_reply

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def file_reply(
    request: Request, path: Path, content_type: str, headers: Mapping[str, str] | None = None
) -> Reply:
    """The file, or the piece of it that the request asks for. Waits for the disk, off the hub; 404 when it is gone."""
    opened = native.run(_open, path)
    if opened is None:
        return status_reply(404)
    file, size, changed_at = opened
    tag = f'"{int(changed_at * 1e9):x}-{size:x}"'
    shown = {
        **(headers or {}), "Etag": tag, "Last-Modified": formatdate(changed_at, usegmt=True), "Accept-Ranges": "bytes",
    }  # fmt: skip
    if _has_it(request, tag, changed_at):
        native.run(file.close)
        return Reply(304, headers=shown)
    piece = _wanted(request, size, tag, changed_at)
    if piece is None:
        native.run(file.close)
        return Reply(416, headers={**shown, "Content-Range": f"bytes */{size}"})
    start, end = piece
    status = 200
    if (start, end) != (0, size):
        status = 206
        shown["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    shown["Content-Length"] = str(end - start)
    return Reply(status, b"", content_type, shown, _Pieces(file, start, end))


def _open(path: Path) -> tuple[BinaryIO, int, float] | None:
    """The file, its size, and when it changed; None: it cannot be read."""
    try:
        file = path.open("rb")
    except OSError:
        return None
    about = os.fstat(file.fileno())
    return file, about.st_size, about.st_mtime


def _has_it(request: Request, tag: str, changed_at: float) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or tag in [each.strip().removeprefix("W/") for each in known.split(",")]
    since = _epoch(request.headers.get("if-modified-since"))
    return since is not None and int(changed_at) <= since


def _wanted(request: Request, size: int, tag: str, changed_at: float) -> tuple[int, int] | None:
    """First byte, and the one after the last; None: there is nothing of that. Several pieces at once get the whole."""
    text = request.headers.get("range")
    match = None if text is None else _RANGE.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return 0, size
    condition = request.headers.get("if-range")
    if condition is not None and condition.strip() != tag and _epoch(condition) != int(changed_at):
        return 0, size
    first, last = match.groups()
    if len(first) > 18 or len(last) > 18:
        return None
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), size if not last else min(int(last) + 1, size)
    return (start, end) if start < end else None


def _epoch(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(parsedate_to_datetime(text).timestamp())
    except (TypeError, ValueError, OverflowError):
        return None


class _Pieces:
    """The bytes from `start` to `end`, a piece at a time, read off the hub. `close` is the server's to call."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._start, self._left = file, start, end - start

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._left <= 0:
            self.close()
            raise StopIteration
        piece: bytes = native.run(self._read)
        if not piece:  # the file has become shorter: the server ends the connection, since its length was promised
            self.close()
            raise StopIteration
        self._left -= len(piece)
        return piece

    def _read(self) -> bytes:
        self._file.seek(self._start)
        piece = self._file.read(min(PIECE, self._left))
        self._start += len(piece)
        return piece

    def close(self) -> None:
        self._file.close()
