"""Files below one folder as replies: types, caching, compressed twins, and never anything outside the folder."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from marge.actors import native
from marge.http.message import Reply, Request, status_reply

MAX_FILE_BYTES = 64 << 20
"""Read whole: pages, scripts, pictures and fonts are small."""
MOST_KEPT_BYTES = 2 << 20
"""The whole interface in its smallest form; a visit of its home page takes a sixth of it."""
_TWINS = (("br", ".br"), ("gzip", ".gz"))
_ENCODINGS = {suffix: name for name, suffix in _TWINS}
_UNKNOWN = "application/octet-stream"
_OWN_TYPES = {".js": "text/javascript", ".map": "application/json", ".webmanifest": "application/manifest+json"}


class _Found(NamedTuple):
    body: bytes
    etag: str
    encoding: str | None


class Kept:
    """What files were read, in memory: the ones asked for last, `most_bytes` of them at the most. Only for files whose
    names change with what is in them."""

    def __init__(self, most_bytes: int = MOST_KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._found: dict[tuple[str, ...], _Found] = {}
        self.bytes = 0

    def get(self, key: tuple[str, ...]) -> _Found | None:
        found = self._found.pop(key, None)
        if found is not None:
            self._found[key] = found  # the last one now
        return found

    def put(self, key: tuple[str, ...], found: _Found) -> None:
        if len(found.body) > self._most_bytes // 4 or key in self._found:  # one file must not push out all others
            return
        self._found[key] = found
        self.bytes += len(found.body)
        while self.bytes > self._most_bytes:
            self.bytes -= len(self._found.pop(next(iter(self._found))).body)


def inside(root: Path, relative: str) -> Path | None:
    """The file `relative` below `root`, links resolved; None when there is none there. Blocks for a moment."""
    parts = relative.split("/")
    if any(part in ("", ".", "..") or "\0" in part or "\\" in part for part in parts):
        return None
    real_root = os.path.realpath(root)
    found = os.path.realpath(os.path.join(real_root, *parts))
    if not found.startswith(real_root + os.sep) or not os.path.isfile(found):
        return None
    return Path(found)


def file_reply(request: Request, root: Path, relative: str, cache: str = "no-cache", twins: bool = False,
               kept: Kept | None = None) -> Reply:  # fmt: skip
    """The file as a reply; 304 when the client has it, 404 when there is none. Read in a native thread.

    Args:
        cache: the Cache-Control header; "" for none.
        twins: whether a compressed twin (`name.br`, `name.gz`) may lie beside each file.
        kept: looked in first, and given what was read.
    """
    accepted = str(request.headers.get("accept-encoding", "")) if twins else ""
    known = str(request.headers.get("if-none-match", ""))
    suffixes = tuple(suffix for name, suffix in _TWINS if name in accepted)
    found = None if kept is None else kept.get((relative, *suffixes))
    if found is None:
        found = native.run(_read, root, relative, suffixes)
        if found is None:
            return status_reply(404)
        if kept is not None:
            kept.put((relative, *suffixes), found)
    headers = {"ETag": found.etag}
    if cache:
        headers["Cache-Control"] = cache
    if twins:
        headers["Vary"] = "Accept-Encoding"
    if found.encoding is not None:
        headers["Content-Encoding"] = found.encoding
    if found.etag in (each.strip().removeprefix("W/") for each in known.split(",")):
        return Reply(304, headers=headers)
    return Reply(200, found.body, content_type(relative), headers)


def content_type(name: str) -> str:
    """The media type of a file by its name."""
    suffix = os.path.splitext(name)[1].lower()
    return _OWN_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or _UNKNOWN


def _read(root: Path, relative: str, suffixes: Sequence[str]) -> _Found | None:
    path = inside(root, relative)
    if path is None:
        return None
    encoding = None
    for suffix in suffixes:
        if (twin := inside(root, relative + suffix)) is not None:
            path, encoding = twin, _ENCODINGS[suffix]
            break
    try:
        facts = path.stat()
        if facts.st_size > MAX_FILE_BYTES:
            return None
        return _Found(path.read_bytes(), f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', encoding)
    except OSError:  # gone or unreadable since a moment
        return None
