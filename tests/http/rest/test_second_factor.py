"""Logging in with a second factor: the form for the code, wrong and used codes, and no way around it."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from marge.auth import User
from marge.auth.totp import new_secret
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer

NAMES = iter(f"factor{number}" for number in range(100))


@pytest.fixture
def someone(server: HomeServer) -> tuple[User, str, str]:
    """A user with a second factor; the user name and the secret."""
    name, secret = next(NAMES), new_secret()
    user = server.auth.create_user(name.title(), name, PASSWORD)
    server.auth.enable_totp(user, secret, 0)
    return user, name, secret


def post(server: HomeServer, path: str, body: Any) -> Any:
    reply = server.rest("POST", path, body, token=None)
    return reply.json() | {"status": reply.status_code}


def to_the_code(server: HomeServer, name: str) -> tuple[str, Any]:
    start = {"client_id": CLIENT_ID, "handler": ["homeassistant", None], "redirect_uri": CLIENT_ID}
    flow = "/auth/login_flow/" + post(server, "/auth/login_flow", start)["flow_id"]
    return flow, post(server, flow, {"client_id": CLIENT_ID, "username": name, "password": PASSWORD})


def test_the_right_password_is_asked_for_a_code(server: HomeServer, someone: tuple[User, str, str]) -> None:
    """A wrong code asks again, the right one lets in."""
    _user, name, secret = someone
    flow, form = to_the_code(server, name)
    assert (form["type"], form["step_id"], form["errors"]) == ("form", "mfa", {})
    assert form["data_schema"] == [{"type": "string", "name": "code", "required": True}]
    assert form["description_placeholders"] == {"mfa_module_name": "Authenticator app", "mfa_module_id": "totp"}
    again = post(server, flow, {"client_id": CLIENT_ID, "code": "1"})
    assert (again["step_id"], again["errors"]) == ("mfa", {"base": "invalid_code"})
    malformed = post(server, flow, {"client_id": CLIENT_ID, "username": name, "password": PASSWORD})
    assert (malformed["status"], malformed["message"]) == (400, "User input malformed")
    done = post(server, flow, {"client_id": CLIENT_ID, "code": pyotp.TOTP(secret).now()})
    assert done["type"] == "create_entry"
    fields = {"grant_type": "authorization_code", "code": done["result"], "client_id": CLIENT_ID}
    tokens = server.rest("POST", "/auth/token", token=None, data=fields).json()

    assert server.rest("GET", "/api/", token=tokens["access_token"]).status_code == 200


def test_a_code_lets_in_once(server: HomeServer, someone: tuple[User, str, str]) -> None:
    """Not a second log-in with it."""
    _user, name, secret = someone
    code = pyotp.TOTP(secret).now()
    first, _ = to_the_code(server, name)
    assert post(server, first, {"client_id": CLIENT_ID, "code": code})["type"] == "create_entry"
    second, _ = to_the_code(server, name)

    assert post(server, second, {"client_id": CLIENT_ID, "code": code})["errors"] == {"base": "invalid_code"}
    server.auth.guard.succeeded("127.0.0.1")


def test_three_wrong_codes_end_the_log_in(server: HomeServer, someone: tuple[User, str, str]) -> None:
    """The flow is gone then."""
    _user, name, secret = someone
    flow, _ = to_the_code(server, name)
    replies = [post(server, flow, {"client_id": CLIENT_ID, "code": "000"}) for _ in range(3)]
    assert [each["type"] for each in replies] == ["form", "form", "abort"]
    assert replies[2]["reason"] == "too_many_retry"
    late = post(server, flow, {"client_id": CLIENT_ID, "code": pyotp.TOTP(secret).now()})

    assert late["status"] == 404
    server.auth.guard.succeeded("127.0.0.1")


def test_a_password_waits_five_minutes_for_its_code(
    server: HomeServer, someone: tuple[User, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later the log-in begins anew."""
    _user, name, secret = someone
    flow, _ = to_the_code(server, name)
    known = server.auth.flows.get(flow.rpartition("/")[2])
    assert known is not None
    known.step_at -= 301
    late = post(server, flow, {"client_id": CLIENT_ID, "code": pyotp.TOTP(secret).now()})

    assert (late["type"], late["reason"]) == ("abort", "login_expired")


def test_the_short_log_in_asks_for_the_code_too(server: HomeServer, someone: tuple[User, str, str]) -> None:
    """`/api/auth/login` is no way around the second factor."""
    _user, name, secret = someone
    login = {"username": name, "password": PASSWORD}
    reply = post(server, "/api/auth/login", login)
    assert (reply["status"], reply["code_required"]) == (401, True)
    assert post(server, "/api/auth/login", login | {"code": "000000x"})["status"] == 401
    assert post(server, "/api/auth/login", login | {"code": 1})["status"] == 400
    done = post(server, "/api/auth/login", login | {"code": pyotp.TOTP(secret).now()})

    assert done["status"] == 200 and done["token"].startswith("marge_")


def test_a_flow_stays_with_the_address_it_began_at(server: HomeServer, someone: tuple[User, str, str]) -> None:
    """And with its client."""
    _user, name, _secret = someone
    flow, _ = to_the_code(server, name)
    known = server.auth.flows.get(flow.rpartition("/")[2])
    assert known is not None
    known.remote = "10.9.8.7"
    moved = post(server, flow, {"client_id": CLIENT_ID, "code": "1"})
    assert (moved["status"], moved["message"]) == (400, "IP address changed")

    assert post(server, flow, {"client_id": "http://127.0.0.1:9/", "code": "1"})["status"] == 404


def test_nobody_pushes_out_the_log_ins_of_others(server: HomeServer) -> None:
    """One address has few flows at a time; its oldest go first."""
    flows = server.auth.flows
    theirs = flows.start(["homeassistant", None], "10.0.0.1")
    own = [flows.start(["homeassistant", None], "10.0.0.2") for _ in range(2_000)]

    assert flows.get(theirs.id) is not None
    assert flows.get(own[0].id) is None and flows.get(own[-1].id) is not None
