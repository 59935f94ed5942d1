"""Logging in: the flow, the limiter's ban with its log line, tokens that end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from marge.auth.limiter import BAN_S, FAILURES
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, home_server


@pytest.fixture
def fresh() -> Iterator[HomeServer]:
    """A home of its own: what is tested here spoils the address for others."""
    with home_server() as running:
        yield running


def start_flow(server: HomeServer) -> str:
    body = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
    return str(server.rest("POST", "/auth/login_flow", body, token=None).json()["flow_id"])


def log_in(server: HomeServer, username: str = "user", password: str = PASSWORD) -> dict[str, str]:
    """Both tokens of a whole log-in."""
    step = {"client_id": CLIENT_ID, "username": username, "password": password}
    done = server.rest("POST", f"/auth/login_flow/{start_flow(server)}", step, token=None).json()
    fields = {"grant_type": "authorization_code", "code": done["result"], "client_id": CLIENT_ID}
    tokens: dict[str, str] = server.rest(
        "POST", "/auth/token", token=None, data=fields, headers={}
    ).json()
    return tokens


def test_a_whole_log_in_gives_tokens_that_work(server: HomeServer) -> None:
    """Flow, code, access token, refresh: as HA's clients do it."""
    tokens = log_in(server)
    assert server.rest("GET", "/api/", token=tokens["access_token"]).status_code == 200
    assert server.rest("GET", "/api/", token=tokens["refresh_token"]).status_code == 401
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": CLIENT_ID}
    reply = server.rest("POST", "/auth/token", token=None, data=again)

    assert server.rest("GET", "/api/", token=reply.json()["access_token"]).status_code == 200


def test_logging_out_ends_the_access_token_too(server: HomeServer) -> None:
    """Revoking the refresh token ends what was made from it with the next request."""
    tokens = log_in(server)
    assert server.rest("POST", "/auth/revoke", token=None, data={"token": tokens["refresh_token"]}).status_code == 200

    assert server.rest("GET", "/api/", token=tokens["access_token"]).status_code == 401
    assert server.rest("GET", "/api/states", token=tokens["access_token"]).status_code == 401


def test_guessing_passwords_ends_in_a_ban_with_a_log_line(fresh: HomeServer) -> None:
    """After ten failures even the right password is refused, and each failure left a line with the address."""
    flow = start_flow(fresh)
    with structlog.testing.capture_logs() as lines:
        for number in range(FAILURES):
            step = {"client_id": CLIENT_ID, "username": "admin", "password": f"guess {number}"}
            reply = fresh.rest("POST", f"/auth/login_flow/{flow}", step, token=None)
            last = number == FAILURES - 1
            assert (reply.status_code, "errors" in reply.text) == ((403, False) if last else (200, True))
    right = {"client_id": CLIENT_ID, "username": "admin", "password": PASSWORD}

    refused = fresh.rest("POST", f"/auth/login_flow/{start_flow(fresh)}", right, token=None)
    assert refused.status_code == 403
    assert 0 < int(refused.headers["Retry-After"]) <= BAN_S  # so that one can be told when to try again
    assert fresh.rest("POST", "/api/auth/login", right, token=None).status_code == 403
    failures = [line for line in lines if line["event"] == "login failed"]
    assert len(failures) == FAILURES
    assert all(line["remote"] == "127.0.0.1" and line["username"] == "admin" for line in failures)
    assert [line["banned"] for line in failures] == [False] * (FAILURES - 1) + [True]
    assert not any("guess" in str(line) for line in lines)
    assert fresh.rest("GET", "/api/").status_code == 200  # who is in already stays in


def test_the_error_log_names_the_address_and_hides_the_token(fresh: HomeServer) -> None:
    """Administrators see the warnings; what looks like a secret is not among them."""
    step = {"client_id": CLIENT_ID, "username": "mallory", "password": "hunter2-secret"}
    fresh.rest("POST", f"/auth/login_flow/{start_flow(fresh)}", step, token=None)
    reply = fresh.rest("GET", "/api/error_log")

    assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "login failed" in reply.text
    assert "remote=127.0.0.1" in reply.text
    assert "hunter2" not in reply.text


def test_a_code_goes_to_its_own_address_only(server: HomeServer) -> None:
    """With a redirect address of somebody else there is no code, whatever the password."""
    body = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": "https://evil.example/"}
    flow = server.rest("POST", "/auth/login_flow", body, token=None).json()["flow_id"]
    step = {"client_id": CLIENT_ID, "username": "user", "password": PASSWORD}
    reply = server.rest("POST", f"/auth/login_flow/{flow}", step, token=None)

    assert (reply.status_code, reply.json()) == (403, {"message": "Invalid redirect URI"})


def test_the_first_owner_comes_once() -> None:
    """Onboarding makes the owner; a second caller is turned away and the steps show what is done."""
    with home_server(with_users=False) as server:
        body = {"client_id": CLIENT_ID, "name": "Ann", "username": "ann", "password": PASSWORD, "language": "en"}
        first = server.rest("POST", "/api/onboarding/users", body, token=None)
        second = server.rest("POST", "/api/onboarding/users", {**body, "username": "eve"}, token=None)
        steps = server.rest("GET", "/api/onboarding", token=None).json()

        assert first.status_code == 200
        assert second.status_code == 403
        assert steps[0] == {"step": "user", "done": True}
        assert server.auth.owner() is not None and server.auth.owner().name == "Ann"  # type: ignore[union-attr]
