"""Fetching something from the web: bounded in time and size, certificates checked. Only the calling greenlet waits."""

from __future__ import annotations

import ssl
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import gevent

AGENT = "Marge"
MAX_REDIRECTS = 5
_CHUNK = 64 * 1024


class FetchError(OSError):
    """It could not be had. The text says why."""


class _Redirects(HTTPRedirectHandler):
    """Follows to http and https only, and from https to https only."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        allowed = ("https://",) if req.full_url.startswith("https://") else ("http://", "https://")
        if not newurl.startswith(allowed):
            raise FetchError(f"a redirect to {newurl[:100]} is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, max_bytes: int, timeout_s: float, trust: ssl.SSLContext | None = None) -> bytes:
    """What is at a web address.

    Args:
        timeout_s: for all of it, from the name's look-up to the last byte.
        trust: which certificates are taken; by default those that the system trusts.

    Raises:
        FetchError: there is nothing, it is too large, or it took too long.
    """
    if not url.startswith(("http://", "https://")):
        raise FetchError("only http and https addresses can be fetched")
    deadline = gevent.Timeout(timeout_s)
    try:
        with deadline:
            handlers = (_Redirects(), HTTPSHandler(context=trust or _system_trust()))
            request = Request(url, headers={"User-Agent": AGENT, "Accept": "*/*"})
            with build_opener(*handlers).open(request, timeout=timeout_s) as reply:
                data = bytearray()
                while piece := reply.read(_CHUNK):
                    data += piece
                    if len(data) > max_bytes:
                        raise FetchError(f"larger than {max_bytes // 1024} KB")
                return bytes(data)
    except gevent.Timeout as expired:
        if expired is not deadline:
            raise
        raise FetchError(f"no answer within {timeout_s:g} s") from None
    except (OSError, ValueError, HTTPException) as exc:
        if isinstance(exc, FetchError):
            raise
        raise FetchError(str(exc) or type(exc).__name__) from exc


def _system_trust() -> ssl.SSLContext:
    # Off the hub: reading the authorities takes a while.
    return gevent.get_hub().threadpool.apply(ssl.create_default_context)
