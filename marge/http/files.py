"""Files below one folder as replies: types, caching, compressed twins, and never anything outside the folder."""

from __future__ import annotations

import mimetypes
import os
from pathlib import Path
from typing import NamedTuple

from marge.actors import native
from marge.http.message import Reply, Request, status_reply

MAX_FILE_BYTES = 64 << 20
"""Read whole: pages, scripts, pictures and fonts are small."""
_TWINS = (("br", ".br"), ("gzip", ".gz"))
_UNKNOWN = "application/octet-stream"
_OWN_TYPES = {".js": "text/javascript", ".map": "application/json", ".webmanifest": "application/manifest+json"}


class _Found(NamedTuple):
    body: bytes
    etag: str
    encoding: str | None


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


def file_reply(request: Request, root: Path, relative: str, cache: str = "no-cache", twins: bool = False) -> Reply:
    """The file as a reply; 304 when the client has it, 404 when there is none. Read in a native thread.

    Args:
        cache: the Cache-Control header; "" for none.
        twins: whether a compressed twin (`name.br`, `name.gz`) may lie beside each file.
    """
    accepted = str(request.headers.get("accept-encoding", "")) if twins else ""
    known = str(request.headers.get("if-none-match", ""))
    found = native.run(_read, root, relative, accepted)
    if found is None:
        return status_reply(404)
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


def _read(root: Path, relative: str, accepted: str) -> _Found | None:
    path = inside(root, relative)
    if path is None:
        return None
    encoding = None
    for name, suffix in _TWINS:
        if name in accepted and (twin := inside(root, relative + suffix)) is not None:
            path, encoding = twin, name
            break
    try:
        facts = path.stat()
        if facts.st_size > MAX_FILE_BYTES:
            return None
        return _Found(path.read_bytes(), f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', encoding)
    except OSError:  # gone or unreadable since a moment
        return None
