"""Pages that come with Marge: one file each, without a build, under a policy that allows only what stands in them."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from marge.http.message import Reply, Request

_TYPE = "text/html; charset=utf-8"
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


class Page(NamedTuple):
    """A page's bytes and the headers that belong to them."""

    body: bytes
    headers: dict[str, str]


def page_reply(name: str, request: Request, content_type: str = _TYPE) -> Reply:
    """The page of that file; 304 when the client has it already."""
    page = _page(name)
    known = str(request.headers.get("if-none-match", "")).replace("W/", "")
    if page.headers["ETag"] in (tag.strip() for tag in known.split(",")):
        return Reply(304, headers=page.headers)
    return Reply(200, page.body, content_type, page.headers)


@lru_cache(maxsize=8)
def _page(name: str) -> Page:
    """Read once. Blocks for a small file."""
    body = files("marge.http.static").joinpath(name).read_bytes()
    hashes: dict[bytes, list[str]] = {b"script": [], b"style": []}
    for kind, text in _INLINE.findall(body):
        hashes[kind].append(f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'")
    policy = (
        "default-src 'none'; connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self'; script-src {' '.join(hashes[b'script'])}; style-src {' '.join(hashes[b'style'])}"
    )
    return Page(
        body,
        {
            "Cache-Control": "no-cache",  # kept, and asked for each time whether it is still the same
            "Content-Security-Policy": policy,
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        },
    )
