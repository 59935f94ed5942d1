"""`/auth/…`: the log-in flow and tokens, as HA's clients use them (the OAuth 2 dialect of IndieAuth)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import voluptuous as vol

from marge.auth import AuthStore, LoginRefused, User
from marge.auth.models import new_id
from marge.auth.store import ACCESS_LIFE_S
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import checked, form
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route

PROVIDER = "homeassistant"
_FLOWS_KEPT = 200
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_FIELDS = [
    {"type": "string", "name": "username", "required": True},
    {"type": "string", "name": "password", "required": True},
]

_START = vol.Schema(
    {
        vol.Required("client_id"): str,
        vol.Required("handler"): vol.Any(str, list),
        vol.Required("redirect_uri"): str,
        vol.Optional("type", default="authorize"): str,
    }
)
_STEP = vol.Schema({vol.Required("client_id"): str}, extra=vol.ALLOW_EXTRA)


class Flow(NamedTuple):
    """A log-in that has begun."""

    client_id: str
    redirect_uri: str


def auth(home: Home) -> AuthStore:
    """The home's users and tokens."""
    store: AuthStore = home.shared["auth"]
    return store


def _flows(home: Home) -> OrderedDict[str, Flow]:
    flows: OrderedDict[str, Flow] = home.shared.setdefault("login_flows", OrderedDict())
    return flows


@route("GET", "/auth/providers", access="open")
def providers(home: Home, _request: Request) -> Reply:
    """How one can log in."""
    if auth(home).owner() is None:
        return json_reply({"message": "Onboarding not finished", "code": "onboarding_required"}, 400)
    known = [{"name": "Home Assistant Local", "id": None, "type": PROVIDER}]
    return json_reply({"providers": known, "preselect_remember_me": True})


@route("POST", "/auth/login_flow", access="open", cors=False)
def start(home: Home, request: Request) -> Reply:
    """Begin a log-in: the reply is the form to fill in."""
    data = checked(request, _START)
    if not is_client_id(data["client_id"]):
        return message_reply("Invalid client id", 400)
    handler = data["handler"]
    if handler != PROVIDER and (not isinstance(handler, list) or handler[:1] != [PROVIDER]):
        return message_reply("Invalid handler specified", 404)
    flow_id = new_id()
    flows = _flows(home)
    flows[flow_id] = Flow(data["client_id"], data["redirect_uri"])
    if len(flows) > _FLOWS_KEPT:
        flows.popitem(last=False)
    return json_reply(_form_reply(flow_id, {}))


@route("POST", "/auth/login_flow/<flow_id>", access="open", cors=False)
def step(home: Home, request: Request) -> Reply:
    """Try a user name and a password; success gives an authorization code."""
    flow_id = request.args["flow_id"]
    data = checked(request, _STEP)
    flows = _flows(home)
    flow = flows.get(flow_id)
    if flow is None or flow.client_id != data["client_id"]:
        return message_reply("Invalid flow specified", 404)
    username, password = data.get("username"), data.get("password")
    known = {"client_id", "username", "password"}
    if not isinstance(username, str) or not isinstance(password, str) or set(data) - known:
        return message_reply("User input malformed", 400)
    try:
        user = auth(home).login(username, password, request.remote)
    except LoginRefused as exc:
        if exc.is_banned:
            raise HttpError(403) from exc
        return json_reply(_form_reply(flow_id, {"base": "invalid_auth"}))
    flows.pop(flow_id, None)
    if not redirect_fits(flow.client_id, flow.redirect_uri):
        return message_reply("Invalid redirect URI", 403)
    return json_reply(
        {
            "type": "create_entry",
            "flow_id": flow_id,
            "handler": [PROVIDER, None],
            "description": None,
            "description_placeholders": None,
            "result": auth(home).create_code(user, flow.client_id),
        }
    )


@route("DELETE", "/auth/login_flow/<flow_id>", access="open", cors=False)
def abort(home: Home, request: Request) -> Reply:
    """Give a log-in up."""
    if _flows(home).pop(request.args["flow_id"], None) is None:
        return message_reply("Invalid flow specified", 404)
    return message_reply("Flow aborted")


@route("POST", "/auth/token", access="open")
def token(home: Home, request: Request) -> Reply:
    """Turn a code or a refresh token into an access token; `action=revoke` is the old spelling of revoking."""
    fields = form(request)
    if fields.get("action") == "revoke":
        return revoke(home, request)
    grant = fields.get("grant_type")
    if grant == "authorization_code":
        return _from_code(home, request, fields)
    if grant == "refresh_token":
        return _from_refresh_token(home, request, fields)
    return json_reply({"error": "unsupported_grant_type"}, 400)


@route("POST", "/auth/revoke", access="open")
def revoke(home: Home, request: Request) -> Reply:
    """Forget a refresh token. Always 200, so that nobody can try tokens out."""
    secret = form(request).get("token")
    found = auth(home).find_refresh_token(secret) if secret else None
    if found is not None:
        auth(home).revoke(found.id)
    return Reply(200)


def _from_code(home: Home, request: Request, fields: dict[str, str]) -> Reply:
    client_id = fields.get("client_id")
    if client_id is None or not is_client_id(client_id):
        return json_reply({"error": "invalid_request", "error_description": "Invalid client id"}, 400)
    user = auth(home).take_code(fields.get("code", ""), client_id)
    if user is None:
        return json_reply({"error": "invalid_request", "error_description": "Invalid code"}, 400)
    if not user.is_active:
        return json_reply({"error": "access_denied", "error_description": "User is not active"}, 403)
    return _tokens_for(home, request, user, client_id)


def _tokens_for(home: Home, request: Request, user: User, client_id: str) -> Reply:
    secret, row = auth(home).create_refresh_token(user, client_id, request.remote)
    tokens = {
        "access_token": auth(home).access_token(row, request.remote),
        "token_type": "Bearer",
        "refresh_token": secret,
        "expires_in": ACCESS_LIFE_S,
        "ha_auth_provider": PROVIDER,
    }
    return json_reply(tokens, 200, _NO_STORE)


def _from_refresh_token(home: Home, request: Request, fields: dict[str, str]) -> Reply:
    secret = fields.get("refresh_token")
    if secret is None:
        return json_reply({"error": "invalid_request"}, 400)
    found = auth(home).find_refresh_token(secret)
    if found is None:
        return json_reply({"error": "invalid_grant"}, 400)
    if found.client_id != fields.get("client_id"):
        return json_reply({"error": "invalid_request"}, 400)
    tokens = {
        "access_token": auth(home).access_token(found, request.remote),
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE_S,
    }
    return json_reply(tokens, 200, _NO_STORE)


def _form_reply(flow_id: str, errors: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "form",
        "flow_id": flow_id,
        "handler": [PROVIDER, None],
        "data_schema": _FIELDS,
        "errors": errors,
        "description_placeholders": None,
        "last_step": None,
        "preview": None,
        "step_id": "init",
    }


def is_client_id(text: str) -> bool:
    """Whether a client id is one of IndieAuth's: an http(s) address without user, fragment or dot segments."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return bool(
        parts.scheme in ("http", "https")
        and parts.hostname
        and parts.username is None
        and parts.password is None
        and not parts.fragment
        and not any(segment in (".", "..") for segment in parts.path.split("/"))
    )


NATIVE_APPS = {
    "https://home-assistant.io/iOS": ("homeassistant://auth-callback",),
    "https://home-assistant.io/android": (
        "homeassistant://auth-callback",
        "https://wear.googleapis.com/3p_auth/io.homeassistant.companion.android",
        "https://wear.googleapis-cn.com/3p_auth/io.homeassistant.companion.android",
    ),
}
"""The companion apps' own addresses: their client id's host is not where they come back to."""


def redirect_fits(client_id: str, redirect_uri: str) -> bool:
    """Whether a code for `client_id` may be sent to `redirect_uri`: same scheme, host and port, or a known app."""
    if redirect_uri in NATIVE_APPS.get(client_id, ()):
        return True
    try:
        ours, theirs = urlsplit(client_id), urlsplit(redirect_uri)
        return (ours.scheme, ours.netloc) == (theirs.scheme, theirs.netloc)
    except ValueError as exc:
        raise InvalidRequest("Invalid redirect URI") from exc
