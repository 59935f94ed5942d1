"""Who may what over REST: nobody, a reader, a user, an administrator."""

from __future__ import annotations

import pytest

from tests.support.home import HomeServer

READING = [
    "/api/", "/api/config", "/api/states", "/api/services", "/api/events", "/api/components", "/api/notifications",
]  # fmt: skip
CONTROLLING = ["/api/services/input_boolean/toggle", "/api/notifications/dismiss_all"]
RULING = [
    ("POST", "/api/states/sensor.x"), ("DELETE", "/api/states/sensor.x"), ("POST", "/api/events/x"),
    ("POST", "/api/template"), ("GET", "/api/error_log"), ("POST", "/api/config/core/check_config"),
    ("GET", "/api/actors"), ("POST", "/api/actors/recorder/kill"), ("GET", "/api/dead_letters"),
    ("GET", "/api/users"), ("POST", "/api/users"), ("POST", "/api/sim/time"),
    ("POST", "/api/services/homeassistant/stop"),
]  # fmt: skip


@pytest.mark.parametrize("path", READING)
def test_everybody_with_a_log_in_may_read(server: HomeServer, path: str) -> None:
    """A reader's token reads what a user's does; without one there is nothing to see."""
    for token in (server.reader_token, server.user_token, server.admin_token):
        assert server.rest("GET", path, token=token).status_code == 200
    reply = server.rest("GET", path, token=None)
    assert (reply.status_code, reply.text) == (401, "401: Unauthorized")


@pytest.mark.parametrize("path", CONTROLLING)
def test_readers_change_nothing(server: HomeServer, path: str) -> None:
    """Calling services and dismissing notifications takes more than looking."""
    body = {"entity_id": "input_boolean.guest"}
    before = server.rest("GET", "/api/states/input_boolean.guest").json()

    assert server.rest("POST", path, body, token=server.reader_token).status_code == 401
    assert server.rest("GET", "/api/states/input_boolean.guest").json() == before
    assert server.rest("POST", path, body, token=server.user_token).status_code == 200


@pytest.mark.parametrize("method, path", RULING)
def test_ruling_is_for_administrators(server: HomeServer, method: str, path: str) -> None:
    """Neither readers nor users write states, fire events, render templates or look into the machine room."""
    for token in (None, "nope", server.reader_token, server.user_token):
        reply = server.rest(method, path, {"state": "1"}, token=token)
        assert (reply.status_code, reply.text) == (401, "401: Unauthorized")


def test_users_manage_their_own_tokens_only(server: HomeServer) -> None:
    """A user sees and revokes tokens of their own; an administrator's are not theirs to touch."""
    made = server.rest("POST", "/api/auth/tokens", {"name": "mine"}, token=server.user_token).json()
    shown = server.rest("GET", "/api/auth/tokens", token=server.user_token).json()
    admins = server.rest("POST", "/api/auth/tokens", {"name": "admin's"}).json()

    assert {each["name"] for each in shown} == {"token of user", "mine"}
    assert all(each["token"] is None for each in shown)
    refused = server.rest("DELETE", f"/api/auth/tokens/{admins['id']}", token=server.user_token)
    assert refused.status_code == 404
    assert server.rest("GET", "/api/", token=made["token"]).status_code == 200
    assert server.rest("DELETE", f"/api/auth/tokens/{made['id']}", token=server.user_token).status_code == 200
    assert server.rest("GET", "/api/", token=made["token"]).status_code == 401
