"""The log-in page, where a log-in may come back to, and linking."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

import gevent
import pytest
from gevent.pywsgi import WSGIServer

from marge.http import indieauth
from marge.http.indieauth import is_client_id, links_in, redirect_fits
from marge.http.message import Reply
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer


def test_the_log_in_page_runs_only_its_own_script(server: HomeServer) -> None:
    """Open to everybody, kept by the browser as long as it is the same, and framed by nobody else."""
    reply = server.rest("GET", f"/auth/authorize?client_id={CLIENT_ID}&redirect_uri={CLIENT_ID}", token=None)
    policy = reply.headers["Content-Security-Policy"]
    script = re.search(r"<script>(.*?)</script>", reply.text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()

    assert reply.status_code == 200
    assert f"'sha256-{digest}'" in policy and "unsafe" not in policy
    assert "state" not in re.sub(r"<script>.*?</script>", "", reply.text, flags=re.DOTALL)
    again = server.rest("GET", "/auth/authorize", token=None, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_a_frontend_that_is_installed_shows_its_own_page(server: HomeServer) -> None:
    """Or leaves it to ours."""

    class Pages:
        def authorize(self, request: object) -> Reply | None:
            return Reply(200, b"theirs", "text/html")

    before = server.home.shared.get("pages")
    server.home.shared["pages"] = Pages()
    try:
        assert server.rest("GET", "/auth/authorize", token=None).text == "theirs"
    finally:
        server.home.shared["pages"] = before
        if before is None:
            del server.home.shared["pages"]


def test_passwords_are_changed_in_the_profile(server: HomeServer) -> None:
    """What password managers ask for."""
    reply = server.rest("GET", "/.well-known/change-password", token=None)

    assert (reply.status_code, reply.headers["Location"]) == (302, "/profile")


def test_a_code_links_a_log_in_with_its_own_user_only(server: HomeServer) -> None:
    """A code of somebody else is refused, and used up."""
    for user, status in (("user", 200), ("admin", 400)):
        code = server.auth.create_code(server.users[user], CLIENT_ID)
        body = {"code": code, "client_id": CLIENT_ID}
        reply = server.rest("POST", "/auth/link_user", body, token=server.user_token)
        assert reply.status_code == status
        again = server.rest("POST", "/auth/link_user", body, token=server.user_token)
        assert (again.status_code, again.json()) == (400, {"message": "Invalid code"})


@pytest.mark.parametrize(
    "client_id, good",
    [
        ("https://example.com", True), ("http://127.0.0.1:8123/", True), ("http://192.168.1.3/app", True),
        ("http://[::1]:8123/", True), ("https://home-assistant.io/iOS", True),
        ("", False), ("ftp://example.com/", False), ("https://", False), ("https://a:b@example.com/", False),
        ("https://example.com/#x", False), ("https://example.com/a/../b", False), ("https://example.com:x/", False),
        ("http://8.8.8.8/", False), ("http://[2001:db8::1]/", False), ("https://example.com/\r\nX: y", False),
        ("https://[", False), ("https://" + "x" * 3000, False),
    ],
)
def test_what_may_be_a_client(client_id: str, good: bool) -> None:
    """Addresses of hosts by name, and of machines in private networks."""
    assert is_client_id(client_id) is good


@pytest.mark.parametrize(
    "client_id, redirect, fits",
    [
        ("https://a.example/", "https://a.example/callback?x=1", True),
        ("https://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://a.example.evil.example/", False),
        ("https://a.example/", "https://a.example@evil.example/", False),
        ("https://a.example/", "//a.example/", False),
        ("https://a.example/", "javascript:alert(1)", False),
        ("https://a.example/", "JavaScript://a.example/%0aalert(1)", False),
        ("https://a.example/", "", False),
        ("https://a.example/", "https://[", False),
        ("https://home-assistant.io/iOS", "homeassistant://auth-callback", True),
        ("https://home-assistant.io/iOS", "homeassistant://elsewhere", False),
        ("https://home-assistant.io/android", "homeassistant://auth-callback", True),
    ],
)
def test_where_a_code_may_be_sent(
    client_id: str, redirect: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the client's own address, or a known app's; its page is asked about anything else."""
    monkeypatch.setattr(indieauth, "fetch_redirects", lambda _client_id: set())

    assert redirect_fits(client_id, redirect) is fits


PAGE = b"""<html><head><link rel="stylesheet" href="x.css"><link rel='redirect_uri other' href="/back">
<link rel="redirect_uri" href="myapp://done"><link rel="redirect_uri"></head>"""


def test_a_page_names_redirect_addresses() -> None:
    """Relative ones are relative to it."""
    assert links_in(PAGE.decode(), "https://a.example/app/") == {"https://a.example/back", "myapp://done"}


@contextmanager
def client_page(status: str = "200 OK", headers: tuple[tuple[str, str], ...] = (), wait: float = 0) -> Iterator[str]:
    """The page of a client, on a server of its own."""

    def application(_environ: object, start_response: object) -> list[bytes]:
        gevent.sleep(wait)
        start_response(status, [("Content-Type", "text/html"), *headers])  # type: ignore[operator]
        return [PAGE + b" " * 50_000]

    server = WSGIServer(("127.0.0.1", 0), application, log=None)
    server.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.stop()


def test_a_client_elsewhere_is_asked_where_its_codes_may_go(server: HomeServer) -> None:
    """The whole way: the flow's redirect address is another host's, and the client's page names it."""
    with client_page() as client_id:
        for redirect, status in (("myapp://done", 200), ("myapp://other", 403)):
            start = {"client_id": client_id, "handler": ["homeassistant", None], "redirect_uri": redirect}
            flow = server.rest("POST", "/auth/login_flow", start, token=None).json()["flow_id"]
            step = {"client_id": client_id, "username": "user", "password": PASSWORD}
            assert server.rest("POST", f"/auth/login_flow/{flow}", step, token=None).status_code == status


def test_a_clients_page_sends_nobody_elsewhere_and_has_little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A redirect is not followed, and a slow or missing page names nothing."""
    monkeypatch.setattr(indieauth, "FETCH_S", 60.0)
    with client_page() as real:
        assert indieauth.fetch_redirects(real)
        with client_page("302 Found", (("Location", real),)) as moved:
            assert indieauth.fetch_redirects(moved) == set()
    monkeypatch.setattr(indieauth, "FETCH_S", 0.3)
    with client_page(wait=1.0) as slow:
        assert indieauth.fetch_redirects(slow) == set()
    assert indieauth.fetch_redirects("http://127.0.0.1:9/") == set()
