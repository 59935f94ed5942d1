"""`/api/backups`: backups for scripts, Marge's own: list, make, check, put back, and how far that is."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.actors import native
from marge.backup import staging
from marge.domains.backup import AGENT, SHARED, Backups
from marge.errors import HomeError
from marge.home import Home
from marge.http.forms import told
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, STRING, Answer, list_of, maybe, obj, ref

_PASSWORD = vol.Maybe(str, msg="password must be a text.")
_MAKE = vol.Schema(
    {
        vol.Optional("name"): vol.Maybe(str, msg="name must be a text."),
        vol.Optional("password"): _PASSWORD,
        vol.Optional("include_database"): vol.Any(bool, msg="include_database must be true or false."),
        vol.Optional("media"): vol.Any(bool, msg="media must be true or false."),
    }
)
_CHECK = vol.Schema({vol.Optional("password"): _PASSWORD})
_RESTORE = vol.Schema(
    {
        vol.Optional("password"): _PASSWORD,
        vol.Optional("restore_database"): vol.Any(bool, msg="restore_database must be true or false."),
        vol.Optional("restore_homeassistant"): vol.Any(bool, msg="restore_homeassistant must be true or false."),
    }
)
_STATUS = obj(
    state=STRING, stage=maybe(STRING), step=maybe(STRING), percent=maybe(INTEGER), done_bytes=INTEGER,
    total_bytes=INTEGER, last=maybe(OBJECT), problem=maybe(STRING), waiting_restore=maybe(OBJECT),
    next_automatic_backup=maybe(STRING), last_completed_automatic_backup=maybe(STRING), safe_mode=BOOLEAN,
)  # fmt: skip
_MISSING = {404: Answer("No such backup.", ref("Message")), 400: Answer("Why not.", ref("Message"))}


@route("GET", "/api/backups", access="admin", replies={200: Answer("The oldest first.", list_of(OBJECT))})
def list_backups(home: Home, _request: Request) -> Reply:
    """All backups, as WebSocket `backup/info` has them."""
    return json_reply(_backups(home).all())


@route("GET", "/api/backups/status", access="admin", replies={200: Answer("What goes on.", _STATUS)})
def status(home: Home, _request: Request) -> Reply:
    """What is being done with backups and how far it is, how the last of it went, and what waits for the next start."""
    backups = _backups(home)
    waiting = native.run(staging.waiting, home.config.config_dir)
    return json_reply(
        {
            **work_of(backups),
            "waiting_restore": waiting and {"backup_id": waiting.backup_id, "name": waiting.name},
            "next_automatic_backup": backups.schedule()["next_automatic_backup"],
            "last_completed_automatic_backup": backups.attempts()["last_completed_automatic_backup"],
            "safe_mode": bool(home.shared.get("safe_mode")),
        }
    )


def work_of(backups: Backups) -> dict[str, Any]:
    """What is being done with backups, how far it is, and how the last of it went. Does not wait."""
    progress = backups.progress
    meter, is_idle = progress.meter, backups.state == "idle"
    event = progress.last_event
    return {
        "state": backups.state,
        "stage": None if is_idle or event is None else event["stage"],
        "step": None if is_idle else meter.step or None,
        "percent": None if is_idle else meter.percent,
        "done_bytes": meter.done,
        "total_bytes": meter.total,
        "last": event,
        "problem": progress.problem,
    }


@route(
    "POST", "/api/backups", access="admin", body=_MAKE,
    replies={202: Answer("It is being made.", obj(backup_id=STRING)), 400: Answer("Why not.", ref("Message"))},
)  # fmt: skip
def make(home: Home, request: Request) -> Reply:
    """Begin to make a backup; `/api/backups/status` says how far it is."""
    wanted = _body(request, _MAKE)
    folders = ["media"] if wanted.pop("media", False) else None
    try:
        backup_id, _making = _backups(home).create([AGENT], include_folders=folders, **wanted)
    except HomeError as exc:
        return message_reply(str(exc), 400)
    return json_reply({"backup_id": backup_id}, 202)


@route(
    "DELETE", "/api/backups/<backup_id>", access="admin", replies={200: Answer("It is gone.", ref("Ok")), **_MISSING}
)
def delete(home: Home, request: Request) -> Reply:
    """Forget a backup."""
    if _backups(home).path(request.args["backup_id"]) is None:
        return _missing(request)
    _backups(home).delete(request.args["backup_id"])
    return json_reply({"result": "ok"})


@route(
    "POST", "/api/backups/<backup_id>/verify", access="admin", body=_CHECK,
    replies={200: Answer("It is whole.", obj(files=INTEGER, database=BOOLEAN, bytes=INTEGER)), **_MISSING},
)  # fmt: skip
def verify(home: Home, request: Request) -> Reply:
    """Read a backup whole and check everything in it. A sealed one needs its password or secret key."""
    wanted = _body(request, _CHECK)
    if _backups(home).path(request.args["backup_id"]) is None:
        return _missing(request)
    try:
        found = _backups(home).verify(request.args["backup_id"], wanted.get("password"))
    except HomeError as exc:
        return message_reply(str(exc), 400)
    return json_reply({"files": len(found.files), "database": found.database, "bytes": found.unpacked})


@route(
    "POST", "/api/backups/<backup_id>/restore", access="admin", body=_RESTORE,
    replies={202: Answer("It is whole and made ready; the home restarts.", ref("Ok")), **_MISSING},
)  # fmt: skip
def restore(home: Home, request: Request) -> Reply:
    """Check a backup whole, and restart into it. What is wrong with it is said, and nothing has changed."""
    wanted = _body(request, _RESTORE)
    if _backups(home).path(request.args["backup_id"]) is None:
        return _missing(request)
    try:
        _backups(home).restore(request.args["backup_id"], AGENT, **wanted)
    except HomeError as exc:
        return message_reply(str(exc), 400)
    return json_reply({"result": "ok"}, 202)


def _body(request: Request, schema: vol.Schema) -> dict[str, Any]:
    """The wishes in a body; an empty body has none."""
    wishes: dict[str, Any] = told(request.json() if request.body else {}, schema)
    return wishes


def _missing(request: Request) -> Reply:
    return message_reply(f"There is no backup {request.args['backup_id'][:64]!r}.", 404)


def _backups(home: Home) -> Backups:
    backups: Backups = home.shared[SHARED]
    return backups
