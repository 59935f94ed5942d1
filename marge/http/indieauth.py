"""Client ids and redirect addresses as HA takes them: IndieAuth, a little looser."""

from __future__ import annotations

import ssl
from html.parser import HTMLParser
from http.client import HTTPException
from types import MappingProxyType
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, build_opener

import gevent
import structlog

from marge.actors import native
from marge.auth.networks import is_local, parse_address

log = structlog.get_logger("marge.http")

NATIVE_APPS = MappingProxyType(
    {
        "https://home-assistant.io/iOS": ("homeassistant://auth-callback",),
        "https://home-assistant.io/android": (
            "homeassistant://auth-callback",
            "https://wear.googleapis.com/3p_auth/io.homeassistant.companion.android",
            "https://wear.googleapis-cn.com/3p_auth/io.homeassistant.companion.android",
        ),
    }
)
"""The companion apps' own addresses: their client id's host is not where they come back to."""

FETCH_S = 5.0
FETCHED_BYTES = 10 * 1024
MAX_LENGTH = 2_048
_UNSAFE_SCHEMES = ("javascript", "data", "vbscript", "file", "blob", "about")


def is_client_id(text: str) -> bool:
    """Whether a client id may be one: an http(s) address without user, fragment or dot segments, and of a host by name
    or in a private network."""
    if len(text) > MAX_LENGTH or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    host = parts.hostname
    return bool(
        parts.scheme in ("http", "https")
        and host
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and not any(segment in (".", "..") for segment in parts.path.split("/"))
        and (parse_address(host) is None or is_local(host))
    )


def redirect_fits(client_id: str, redirect_uri: str) -> bool:
    """Whether a code for `client_id` may be sent to `redirect_uri`: the same scheme, host and port, a known app's, or
    one that the page at `client_id` names. For the last the greenlet waits, a few seconds at most: ask this only after
    somebody has logged in."""
    try:
        ours, theirs = urlsplit(client_id), urlsplit(redirect_uri)
    except ValueError:
        return False
    if theirs.scheme.lower() in _UNSAFE_SCHEMES or not redirect_uri.isprintable() or len(redirect_uri) > MAX_LENGTH:
        return False
    if (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc) and theirs.netloc:
        return True
    if client_id in NATIVE_APPS:
        return redirect_uri in NATIVE_APPS[client_id]
    return bool(theirs.scheme) and redirect_uri in fetch_redirects(client_id)


def fetch_redirects(client_id: str) -> set[str]:
    """The redirect addresses that the page at `client_id` links to (`<link rel="redirect_uri">`); empty when it cannot
    be had in time. The network is gevent's, so only the calling greenlet waits."""
    found: set[str] = set()
    deadline = gevent.Timeout(FETCH_S)
    try:
        with deadline:
            # off the hub, since reading the authorities takes a while
            trust = HTTPSHandler(context=native.run(ssl.create_default_context))
            with build_opener(_NoRedirects, trust).open(client_id, timeout=FETCH_S) as reply:
                found = links_in(reply.read(FETCHED_BYTES).decode("utf-8", "replace"), client_id)
    except gevent.Timeout as expired:
        if expired is not deadline:
            raise
        log.warning("the page of a client was too slow", client_id=client_id)
    except (URLError, OSError, HTTPException, ValueError) as exc:
        log.warning("the page of a client cannot be had", client_id=client_id, problem=str(exc)[:200])
    return found


def links_in(page: str, base: str) -> set[str]:
    """The redirect addresses that an HTML page links to."""
    parser = _Links()
    parser.feed(page)
    return {urljoin(base, href) for href in parser.found}


class _NoRedirects(HTTPRedirectHandler):
    """A client's page stands where its id says: nobody sends us elsewhere, say into the home's own network."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        rel = (given.get("rel") or "").split()
        if tag == "link" and "redirect_uri" in rel and given.get("href"):
            self.found.append(str(given["href"]))
