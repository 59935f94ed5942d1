"""Commands about the user who is logged in, and the user's tokens."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.auth import AuthStore, Token
from marge.errors import InvalidRequest
from marge.http.rest.auth import PROVIDER
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.dt import iso

DAY_S = 86_400.0
_LONG_LIVED = "long_lived_access_token"


def _store(session: Session) -> AuthStore:
    store: AuthStore = session.home.shared["auth"]
    return store


@command("auth/current_user")
def current_user(session: Session, message: dict[str, Any]) -> None:
    """Who is logged in."""
    user = session.user
    session.result(
        message["id"],
        {
            "id": user.id,
            "name": user.name,
            "is_owner": user.is_owner,
            "is_admin": user.is_admin,
            "credentials": [{"auth_provider_type": PROVIDER, "auth_provider_id": None}],
            "mfa_modules": [],
        },
    )


@command(
    "auth/long_lived_access_token",
    {vol.Required("lifespan"): int, vol.Required("client_name"): str, vol.Optional("client_icon"): str},
    waits=True,
)
def long_lived_access_token(session: Session, message: dict[str, Any]) -> None:
    """A token that lives for `lifespan` days; shown here and nowhere else."""
    try:
        secret, _token = _store(session).create_long_lived(
            session.user, message["client_name"], message["lifespan"] * DAY_S
        )
    except InvalidRequest as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], secret)


@command("auth/refresh_tokens")
def refresh_tokens(session: Session, message: dict[str, Any]) -> None:
    """The user's own tokens."""
    tokens = _store(session).tokens(session.user)
    session.result(message["id"], [_describe(session, token) for token in tokens])


@command("auth/delete_refresh_token", {vol.Required("refresh_token_id"): str}, waits=True)
def delete_refresh_token(session: Session, message: dict[str, Any]) -> None:
    """Revoke one of the user's own tokens."""
    token = _store(session).token(message["refresh_token_id"])
    if token is None or token.user_id != session.user.id:
        raise CommandError("invalid_token_id", "Received invalid token")
    if token.id == session.token_id:
        session.result(message["id"], {})  # now, since revoking ends this connection
        _store(session).revoke(token.id)
        return
    _store(session).revoke(token.id)
    session.result(message["id"], {})


def _describe(session: Session, token: Token) -> dict[str, Any]:
    used_at, used_ip = _store(session).last_use(token)
    is_long_lived = token.kind == _LONG_LIVED
    return {
        "auth_provider_type": None if is_long_lived else PROVIDER,
        "client_icon": None,
        "client_id": token.client_id,
        "client_name": token.name,
        "created_at": iso(token.created_at),
        "expire_at": None if token.expires_at is None else iso(token.expires_at),
        "id": token.id,
        "is_current": token.id == session.token_id,
        "last_used_at": None if used_at is None else iso(used_at),
        "last_used_ip": used_ip,
        "type": token.kind,
    }
