"""Before anything else is looked at: who is really asking when a reverse proxy stands in between, and banned addresses.

A header that names the client is believed only from a proxy that the settings trust, so nobody can pass for another
address. Not here: tokens.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog

from marge.auth import LoginGuard
from marge.auth.networks import Network, is_in, parse_address
from marge.http.message import Reply, Request, status_reply

log = structlog.get_logger("marge.http")

_FOR, _PROTO, _HOST = "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"
MAX_HOPS = 32

Gate = Callable[[Request], "Reply | None"]


def make_gate(
    guard: LoginGuard, use_forwarded: bool, proxies: tuple[Network, ...], ignore_unexpected: bool = False
) -> Gate:
    """A function that refuses a request, or gives it its true `remote`, `is_secure` and host.

    Args:
        use_forwarded: whether reverse proxies are expected at all.
        proxies: networks of those that are believed.
        ignore_unexpected: without `use_forwarded`, overlook the header instead of refusing it.
    """

    def gate(request: Request) -> Reply | None:
        if dict.__contains__(request.headers, _FOR):
            if not use_forwarded:
                if not ignore_unexpected:
                    log.error(
                        "a reverse proxy is not expected: set `http: use_x_forwarded_for` and `trusted_proxies`",
                        remote=request.remote,
                    )
                    return status_reply(400)
            elif not _unwrap(request, proxies):
                return status_reply(400)
        if guard.has_bans and guard.is_banned(request.remote):
            return status_reply(403)
        return None

    return gate


def _unwrap(request: Request, proxies: tuple[Network, ...]) -> bool:
    """Put the true client into `request`; False: refuse it."""
    headers = request.headers
    peer = parse_address(request.remote)
    if peer is None or not is_in(peer, proxies):
        log.error("a request names another client, and does not come from a trusted proxy", remote=request.remote)
        return False
    hops = [parse_address(part) for part in str(headers.get(_FOR)).split(",")[-MAX_HOPS:]]
    if any(hop is None for hop in hops):
        log.error("a reverse proxy sent an X-Forwarded-For that is no list of addresses", remote=request.remote)
        return False
    known = [hop for hop in hops if hop is not None]
    # from the nearest hop backwards: the first that we do not trust is the client, whatever it wrote before its own
    place = next((index for index in range(len(known) - 1, -1, -1) if not is_in(known[index], proxies)), 0)
    protocols = [part.strip().lower() for part in str(headers.get(_PROTO, "")).split(",")] if _PROTO in headers else []
    if protocols and (len(protocols) not in (1, len(hops)) or not all(protocols)):
        log.error("a reverse proxy sent an X-Forwarded-Proto that does not fit", remote=request.remote)
        return False
    request.remote = str(known[place])
    if protocols:
        request.is_secure = protocols[place if len(protocols) == len(hops) else 0] == "https"
    host = str(headers.get(_HOST, "")).strip()
    if _HOST in headers:
        if not host or "," in host:
            return False
        dict.__setitem__(headers, "host", host)
    return True
