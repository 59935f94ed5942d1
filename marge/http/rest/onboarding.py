"""`/api/onboarding`: the first user becomes the owner."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.auth import User
from marge.components import components
from marge.domains.backup import SHARED, Backups
from marge.errors import InvalidRequest, MargeError, Unavailable
from marge.home import Home
from marge.http.forms import checked
from marge.http.indieauth import is_client_id, redirect_fits
from marge.http.message import Reply, Request, json_reply, message_reply, status_reply
from marge.http.rest.auth import auth
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, OBJECT, STRING, TEXT, Answer, list_of, maybe, obj, ref
from marge.integrations._safe_mode import lost_home

log = structlog.get_logger("marge.http")

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
_WAIT = vol.Schema({vol.Required("domain"): str})

_AREA_ICONS = ("mdi:sofa", "mdi:stove", "mdi:bed")
_AREAS = {
    "en": ("Living Room", "Kitchen", "Bedroom"),
    "de": ("Wohnzimmer", "Küche", "Schlafzimmer"),
    "fr": ("Salon", "Cuisine", "Chambre"),
    "es": ("Sala de estar", "Cocina", "Dormitorio"),
    "it": ("Soggiorno", "Cucina", "Camera da letto"),
    "nl": ("Woonkamer", "Keuken", "Slaapkamer"),
    "pt": ("Sala de estar", "Cozinha", "Quarto"),
    "pl": ("Salon", "Kuchnia", "Sypialnia"),
    "sv": ("Vardagsrum", "Kök", "Sovrum"),
    "nb": ("Stue", "Kjøkken", "Soverom"),
    "da": ("Stue", "Køkken", "Soveværelse"),
    "fi": ("Olohuone", "Keittiö", "Makuuhuone"),
    "cs": ("Obývací pokoj", "Kuchyně", "Ložnice"),
    "hu": ("Nappali", "Konyha", "Hálószoba"),
    "ru": ("Гостиная", "Кухня", "Спальня"),
    "uk": ("Вітальня", "Кухня", "Спальня"),
    "tr": ("Oturma odası", "Mutfak", "Yatak odası"),
    "ja": ("リビングルーム", "キッチン", "寝室"),
    "zh": ("客厅", "厨房", "卧室"),
}
"""What nearly every home has, in the owner's language; a language that is not here gets English."""
_NO_CLOUD = {
    401: Answer("There is an owner already.", STRING, TEXT),
    500: Answer("There is none.", obj(code={"const": "cloud_disabled"})),
}


@route(
    "GET", "/api/onboarding", access="open",
    replies={200: Answer("The steps.", list_of(obj(step=STRING, done=BOOLEAN)))},
)  # fmt: skip
def status(home: Home, _request: Request) -> Reply:
    """Which steps are done."""
    done = auth(home).onboarding_done()
    return json_reply([{"step": step, "done": step in done} for step in _STEPS])


@route(
    "GET", "/api/onboarding/installation_type", access="open",
    replies={
        200: Answer("The kind.", obj(installation_type=STRING)),
        401: Answer("There is an owner already.", STRING, TEXT),
    },
)  # fmt: skip
def installation_type(home: Home, _request: Request) -> Reply:
    """What kind of installation this is; told to nobody once there is an owner."""
    if auth(home).onboarding_done():
        return status_reply(401)
    return json_reply({"installation_type": "Unsupported Third Party Container"})


@route(
    "GET", "/api/onboarding/lost", access="open",
    replies={
        200: Answer(
            "`reason`: `damaged` or `missing`; null: there was none.",
            obj(lost=maybe(obj(reason=STRING, file=STRING, backups=list_of(OBJECT)))),
        ),
        401: Answer("There is an owner already.", STRING, TEXT),
    },
)  # fmt: skip
def lost(home: Home, _request: Request) -> Reply:
    """The home that was here before and whose database was lost, for whoever is asked to begin anew."""
    if auth(home).owner() is not None:
        return status_reply(401)
    return json_reply({"lost": lost_home(home)})


@route("GET", "/api/onboarding/cloud/status", access="open", replies=_NO_CLOUD)
@route("POST", "/api/onboarding/cloud/login", access="open", replies=_NO_CLOUD)
@route("POST", "/api/onboarding/cloud/logout", access="open", replies=_NO_CLOUD)
@route("POST", "/api/onboarding/cloud/forgot_password", access="open", replies=_NO_CLOUD)
def cloud(home: Home, _request: Request) -> Reply:
    """There is no cloud, in HA's words."""
    if auth(home).onboarding_done():
        return status_reply(401)
    return json_reply({"code": "cloud_disabled"}, 500)


@route(
    "POST", "/api/onboarding/users", access="open",
    body=_USER,
    replies={
        200: Answer("A code.", ref("AuthCode")),
        403: Answer("Done already.", ref("Message")),
        503: Answer("A backup is being restored.", ref("Message")),
    },
)  # fmt: skip
def create_owner(home: Home, request: Request) -> Reply:
    """Make the owner; the reply's code is worth a first log-in."""
    if "user" in auth(home).onboarding_done():
        return message_reply("User step already done", 403)
    data = checked(request, _USER)
    backups: Backups | None = home.shared.get(SHARED)
    if backups is not None and backups.is_restarting:
        raise Unavailable("This home is being restored from a backup, and restarts.")
    try:
        user = auth(home).create_user(data["name"], data["username"], data["password"], is_owner=True)
    except InvalidRequest:
        if auth(home).owner() is None:
            raise
        return message_reply("User step already done", 403)  # somebody else came first while we hashed
    auth(home).finish_onboarding_step("user")
    _furnish(home, user, data["language"])
    return json_reply({"auth_code": auth(home).create_code(user, data["client_id"])})


def _furnish(home: Home, owner: User, language: str) -> None:
    """A person for the owner, and the first areas. What fails is missing; the owner is there all the same."""
    people: Any = home.shared.get("person")
    if people is not None:
        try:
            people.create_for_user(owner)
        except MargeError as exc:
            log.error("the owner got no person", problem=str(exc))
    words = language.replace("_", "-").split("-")[0].lower()
    for name, icon in zip(_AREAS.get(words, _AREAS["en"]), _AREA_ICONS, strict=True):
        try:
            home.registries.areas.create(name, icon=icon)
        except MargeError:  # an area of that name is there already
            log.debug("a first area is there already", area=name)


@route(
    "POST", "/api/onboarding/core_config", access="admin",
    replies={200: Answer("Ticked off.", OBJECT), 403: Answer("Done already.", ref("Message"))},
)  # fmt: skip
def core_config(home: Home, _request: Request) -> Reply:
    """The home's place and units are set elsewhere, so this only ticks the step off."""
    return _tick(home, "core_config", "Core config step already done")


@route(
    "POST", "/api/onboarding/analytics", access="admin",
    replies={200: Answer("Ticked off.", OBJECT), 403: Answer("Done already.", ref("Message"))},
)  # fmt: skip
def analytics(home: Home, _request: Request) -> Reply:
    """Marge sends nothing to anybody, so this only ticks the step off."""
    return _tick(home, "analytics", "Analytics config step already done")


@route(
    "POST", "/api/onboarding/integration", access="user",
    body=_INTEGRATION,
    replies={200: Answer("A code.", ref("AuthCode")), 403: Answer("Done already.", ref("Message"))},
)  # fmt: skip
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


@route(
    "POST", "/api/onboarding/integration/wait", access="open",
    body=_WAIT,
    replies={200: Answer("Whether it is.", obj(integration_loaded=BOOLEAN))},
)  # fmt: skip
def wait_for_integration(home: Home, request: Request) -> Reply:
    """Whether a part of the server is loaded. All are when the server answers, so there is nothing to wait for."""
    data = checked(request, _WAIT)
    return json_reply({"integration_loaded": data["domain"] in components(home)})


def _tick(home: Home, step: str, done_already: str) -> Reply:
    if not auth(home).finish_onboarding_step(step):
        return message_reply(done_already, 403)
    return json_reply({})
