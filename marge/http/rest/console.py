"""`/api/console` and `/api/why`: the actor console for scripts. Owners only, but for `why`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.console import ACTIONS, MAX_ROWS, Who, console_of, letters, why
from marge.errors import InvalidRequest, Unauthorized
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.permissions import may_read
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, Query, list_of, obj

_ACT = vol.Schema(
    {
        vol.Required("path"): vol.All(str, vol.Length(min=1, max=1_000)),
        vol.Required("action"): vol.In(ACTIONS),
        vol.Optional("seconds"): vol.All(vol.Any(int, float), vol.Range(min=0, max=3_600)),
        vol.Optional("level"): str,
    }
)
_PAGE: dict[str, str | Query] = {
    "filter": "Only those in which this text occurs.", "offset": Query("How many to skip.", INTEGER),
    "limit": Query(f"How many to show, {MAX_ROWS} at most.", INTEGER),
}  # fmt: skip
_LIST = {200: Answer("A page, and how many there are.", obj(total=INTEGER, rows=list_of(OBJECT)))}


@route("GET", "/api/console/actors", access="admin", query={"path": "Below whom.", "group": "Of which group.", **_PAGE},
       replies=_LIST)  # fmt: skip
def actors(home: Home, request: Request) -> Reply:
    """Actors, the guilty first: below a path, of a group, or all in which the filter occurs."""
    _owners_only(request)
    wish: dict[str, Any] = {name: request.query[name] for name in ("path", "group") if name in request.query}
    return json_reply(console_of(home).children(**wish, **_page(request)))


@route("GET", "/api/console/waits", access="admin", replies={200: Answer("Questions without an answer yet.", OBJECT)})
def waits(home: Home, request: Request) -> Reply:
    """Who asks whom since when, and who waits for each other in a circle."""
    _owners_only(request)
    return json_reply(console_of(home).waits())


@route("GET", "/api/console/dead_letters", access="admin", query=_PAGE, replies=_LIST)
def dead_letters(home: Home, request: Request) -> Reply:
    """The kept dead letters, newest first."""
    _owners_only(request)
    return json_reply(letters(home.system, **_page(request)))


@route("GET", "/api/console/audit", access="admin", query=_PAGE, replies=_LIST)
def audit(home: Home, request: Request) -> Reply:
    """Who did what to the running system, newest first."""
    _owners_only(request)
    return json_reply(console_of(home).audit.entries(**_page(request)))


@route(
    "POST", "/api/console/act", access="admin", body=_ACT,
    replies={200: Answer("Done.", obj(result={"const": "ok"}, text=STRING)), 400: "Refused, and why."},
)  # fmt: skip
def act(home: Home, request: Request) -> Reply:
    """Restart, stop, start, pause, resume, drain or trace an actor, or set its log level for a while."""
    _owners_only(request)
    wish = _ACT(request.json())
    text = console_of(home).actions.act(_who(request), **wish)
    return json_reply({"result": "ok", "text": text})


@route("GET", "/api/console/actor", access="admin", query={"path": "Its path."},
       replies={200: Answer("Everything about it.", OBJECT)})  # fmt: skip
def actor(home: Home, request: Request) -> Reply:
    """One actor, also one that is gone."""
    _owners_only(request)
    return json_reply(console_of(home).actor(request.query.get("path", "/")))


@route("GET", "/api/why/<entity_id>", replies={200: Answer("The chain, newest first.", OBJECT)})
def why_entity(home: Home, request: Request) -> Reply:
    """Why an entity's state is as it is: the chain back to a user, a device, a time, or Marge itself."""
    if not may_read(request.user, request.args["entity_id"]):
        raise HttpError(401, "Unauthorized")
    return json_reply(why(home, request.args["entity_id"]))


def _owners_only(request: Request) -> None:
    if request.user is None or not request.user.is_owner:
        raise Unauthorized("Unauthorized")


def _who(request: Request) -> Who:
    user = request.user
    return Who(None, "nobody", request.remote) if user is None else Who(user.id, user.name, request.remote)


def _page(request: Request) -> dict[str, Any]:
    return {
        "text": request.query.get("filter", "")[:200], "offset": _number(request, "offset", 0, 1_000_000),
        "limit": max(1, _number(request, "limit", 100, MAX_ROWS)),
    }  # fmt: skip


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise InvalidRequest(f"{name} must be a whole number.")
    return min(int(text[:9]), most)
