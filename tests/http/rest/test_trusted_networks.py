"""Networks that need no password, users of the home's own network, reverse proxies and banned addresses: whole ways."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import websocket

from marge.auth import ADMIN
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant:
  auth_providers:
    - type: homeassistant
    - type: trusted_networks
      trusted_networks: [192.168.7.0/24, "fd00:7::/64"]
      trusted_users:
        192.168.7.128/25: {group: system-admin}
      allow_bypass_login: true
http:
  use_x_forwarded_for: true
  trusted_proxies: [127.0.0.1, "::1"]
  login_attempts_threshold: 4
"""
START = {"client_id": CLIENT_ID, "handler": ["trusted_networks", None], "redirect_uri": CLIENT_ID}


@pytest.fixture(scope="module")
def proxied() -> Iterator[HomeServer]:
    """A home behind a reverse proxy, which is this test."""
    with home_server(CONFIGURATION) as running:
        yield running


def ask(server: HomeServer, remote: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
    more.setdefault("token", None)
    return server.rest(method, path, body, headers={"X-Forwarded-For": remote}, **more)


def greeting(server: HomeServer, remote: str, token: str) -> str:
    """What a WebSocket from there is told."""
    client = websocket.create_connection(
        f"ws://127.0.0.1:{server.port}/api/websocket", timeout=20, header=[f"X-Forwarded-For: {remote}"]
    )
    with closing(client):
        client.recv()
        client.send(json.dumps({"type": "auth", "access_token": token}))
        return str(json.loads(client.recv())["type"])


def test_only_a_trusted_network_is_offered_the_log_in_without_a_password(proxied: HomeServer) -> None:
    """Others do not even see it, and cannot begin it."""
    for remote, kinds in (("192.168.7.3", ["homeassistant", "trusted_networks"]), ("192.168.8.3", ["homeassistant"])):
        known = ask(proxied, remote, "GET", "/auth/providers").json()["providers"]
        assert [each["type"] for each in known] == kinds
    assert ask(proxied, "192.168.8.3", "POST", "/auth/login_flow", START).json()["reason"] == "not_allowed"
    assert ask(proxied, "203.0.113.7", "GET", "/auth/providers").json()["preselect_remember_me"] is False


def test_somebody_of_a_trusted_network_says_who_they_are(proxied: HomeServer) -> None:
    """One of the people of the home; the tokens work from there only."""
    form = ask(proxied, "192.168.7.3", "POST", "/auth/login_flow", START).json()
    field = form["data_schema"][0]
    assert (field["type"], field["name"]) == ("select", "user")
    assert [name for _id, name in field["options"]] == ["Admin", "User", "Reader"]
    path = f"/auth/login_flow/{form['flow_id']}"
    nobody = ask(proxied, "192.168.7.3", "POST", path, {"client_id": CLIENT_ID, "user": "nobody"})
    assert (nobody.status_code, nobody.json()) == (400, {"message": "User input malformed"})
    chosen = {"client_id": CLIENT_ID, "user": proxied.users["user"].id}
    done = ask(proxied, "192.168.7.3", "POST", path, chosen).json()
    fields = {"grant_type": "authorization_code", "code": done["result"], "client_id": CLIENT_ID}
    tokens = ask(proxied, "192.168.7.3", "POST", "/auth/token", data=fields).json()
    assert tokens["ha_auth_provider"] == "trusted_networks"
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT_ID}
    assert ask(proxied, "192.168.7.4", "POST", "/auth/token", data=again).status_code == 200
    away = ask(proxied, "203.0.113.7", "POST", "/auth/token", data=again)
    assert (away.status_code, away.json()["error"]) == (403, "access_denied")
    with proxied.websocket(tokens["access_token"]) as client:
        assert client.command("auth/current_user")["result"]["credentials"] == [
            {"auth_provider_type": "homeassistant", "auth_provider_id": None},
            {"auth_provider_type": "trusted_networks", "auth_provider_id": None},
        ]


def test_where_only_one_may_come_in_nothing_is_asked(proxied: HomeServer) -> None:
    """With `allow_bypass_login`."""
    done = ask(proxied, "192.168.7.200", "POST", "/auth/login_flow", START).json()
    assert done["type"] == "create_entry"
    user = proxied.auth.take_code(done["result"], CLIENT_ID)

    assert user is not None and ADMIN in user.groups


def test_a_user_of_the_homes_network_is_nobody_elsewhere(proxied: HomeServer) -> None:
    """Neither the password nor a token that was made at home."""
    user = proxied.auth.create_user("Local", "local", PASSWORD)
    proxied.auth.update_user(user, local_only=True)
    token = proxied.auth.create_long_lived(user, "one")[0]
    start = START | {"handler": ["homeassistant", None]}
    for remote, status in (("10.0.0.3", 200), ("203.0.113.50", 403)):
        flow = ask(proxied, remote, "POST", "/auth/login_flow", start).json()["flow_id"]
        step = {"client_id": CLIENT_ID, "username": "local", "password": PASSWORD}
        reply = ask(proxied, remote, "POST", f"/auth/login_flow/{flow}", step)
        assert reply.status_code == status
    assert reply.json() == {"message": "Login blocked: User cannot authenticate remotely"}
    for remote, status in (("10.0.0.3", 200), ("203.0.113.50", 401), ("10.0.0.3", 200)):
        assert ask(proxied, remote, "GET", "/api/", token=token).status_code == status
        assert greeting(proxied, remote, token) == ("auth_ok" if status == 200 else "auth_invalid")


def test_an_address_that_guesses_is_shut_out_for_good_and_people_are_told(proxied: HomeServer) -> None:
    """Whatever it asks for; others go on. It counts as wrong what a password is and what a token is."""
    remote = "198.51.100.9"
    for _ in range(9):  # what is anybody's is no attempt to get in
        assert ask(proxied, remote, "GET", "/api/health", token="nonsense").status_code == 200
    for _ in range(2):
        assert ask(proxied, remote, "GET", "/api/", token="nonsense").status_code == 401
        login = {"username": "admin", "password": "wrong"}
        ask(proxied, remote, "POST", "/api/auth/login", login)
    for method, path in (("GET", "/"), ("GET", "/api/health"), ("GET", "/nope"), ("POST", "/auth/login_flow")):
        reply = ask(proxied, remote, method, path)
        assert (reply.status_code, reply.text) == (403, "403: Forbidden")
    assert ask(proxied, "198.51.100.10", "GET", "/api/health").status_code == 200
    file = proxied.home.config.config_dir / "ip_bans.yaml"
    until(lambda: file.exists() and remote in file.read_text(), what="the ban is kept")
    notifications = proxied.home.shared["persistent_notification"]
    until(lambda: {"http-login", "ip-ban"} <= {each.notification_id for each in notifications.all()}, what="it is told")
