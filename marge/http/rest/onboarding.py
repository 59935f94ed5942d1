"""`/api/onboarding`: the first user becomes the owner."""

from __future__ import annotations

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.forms import checked
from marge.http.message import Reply, Request, json_reply, message_reply, status_reply
from marge.http.rest.auth import auth, is_client_id, redirect_fits
from marge.http.routing import route
from marge.integrations.base import SHARED as ENTRY_HOST

_STEPS = ("user", "core_config", "analytics", "integration")
_USER = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Required("username"): str,
        vol.Required("password"): str,
        vol.Required("client_id"): str,
        vol.Required("language"): str,
    }
)
_INTEGRATION = vol.Schema({vol.Required("client_id"): str, vol.Required("redirect_uri"): str})


@route("GET", "/api/onboarding", access="open")
def status(home: Home, _request: Request) -> Reply:
    """Which steps are done."""
    done = auth(home).onboarding_done()
    return json_reply([{"step": step, "done": step in done} for step in _STEPS])


@route("GET", "/api/onboarding/installation_type", access="open")
def installation_type(home: Home, _request: Request) -> Reply:
    """What kind of installation this is; told to nobody once there is an owner."""
    if auth(home).owner() is not None:
        return status_reply(401)
    return json_reply({"installation_type": "Unsupported Third Party Container"})


@route("POST", "/api/onboarding/users", access="open")
def create_owner(home: Home, request: Request) -> Reply:
    """Make the owner; the reply's code is worth a first log-in."""
    if auth(home).owner() is not None:
        return message_reply("User step already done", 403)
    data = checked(request, _USER)
    try:
        user = auth(home).create_user(data["name"], data["username"], data["password"], is_owner=True)
    except InvalidRequest:
        if auth(home).owner() is None:
            raise
        return message_reply("User step already done", 403)  # somebody else came first while we hashed
    auth(home).finish_onboarding_step("user")
    return json_reply({"auth_code": auth(home).create_code(user, data["client_id"])})


@route("POST", "/api/onboarding/core_config", access="admin")
def core_config(home: Home, _request: Request) -> Reply:
    """The home's place and units come from configuration.yaml, so this only ticks the step off."""
    reply = _tick(home, "core_config", "Core config step already done")
    host = home.shared.get(ENTRY_HOST)  # the door opens before the integrations start
    if reply.status == 200 and host is not None:
        host.onboard()
    return reply


@route("POST", "/api/onboarding/analytics", access="admin")
def analytics(home: Home, _request: Request) -> Reply:
    """Marge sends nothing to anybody, so this only ticks the step off."""
    return _tick(home, "analytics", "Analytics config step already done")


@route("POST", "/api/onboarding/integration", access="user")
def integration(home: Home, request: Request) -> Reply:
    """The last step: a code for the client that carries on."""
    if "integration" in auth(home).onboarding_done():
        return message_reply("Integration step already done", 403)
    data = checked(request, _INTEGRATION)
    if not is_client_id(data["client_id"]) or not redirect_fits(data["client_id"], data["redirect_uri"]):
        return message_reply("invalid client id or redirect uri", 400)
    if not auth(home).finish_onboarding_step("integration"):
        return message_reply("Integration step already done", 403)
    assert request.user is not None
    return json_reply({"auth_code": auth(home).create_code(request.user, data["client_id"])})


def _tick(home: Home, step: str, done_already: str) -> Reply:
    if not auth(home).finish_onboarding_step(step):
        return message_reply(done_already, 403)
    return json_reply({})
