"""`/api/actors`: seeing inside. Administrators only."""

from __future__ import annotations

from typing import Any

from marge.actors.inspect import CHILDREN_SHOWN, DEPTH_SHOWN, figures, set_tracing, top
from marge.console import console_of
from marge.console.audit import Audit
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, Answer, Query, list_of, obj

_MOST_CHILDREN = 100_000
_SORTS = ("mailbox", "busy_ms", "processed", "restarts")


@route(
    "GET", "/api/actors", access="admin",
    query={
        "path": "Where to begin; the root unless given.", "depth": Query("Levels shown, 20 at most.", INTEGER),
        "limit": Query("Children shown of each.", INTEGER),
        "sort": Query("A flat list of the first ones by this figure.", {"enum": list(_SORTS)}),
    },
    replies={200: Answer("The tree, or the list.", {"anyOf": [OBJECT, list_of(OBJECT)]})},
)  # fmt: skip
def tree(home: Home, request: Request) -> Reply:
    """The tree of actors with figures.

    Query: `path` (where to begin), `depth`, `limit` (children shown of each), or `sort` (`mailbox`, `busy_ms`,
    `processed`, `restarts`) with `limit` for a flat list of the first ones.
    """
    limit = _number(request, "limit", CHILDREN_SHOWN, _MOST_CHILDREN)
    sort = request.query.get("sort")
    if sort is not None:
        return json_reply(_top(home, sort, limit))
    depth = _number(request, "depth", DEPTH_SHOWN, 20)
    shown = home.system.tree(request.query.get("path", "/"), depth, limit)
    shown["dead_letters"] = home.system.dead_letters.total
    shown["actors"] = len(home.system)
    return json_reply(shown)


@route(
    "GET", "/api/dead_letters", access="admin",
    replies={200: Answer("The figures.", obj(total=INTEGER, by_reason=OBJECT, latest=list_of(OBJECT)))},
)  # fmt: skip
def dead_letters(home: Home, _request: Request) -> Reply:
    """Messages that reached nobody: counts, and the latest."""
    return json_reply(home.system.dead_letters.as_dict())


@route("GET", "/api/watchdog", access="admin", replies={200: Answer("The figures.", OBJECT)})
def watchdog(home: Home, _request: Request) -> Reply:
    """Who held the hub longer than 50 ms."""
    run = home.shared.get("run")
    return json_reply({} if run is None else run.watchdog.describe())


@route("GET", "/api/actors/<path:path>", access="admin", replies={200: Answer("Its figures.", OBJECT)})
def inspect(home: Home, request: Request) -> Reply:
    """One actor in detail."""
    return json_reply(home.system.inspect(_path(request.args["path"])))


@route(
    "POST", "/api/actors/<path:path>", access="admin",
    replies={200: Answer("Done.", obj(result={"const": "ok"}, tracing_=BOOLEAN))},
)  # fmt: skip
def act(home: Home, request: Request) -> Reply:
    """`…/restart`, `…/kill`, `…/trace/on`, `…/trace/off` of the actor before that word. The first two are audited."""
    path, _, verb = _path(request.args["path"]).rpartition("/")
    audit = console_of(home).audit
    if verb in ("on", "off"):
        path, _, kind = path.rpartition("/")
        if kind != "trace":
            return message_reply(f"Unknown action {kind}/{verb}.", 404)
        set_tracing(home.system, path, verb == "on")
        return json_reply({"result": "ok", "tracing": verb == "on"})
    if verb == "restart":
        figures(home.system, path)  # 404 when there never was one
        done = home.system.restart(path)
        _note(audit, request, verb, path, done)
        if not done:
            return message_reply(f"{path} cannot be restarted.", 400)
        return json_reply({"result": "ok"})
    if verb == "kill":
        done = path not in ("", "/") and home.system.kill(path)
        _note(audit, request, verb, path or "/", done)
        if not done:
            return message_reply(f"no actor at {path or '/'}", 404)
        return json_reply({"result": "ok"})
    return message_reply(f"Unknown action {verb}.", 404)


def _note(audit: Audit, request: Request, action: str, path: str, done: bool) -> None:
    user, result = request.user, "done" if done else "refused"
    name = "nobody" if user is None else user.name
    audit.note(None if user is None else user.id, name, action, path, result, done, request.remote)


def _path(text: str) -> str:
    return "/" + text.strip("/")


def _top(home: Home, sort: str, limit: int) -> list[dict[str, Any]]:
    if sort not in _SORTS:
        raise InvalidRequest(f"sort must be one of {', '.join(_SORTS)}.")
    return top(home.system, sort, limit)


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not text.isdigit():
        raise InvalidRequest(f"{name} must be a whole number.")
    return min(int(text), most)
