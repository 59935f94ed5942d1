"""Who is really asking behind a reverse proxy; nobody passes for another address."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from marge.actors import SimulatedClock
from marge.auth import LoginGuard
from marge.http.gate import make_gate
from marge.http.message import Headers, Request

PROXIES = (ip_network("10.0.0.0/24"), ip_network("fd00::/8"))


def passed(
    remote: str, proxies: tuple = PROXIES, use: bool = True, lenient: bool = False, **headers: str
) -> Request | int:
    """The request behind the gate, or the status of its refusal."""
    named = Headers({name.replace("_", "-"): value for name, value in headers.items()})
    request = Request("GET", "/", headers=named, remote=remote)
    refusal = make_gate(LoginGuard(SimulatedClock()), use, proxies, lenient)(request)
    return request if refusal is None else refusal.status


@pytest.mark.parametrize(
    "remote, forwarded, client",
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),  # the client may write what it likes before its own
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_a_trusted_proxy_says_who_asks(remote: str, forwarded: str, client: str) -> None:
    """The nearest address that is no proxy of ours."""
    request = passed(remote, x_forwarded_for=forwarded)

    assert isinstance(request, Request) and request.remote == client


@pytest.mark.parametrize("forwarded", ["", "nonsense", "203.0.113.7, ", "203.0.113.7:80", "x" * 10_000])
def test_what_is_no_address_is_refused(forwarded: str) -> None:
    """As HA does."""
    assert passed("10.0.0.1", x_forwarded_for=forwarded) == 400


def test_nobody_else_says_who_asks() -> None:
    """Without the setting, or from an address that is no proxy of ours."""
    assert passed("192.0.2.1", x_forwarded_for="127.0.0.1") == 400
    assert passed("10.0.0.1", use=False, x_forwarded_for="127.0.0.1") == 400
    assert passed("10.0.0.1", proxies=(), x_forwarded_for="127.0.0.1") == 400
    overlooked = passed("192.0.2.1", use=False, lenient=True, x_forwarded_for="127.0.0.1")
    assert isinstance(overlooked, Request) and overlooked.remote == "192.0.2.1"
    direct = passed("192.0.2.1")
    assert isinstance(direct, Request) and direct.remote == "192.0.2.1"


def test_scheme_and_host_are_those_of_the_client() -> None:
    """One protocol for all hops, or one for each."""
    for protocols, secure in (("https", True), ("http", False), ("https, http", True), ("http, https", False)):
        request = passed("10.0.0.1", x_forwarded_for="192.0.2.7, 10.0.0.2", x_forwarded_proto=protocols)
        assert isinstance(request, Request) and request.is_secure is secure, protocols
    request = passed("10.0.0.1", x_forwarded_for="192.0.2.7", x_forwarded_host="home.example", host="inside")
    assert isinstance(request, Request) and request.headers.get("host") == "home.example"
    for odd in ("", "https, http, http"):
        assert passed("10.0.0.1", x_forwarded_for="192.0.2.7", x_forwarded_proto=odd) == 400
    assert passed("10.0.0.1", x_forwarded_for="192.0.2.7", x_forwarded_host="a, b") == 400
