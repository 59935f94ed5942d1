"""The user's own tokens over WebSocket."""

from __future__ import annotations

from tests.support.home import HomeServer


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
