"""`/auth/…`: the log-in flow and tokens, as HA's clients use them (the OAuth 2 dialect of IndieAuth)."""

from __future__ import annotations

import math

import voluptuous as vol

from marge.auth import AuthStore, LoginRefused, login
from marge.auth.flows import Flow, created
from marge.auth.models import NETWORK_PROVIDER, PASSWORD_PROVIDER, Token
from marge.auth.networks import is_local
from marge.auth.store import ACCESS_LIFE_S
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import checked, form
from marge.http.indieauth import is_client_id, redirect_fits
from marge.http.message import Reply, Request, json_reply, message_reply, status_reply
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, FORM, OBJECT, STRING, TEXT, Answer, Body, list_of, obj, ref

PROVIDER = PASSWORD_PROVIDER
PROVIDER_NAMES = {PASSWORD_PROVIDER: "Home Assistant Local", NETWORK_PROVIDER: "Trusted Networks"}
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

_START = vol.Schema(
    {
        vol.Required("client_id"): str,
        vol.Required("handler"): vol.Any(str, list),
        vol.Required("redirect_uri"): str,
        vol.Optional("type", default="authorize"): str,
    }
)
_STEP = vol.Schema({vol.Required("client_id"): str}, extra=vol.ALLOW_EXTRA)
_LINK = vol.Schema({vol.Required("code"): str, vol.Required("client_id"): str})


def auth(home: Home) -> AuthStore:
    """The home's users and tokens."""
    store: AuthStore = home.shared["auth"]
    return store


@route(
    "GET", "/.well-known/oauth-authorization-server", access="open",
    replies={
        200: Answer(
            "The pieces.", obj(authorization_endpoint=STRING, token_endpoint=STRING, revocation_endpoint=STRING)
        ),
    },
)  # fmt: skip
def well_known(_home: Home, _request: Request) -> Reply:
    """Where the pieces of the log-in are (RFC 8414)."""
    return json_reply(
        {
            "authorization_endpoint": "/auth/authorize",
            "token_endpoint": "/auth/token",
            "revocation_endpoint": "/auth/revoke",
            "response_types_supported": ["code"],
            "service_documentation": "https://developers.home-assistant.io/docs/auth_api",
        }
    )


@route("GET", "/.well-known/change-password", access="open", replies={302: Answer("To the profile.", STRING, TEXT)})
def change_password(_home: Home, _request: Request) -> Reply:
    """Where a password manager sends somebody who wants another password."""
    return status_reply(302, {"Location": "/profile"})


@route(
    "GET", "/auth/providers", access="open",
    replies={
        200: Answer("The ways in.", obj(providers=list_of(OBJECT), preselect_remember_me=BOOLEAN)),
        400: Answer("There is no owner yet.", obj(message=STRING, code=STRING)),
    },
)  # fmt: skip
def providers(home: Home, request: Request) -> Reply:
    """How one can log in from where the request comes. `open` is there, and true, where nobody needs to."""
    store = auth(home)
    is_open = {"open": True} if store.open_mode else {}
    if store.owner() is None:
        return json_reply({"message": "Onboarding not finished", "code": "onboarding_required", **is_open}, 400)
    known = [
        {"name": PROVIDER_NAMES[kind], "id": None, "type": kind}
        for kind in store.providers.types
        if kind != NETWORK_PROVIDER or store.users_without_password(request.remote) is not None
    ]
    return json_reply({"providers": known, "preselect_remember_me": is_local(request.remote), **is_open})


@route(
    "POST", "/auth/login_flow", access="open", cors=False,
    body=_START,
    replies={200: Answer("The form.", ref("FlowStep"))},
)  # fmt: skip
def start(home: Home, request: Request) -> Reply:
    """Begin a log-in: the reply is the form to fill in."""
    data = checked(request, _START)
    if not is_client_id(data["client_id"]):
        return message_reply("Invalid client id", 400)
    handler = data["handler"]
    kind = handler[0] if isinstance(handler, list) and handler else handler
    if kind not in auth(home).providers.types:
        return message_reply("Invalid handler specified", 404)
    flow = auth(home).flows.start(
        [kind, None], request.remote, client_id=data["client_id"], redirect_uri=data["redirect_uri"]
    )
    return _reply(home, flow, login.begin(auth(home), flow))


@route(
    "POST", "/auth/login_flow/<flow_id>", access="open", cors=False,
    body=_STEP,
    replies={200: Answer("The next form, or the code.", ref("FlowStep")), 403: Answer("Refused.", ref("Message"))},
)  # fmt: skip
def step(home: Home, request: Request) -> Reply:
    """Answer the form; success gives an authorization code."""
    data = checked(request, _STEP)
    client_id = data.pop("client_id")
    if not is_client_id(client_id):
        return message_reply("Invalid client id", 400)
    flow = auth(home).flows.get(request.args["flow_id"])
    if flow is None or flow.client_id != client_id:
        return message_reply("Invalid flow specified", 404)
    if flow.remote != request.remote:
        return message_reply("IP address changed", 400)
    try:
        answer = login.answer(auth(home), flow, data)
    except LoginRefused as exc:
        again = None if exc.retry_after_s is None else {"Retry-After": str(math.ceil(exc.retry_after_s))}
        raise HttpError(403, headers=again) from exc
    return _reply(home, flow, answer)


def _reply(home: Home, flow: Flow, answer: login.Answer) -> Reply:
    store, user = auth(home), answer.user
    if user is None:
        if answer.reply is not None and answer.reply["type"] == "abort":
            store.flows.end(flow.id)
        return json_reply(answer.reply)
    if not store.flows.end(flow.id):  # answered twice at the same time
        return message_reply("Invalid flow specified", 404)
    if not redirect_fits(flow.client_id, flow.redirect_uri):
        return message_reply("Invalid redirect URI", 403)
    why = store.refusal(user, flow.remote)
    if why is not None:
        return message_reply(f"Login blocked: {why}", 403)
    store.guard.succeeded(flow.remote)
    kind = flow.handler[0]
    if kind != PASSWORD_PROVIDER:
        store.link(user, kind)
    return json_reply(created(flow, result=store.create_code(user, flow.client_id, kind)))


@route(
    "DELETE", "/auth/login_flow/<flow_id>", access="open", cors=False,
    replies={200: Answer("It is forgotten.", ref("Message"))},
)  # fmt: skip
def abort(home: Home, request: Request) -> Reply:
    """Give a log-in up."""
    if not auth(home).flows.end(request.args["flow_id"]):
        return message_reply("Invalid flow specified", 404)
    return message_reply("Flow aborted")


@route("GET", "/auth/login_flow", access="open", cors=False, replies={405: Answer("Always.", content_type=None)})
def no_list_of_flows(_home: Home, _request: Request) -> Reply:
    """Nobody is told which log-ins have begun; the reply is HA's, without a text."""
    return Reply(405)


@route("POST", "/auth/link_user", body=_LINK, replies={200: Answer("They are connected.", ref("Message"))})
def link_user(home: Home, request: Request) -> Reply:
    """Connect the log-in that a code stands for with the user who asks."""
    data = checked(request, _LINK)
    found = auth(home).redeem(data["code"], data["client_id"])
    if found is None:
        return message_reply("Invalid code", 400)
    assert request.user is not None
    if found[0].id != request.user.id:  # each log-in of ours leads to a user from its beginning
        return message_reply("Credential already linked", 400)
    return message_reply("User linked")


@route(
    "POST", "/auth/token", access="open",
    body=Body(
        {
            "type": "object",
            "properties": {
                "grant_type": {"enum": ["authorization_code", "refresh_token"]}, "code": STRING, "client_id": STRING,
                "refresh_token": STRING, "action": {"const": "revoke"}, "token": STRING,
            },
        },
        FORM, shape=True,
    ),
    replies={
        200: Answer("The token.", ref("AccessToken")),
        400: Answer("Not worth one.", obj(error=STRING, error_description_=STRING)),
        403: Answer("The user may not come in.", obj(error=STRING, error_description_=STRING)),
    },
)  # fmt: skip
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


@route(
    "POST", "/auth/revoke", access="open",
    body=Body({"type": "object", "properties": {"token": STRING}}, FORM, shape=True),
    replies={200: Answer("It is worth nothing now.", content_type=None)},
)  # fmt: skip
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
    found = auth(home).redeem(fields.get("code", ""), client_id)
    if found is None:
        auth(home).guard.request_refused(request.remote, request.path)
        return json_reply({"error": "invalid_request", "error_description": "Invalid code"}, 400)
    user, provider = found
    why = auth(home).refusal(user, request.remote)
    if why is not None:
        return _denied(why)
    secret, row = auth(home).create_refresh_token(user, client_id, request.remote, provider)
    tokens = {
        "access_token": auth(home).access_token(row, request.remote),
        "token_type": "Bearer",
        "refresh_token": secret,
        "expires_in": ACCESS_LIFE_S,
        "ha_auth_provider": provider,
    }
    return json_reply(tokens, 200, _NO_STORE)


def _from_refresh_token(home: Home, request: Request, fields: dict[str, str]) -> Reply:
    secret = fields.get("refresh_token")
    if secret is None:
        return json_reply({"error": "invalid_request"}, 400)
    found = auth(home).find_refresh_token(secret)
    if found is None:
        auth(home).guard.request_refused(request.remote, request.path)
        return json_reply({"error": "invalid_grant"}, 400)
    if found.client_id != fields.get("client_id"):
        return json_reply({"error": "invalid_request"}, 400)
    why = _why_not(home, found, request.remote)
    if why is not None:
        return _denied(why)
    tokens = {
        "access_token": auth(home).access_token(found, request.remote),
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE_S,
    }
    return json_reply(tokens, 200, _NO_STORE)


def _why_not(home: Home, token: Token, remote: str) -> str | None:
    """Why a refresh token is worth nothing to whoever asks from there."""
    user = auth(home).user(token.user_id)
    if user is None:
        return "User is not active"
    if token.provider == NETWORK_PROVIDER:
        users = auth(home).users_without_password(remote)
        if users is None or all(each.id != user.id for each in users):
            return "Not in trusted_networks"
    return auth(home).refusal(user, remote)


def _denied(why: str) -> Reply:
    return json_reply({"error": "access_denied", "error_description": why}, 403)
