"""The user's own tokens over WebSocket."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest

from marge.auth import User
from tests.support.home import CLIENT_ID, PASSWORD, HomeServer, WebSocketClient, WebSocketClosed


def test_the_user_is_told_who_they_are(server: HomeServer) -> None:
    """Name and rights, as HA's clients read them."""
    with server.websocket(server.reader_token) as client:
        user = client.command("auth/current_user")["result"]

    assert (user["name"], user["is_admin"], user["is_owner"]) == ("Reader", False, False)
    assert user["credentials"] == [{"auth_provider_type": "homeassistant", "auth_provider_id": None}]


def test_a_long_lived_token_is_listed_works_and_can_be_deleted(server: HomeServer) -> None:
    """From its making to its end; the secret itself is shown once."""
    with server.websocket(server.user_token) as client:
        secret = client.command("auth/long_lived_access_token", lifespan=1, client_name="a script")["result"]
        tokens = client.command("auth/refresh_tokens")["result"]
        made = next(each for each in tokens if each["client_name"] == "a script")
        current = [each["client_name"] for each in tokens if each["is_current"]]

        assert server.rest("GET", "/api/", token=secret).status_code == 200
        assert made["type"] == "long_lived_access_token" and made["expire_at"] is not None
        assert current == ["token of user"]
        assert not any(secret in str(each) for each in tokens)
        assert client.command("auth/delete_refresh_token", refresh_token_id=made["id"])["success"]
        assert server.rest("GET", "/api/", token=secret).status_code == 401


def test_others_tokens_are_not_there_to_delete(server: HomeServer) -> None:
    """Not even for an administrator, as in HA."""
    token = next(each for each in server.auth.tokens(server.users["user"]) if each.name == "token of user")
    with server.websocket() as client:
        reply = client.command("auth/delete_refresh_token", refresh_token_id=token.id)

    assert reply["error"] == {"code": "invalid_token_id", "message": "Received invalid token"}


def own_client(server: HomeServer, name: str) -> tuple[User, WebSocketClient]:
    user = server.auth.create_user(name.title(), name, PASSWORD)
    return user, server.websocket(server.auth.create_long_lived(user, "current")[0])


def test_all_tokens_but_the_current_one_can_be_deleted(server: HomeServer) -> None:
    """Or those of one type; the current one last, which ends the connection."""
    user, client = own_client(server, "deleter")
    with client:
        for number in range(2):
            server.auth.create_refresh_token(user, CLIENT_ID)
            server.auth.create_long_lived(user, f"other {number}")
        kinds = {"token_type": "normal", "delete_current_token": False}
        assert client.command("auth/delete_all_refresh_tokens", **kinds)["result"] == {}
        assert {token.kind for token in server.auth.tokens(user)} == {"long_lived_access_token"}
        assert client.command("auth/delete_all_refresh_tokens", delete_current_token=False)["result"] == {}
        assert [token.name for token in server.auth.tokens(user)] == ["current"]
        assert client.command("auth/delete_all_refresh_tokens")["result"] == {}
        with pytest.raises(WebSocketClosed):
            client.receive()
    assert server.auth.tokens(user) == []


def test_a_tokens_end_can_be_taken_away_and_given_back(server: HomeServer) -> None:
    """Another's token is not there."""
    user, client = own_client(server, "expirer")
    token = server.auth.create_refresh_token(user, CLIENT_ID)[1]
    other = server.auth.create_refresh_token(server.users["user"], CLIENT_ID)[1]

    def expiry() -> object:
        listed = client.command("auth/refresh_tokens")["result"]
        return next(each["expire_at"] for each in listed if each["id"] == token.id)

    def change(token_id: str, enable: bool) -> Any:
        return client.command("auth/refresh_token_set_expiry", refresh_token_id=token_id, enable_expiry=enable)

    with client:
        assert expiry() is not None
        assert change(token.id, False)["result"] == {}
        assert expiry() is None
        assert change(token.id, True)["result"] == {}
        assert expiry() is not None
        assert change(other.id, False)["error"]["code"] == "invalid_token_id"


def test_the_icon_of_a_client_is_kept_and_odd_life_times_are_refused(server: HomeServer) -> None:
    """From one day to a hundred years."""
    _user, client = own_client(server, "icons")
    with client:
        for lifespan in (0, -1, 10**9):
            reply = client.command("auth/long_lived_access_token", lifespan=lifespan, client_name="x")
            assert reply["error"]["code"] == "invalid_format"
        client.command("auth/long_lived_access_token", lifespan=3, client_name="tv", client_icon="mdi:tv")
        listed = client.command("auth/refresh_tokens")["result"]

    assert next(each["client_icon"] for each in listed if each["client_name"] == "tv") == "mdi:tv"


def test_a_signed_path_opens_itself_and_nothing_else(server: HomeServer) -> None:
    """With GET and HEAD, without a header, and with the rights of the one who signed."""
    with server.websocket(server.user_token) as client:
        signed = client.command("auth/sign_path", path="/api/states/zone.home", expires=20)["result"]["path"]
        admins = client.command("auth/sign_path", path="/api/error_log")["result"]["path"]
        assert client.command("auth/sign_path", path="//x")["error"]["code"] == "invalid_format"

    assert signed.startswith("/api/states/zone.home?authSig=")
    assert server.rest("GET", signed, token=None).json()["entity_id"] == "zone.home"
    assert server.rest("POST", signed, {"state": "x"}, token=None).status_code == 401
    assert server.rest("GET", signed.replace("zone.home", "sun.sun"), token=None).status_code == 401
    assert server.rest("GET", signed + "&x=1", token=None).status_code == 401
    assert server.rest("GET", admins, token=None).status_code == 401
    with server.websocket() as client:
        log = client.command("auth/sign_path", path="/api/error_log")["result"]["path"]
    assert server.rest("GET", log, token=None).status_code == 200


def test_a_second_factor_is_set_up_with_a_code_and_given_up(server: HomeServer) -> None:
    """The secret is shown as text, address and picture; a wrong code asks again."""
    user, client = own_client(server, "careful")
    with client:
        form = client.command("auth/setup_mfa", mfa_module_id="totp")["result"]
        shown = form.pop("description_placeholders")
        flow_id = form.pop("flow_id")
        assert form == {
            "type": "form", "handler": "totp", "step_id": "init", "errors": {}, "last_step": None, "preview": None,
            "data_schema": [{"type": "string", "name": "code", "required": True}],
        }
        assert shown["qr_code"].startswith("<svg") and shown["code"] in shown["url"]
        wrong = client.command("auth/setup_mfa", flow_id=flow_id, user_input={"code": "12345"})["result"]
        assert (wrong["errors"], wrong["description_placeholders"]) == ({"base": "invalid_code"}, shown)
        malformed = client.command("auth/setup_mfa", flow_id=flow_id, user_input={"kode": "1"})
        assert malformed["error"]["code"] == "invalid_format"
        code = pyotp.TOTP(shown["code"]).now()
        done = client.command("auth/setup_mfa", flow_id=flow_id, user_input={"code": code})["result"]
        assert done["type"] == "create_entry"
        assert client.command("auth/current_user")["result"]["mfa_modules"] == [
            {"id": "totp", "name": "Authenticator app", "enabled": True}
        ]
        assert server.auth.has_totp(user)
        assert client.command("auth/depose_mfa", mfa_module_id="totp")["result"] == "done"
        assert not server.auth.has_totp(user)


def test_a_set_up_is_its_users_own(server: HomeServer) -> None:
    """Another user cannot finish it, and one that ended is not there."""
    _one, first = own_client(server, "first")
    _two, second = own_client(server, "second")
    with first, second:
        flow_id = first.command("auth/setup_mfa", mfa_module_id="totp")["result"]["flow_id"]
        for client, each in ((second, flow_id), (first, "nope")):
            reply = client.command("auth/setup_mfa", flow_id=each, user_input={"code": "123456"})
            assert reply["error"]["code"] == "not_found"
        assert first.command("auth/setup_mfa")["error"]["code"] == "invalid_format"
        both = first.command("auth/setup_mfa", flow_id=flow_id, mfa_module_id="totp")
        assert both["error"]["code"] == "invalid_format"
