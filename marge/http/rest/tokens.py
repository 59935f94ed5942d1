"""Tokens and users over plain REST (sections 2.11 and 9 row 23 of the native API)."""

from __future__ import annotations

from typing import Any

from marge.auth import LoginRefused, SecondFactorNeeded, Token
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.rest.auth import auth
from marge.http.routing import route
from marge.util.dt import iso

_OK = {"result": "ok"}
_ID_PREFIX = "tok_"
_LONG_LIVED = "long_lived_access_token"


@route("POST", "/api/auth/tokens")
def create_token(home: Home, request: Request) -> Reply:
    """Make a long-lived token of the asking user; the secret is in this reply and nowhere else."""
    name = _text(_body(request), "name")
    assert request.user is not None
    user = auth(home).user(request.user.id)
    if user is None:
        raise InvalidRequest("Only a user who has been created can own tokens.")
    secret, token = auth(home).create_long_lived(user, name)
    return json_reply({"id": _shown_id(token), "name": name, "created_at": iso(token.created_at), "token": secret})


@route("GET", "/api/auth/tokens")
def list_tokens(home: Home, request: Request) -> Reply:
    """The long-lived tokens of the asking user; an administrator sees everybody's."""
    assert request.user is not None
    tokens = auth(home).tokens(None if request.user.is_admin else request.user)
    return json_reply(
        [
            {"id": _shown_id(token), "name": token.name, "created_at": iso(token.created_at), "token": None}
            for token in tokens
            if token.kind == _LONG_LIVED
        ]
    )


@route("DELETE", "/api/auth/tokens/<token_id>")
def remove_token(home: Home, request: Request) -> Reply:
    """Revoke a long-lived token."""
    token_id = request.args["token_id"]
    token = auth(home).token(token_id) or auth(home).token(token_id.removeprefix(_ID_PREFIX))
    assert request.user is not None
    mine = token is not None and (request.user.is_admin or token.user_id == request.user.id)
    if token is None or not mine or token.kind != _LONG_LIVED:
        return message_reply("Token not found.", 404)
    auth(home).revoke(token.id)
    return json_reply(_OK)


@route("POST", "/api/auth/login", access="open")
def login(home: Home, request: Request) -> Reply:
    """Log in with a password (and `code`, where a second factor is set up); the token is a long-lived one named
    `login:<username>`, replaced each time."""
    body = _body(request)
    username, password = _text(body, "username"), _text(body, "password")
    code = body.get("code")
    if code is not None and not isinstance(code, str):
        raise InvalidRequest("code must be a text.")
    try:
        user = auth(home).login(username, password, request.remote, code)
    except LoginRefused as exc:
        return json_reply({"result": "error", "message": str(exc)}, 403 if exc.is_banned else 401)
    except SecondFactorNeeded as exc:
        return json_reply({"result": "error", "message": str(exc), "code_required": True}, 401)
    name = f"login:{username.strip().casefold()}"
    for old in auth(home).tokens(user):
        if old.name == name:
            auth(home).revoke(old.id)
    secret, token = auth(home).create_long_lived(user, name)
    return json_reply({"result": "ok", "token": secret, "token_id": _shown_id(token)})


@route("GET", "/api/auth/users", access="admin")
@route("GET", "/api/users", access="admin")
def list_users(home: Home, _request: Request) -> Reply:
    """All users who can log in with a password."""
    store = auth(home)
    shown = []
    for username, user_id in store.usernames().items():
        user = store.user(user_id)
        if user is not None:
            shown.append({"username": username, "display_name": user.name, "created_at": iso(user.created_at)})
    return json_reply(shown)


@route("POST", "/api/auth/users", access="admin")
@route("POST", "/api/users", access="admin")
def create_user(home: Home, request: Request) -> Reply:
    """Make a user; the first one owns the home."""
    body = _body(request)
    username, password = _text(body, "username"), _text(body, "password")
    display_name = body.get("display_name")
    name = display_name if isinstance(display_name, str) and display_name else username
    user = auth(home).create_user(name, username, password, is_owner=auth(home).owner() is None)
    return json_reply(_OK | {"id": user.id})


@route("DELETE", "/api/auth/users/<username>", access="admin")
@route("DELETE", "/api/users/<username>", access="admin")
def remove_user(home: Home, request: Request) -> Reply:
    """Remove a user with all tokens."""
    if not auth(home).remove_user(request.args["username"]):
        return message_reply("User not found.", 404)
    return json_reply(_OK)


def _shown_id(token: Token) -> str:
    """The id as section 2.11 wants it; HA's clients see it without the prefix."""
    return _ID_PREFIX + token.id.removeprefix(_ID_PREFIX)


def _body(request: Request) -> dict[str, Any]:
    body = request.json() if request.body else {}
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    return body


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise InvalidRequest(f"{key} is required.")
    return value
