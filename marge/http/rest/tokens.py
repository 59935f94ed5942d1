"""Tokens and users over plain REST (sections 2.11 and 9 row 23 of the native API)."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.auth import LoginRefused, SecondFactorNeeded, Token
from marge.home import Home
from marge.http.forms import told
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.rest.auth import auth
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, STRING, Answer, list_of, obj, ref
from marge.util.dt import iso
from marge.util.schema import shaped

_OK = {"result": "ok"}
_ID_PREFIX = "tok_"
_LONG_LIVED = "long_lived_access_token"


def _needed(name: str) -> dict[Any, Any]:
    text = f"{name} is required."
    return {vol.Required(name, msg=text): vol.All(str, vol.Length(min=1), msg=text)}


@shaped({"type": "string"})
def _shown_name(value: Any) -> str:
    return value if isinstance(value, str) else ""


_NAMED = vol.Schema(_needed("name"), extra=vol.REMOVE_EXTRA)
_ACCOUNT = {**_needed("username"), **_needed("password")}
_LOGIN = vol.Schema(
    {**_ACCOUNT, vol.Optional("code"): vol.Any(str, None, msg="code must be a text.")}, extra=vol.REMOVE_EXTRA
)
_USER = vol.Schema({**_ACCOUNT, vol.Optional("display_name"): _shown_name}, extra=vol.REMOVE_EXTRA)


@route("POST", "/api/auth/tokens", body=_NAMED, replies={200: Answer("The token.", ref("Token"))})
def create_token(home: Home, request: Request) -> Reply:
    """Make a long-lived token of the asking user; the secret is in this reply and nowhere else."""
    name = _body(request, _NAMED)["name"]
    assert request.user is not None
    user = auth(home).user(request.user.id) or auth(home).keeper_of_tokens()
    secret, token = auth(home).create_long_lived(user, name, namesake=True)
    return json_reply({"id": _shown_id(token), "name": name, "created_at": iso(token.created_at), "token": secret})


@route("GET", "/api/auth/tokens", replies={200: Answer("The tokens.", list_of(ref("Token")))})
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


@route("DELETE", "/api/auth/tokens/<token_id>", replies={200: Answer("Done.", ref("Ok"))})
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


@route(
    "POST", "/api/auth/login", access="open",
    body=_LOGIN,
    replies={
        200: Answer("The token.", obj(result={"const": "ok"}, token=STRING, token_id=STRING)),
        401: Answer("Refused.", obj(result={"const": "error"}, message=STRING, code_required_=BOOLEAN)),
        403: Answer("Too many tries.", obj(result={"const": "error"}, message=STRING)),
    },
)  # fmt: skip
def login(home: Home, request: Request) -> Reply:
    """Log in with a password (and `code`, where a second factor is set up); the token is a long-lived one named
    `login:<username>`, replaced each time."""
    body = _body(request, _LOGIN)
    username, password, code = body["username"], body["password"], body.get("code")
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


@route("GET", "/api/auth/users", access="admin", replies={200: Answer("The users.", list_of(ref("User")))})
@route("GET", "/api/users", access="admin", replies={200: Answer("The users.", list_of(ref("User")))})
def list_users(home: Home, _request: Request) -> Reply:
    """All users who can log in with a password."""
    store = auth(home)
    shown = []
    for username, user_id in store.usernames().items():
        user = store.user(user_id)
        if user is not None:
            shown.append({"username": username, "display_name": user.name, "created_at": iso(user.created_at)})
    return json_reply(shown)


@route(
    "POST", "/api/auth/users", access="admin",
    body=_USER,
    replies={200: Answer("The user.", obj(result={"const": "ok"}, id=STRING))},
)  # fmt: skip
@route(
    "POST", "/api/users", access="admin",
    body=_USER,
    replies={200: Answer("The user.", obj(result={"const": "ok"}, id=STRING))},
)  # fmt: skip
def create_user(home: Home, request: Request) -> Reply:
    """Make a user; the first one owns the home."""
    body = _body(request, _USER)
    username, password = body["username"], body["password"]
    name = body.get("display_name") or username
    user = auth(home).create_user(name, username, password, is_owner=auth(home).owner() is None)
    return json_reply(_OK | {"id": user.id})


@route("DELETE", "/api/auth/users/<username>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
@route("DELETE", "/api/users/<username>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def remove_user(home: Home, request: Request) -> Reply:
    """Remove a user with all tokens; the owner only where nobody needs to log in."""
    if not auth(home).remove_user(request.args["username"], owner_too=auth(home).open_mode):
        return message_reply("User not found.", 404)
    return json_reply(_OK)


def _shown_id(token: Token) -> str:
    """The id as section 2.11 wants it; HA's clients see it without the prefix."""
    return _ID_PREFIX + token.id.removeprefix(_ID_PREFIX)


def _body(request: Request, schema: vol.Schema) -> dict[str, Any]:
    found: dict[str, Any] = told(request.json() if request.body else {}, schema)
    return found
