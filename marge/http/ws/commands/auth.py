"""Commands about the user who is logged in, the user's tokens, second factors and signed paths."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.auth import AuthStore, Token, mfa_setup, totp
from marge.auth.models import LONG_LIVED, PASSWORD_PROVIDER
from marge.auth.signing import DEFAULT_LIFE_S, sign_path
from marge.errors import InvalidRequest
from marge.http.ws.errors import UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.dt import iso

DAY_S = 86_400.0
MAX_DAYS = 36_500


def _store(session: Session) -> AuthStore:
    store: AuthStore = session.home.shared["auth"]
    return store


@command("auth/current_user")
def current_user(session: Session, message: dict[str, Any]) -> None:
    """Who is logged in."""
    user, store = session.user, _store(session)
    providers = store.providers_of(user)
    session.result(
        message["id"],
        {
            "id": user.id,
            "name": user.name,
            "is_owner": user.is_owner,
            "is_admin": user.is_admin,
            "credentials": [{"auth_provider_type": kind, "auth_provider_id": None} for kind in providers],
            "mfa_modules": mfa_setup.modules(store, user),
        },
    )


# -- tokens ----------------------------------------------------------------------------------------------------------


@command(
    "auth/long_lived_access_token",
    {vol.Required("lifespan"): int, vol.Required("client_name"): str, vol.Optional("client_icon"): str},
    waits=True,
)
def long_lived_access_token(session: Session, message: dict[str, Any]) -> None:
    """A token that lives for `lifespan` days; shown here and nowhere else."""
    _check_is_someone(session)
    days = message["lifespan"]
    if not 0 < days <= MAX_DAYS:
        raise CommandError("invalid_format", f"lifespan must be from 1 to {MAX_DAYS} days")
    try:
        secret, _token = _store(session).create_long_lived(
            session.user, message["client_name"], days * DAY_S, message.get("client_icon")
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
    token = _own_token(session, message["refresh_token_id"])
    if token.id == session.token_id:
        session.result(message["id"], {})  # now, since revoking ends this connection
        _store(session).revoke(token.id)
        return
    _store(session).revoke(token.id)
    session.result(message["id"], {})


@command(
    "auth/delete_all_refresh_tokens",
    {vol.Optional("token_type"): str, vol.Optional("delete_current_token", default=True): bool},
    waits=True,
)
def delete_all_refresh_tokens(session: Session, message: dict[str, Any]) -> None:
    """Revoke the user's own tokens: all, or those of one type; with or without the one of this connection."""
    store, kind = _store(session), message.get("token_type")
    ids = [token.id for token in store.tokens(session.user) if kind is None or token.kind == kind]
    ends_this_one = session.token_id in ids and message["delete_current_token"]
    store.revoke_all([token_id for token_id in ids if token_id != session.token_id])
    session.result(message["id"], {})
    if ends_this_one and session.token_id is not None:
        store.revoke(session.token_id)


@command(
    "auth/refresh_token_set_expiry",
    {vol.Required("refresh_token_id"): str, vol.Required("enable_expiry"): bool},
    waits=True,
)
def refresh_token_set_expiry(session: Session, message: dict[str, Any]) -> None:
    """Whether one of the user's own tokens ends when it is not used for long."""
    _store(session).set_expiry(_own_token(session, message["refresh_token_id"]), message["enable_expiry"])
    session.result(message["id"], {})


def _own_token(session: Session, token_id: str) -> Token:
    token = _store(session).token(token_id)
    if token is None or token.user_id != session.user.id:
        raise CommandError("invalid_token_id", "Received invalid token")
    return token


def _describe(session: Session, token: Token) -> dict[str, Any]:
    used_at, used_ip = _store(session).last_use(token)
    return {
        "auth_provider_type": None if token.kind == LONG_LIVED else token.provider or PASSWORD_PROVIDER,
        "client_icon": token.client_icon,
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


# -- signed paths ----------------------------------------------------------------------------------------------------


@command("auth/sign_path", {vol.Required("path"): str, vol.Optional("expires", default=DEFAULT_LIFE_S): int})
def sign(session: Session, message: dict[str, Any]) -> None:
    """The path with a signature: whoever has it may GET it for `expires` seconds."""
    path = sign_path(_store(session), message["path"], message["expires"], session.token_id)
    session.result(message["id"], {"path": path})


# -- second factors --------------------------------------------------------------------------------------------------


@command(
    "auth/setup_mfa",
    {
        vol.Exclusive("mfa_module_id", "module_or_flow_id"): str,
        vol.Exclusive("flow_id", "module_or_flow_id"): str,
        vol.Optional("user_input"): object,
    },
    waits=True,
)
def setup_mfa(session: Session, message: dict[str, Any]) -> None:
    """Begin to set a second factor up, or answer the form of one that was begun."""
    store, flow_id = _store(session), message.get("flow_id")
    if flow_id is None:
        module = message.get("mfa_module_id")
        if module is None:
            raise CommandError("invalid_format", "one of mfa_module_id and flow_id is required")
        if module != totp.MODULE or not store.second_factors:
            raise CommandError("no_module", f"MFA module {module} is not found")
        _check_is_someone(session)
        session.result(message["id"], mfa_setup.begin(store, session.user, session.remote))
        return
    flow = store.flows.get(flow_id)
    if flow is None or flow.handler != totp.MODULE or flow.user is None or flow.user.id != session.user.id:
        raise CommandError("not_found", "There is no such set-up; it may have ended")
    session.result(message["id"], mfa_setup.answer(store, flow, session.user, message.get("user_input")))


@command("auth/depose_mfa", {vol.Required("mfa_module_id"): str}, waits=True)
def depose_mfa(session: Session, message: dict[str, Any]) -> None:
    """Give a second factor up."""
    module = message["mfa_module_id"]
    if module != totp.MODULE:
        why = f"Unable find multi-factor auth module: {module}"
        raise CommandError("disable_failed", f"Cannot disable MFA Module {module}: {why}")
    _store(session).disable_totp(session.user)
    session.result(message["id"], "done")


def _check_is_someone(session: Session) -> None:
    if _store(session).user(session.user.id) is None:
        raise CommandError("home_assistant_error", "Only users who have been created have tokens and second factors")
