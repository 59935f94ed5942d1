"""`/api/onboarding/backup/…`: a home that has no owner yet becomes one that was backed up, here or elsewhere.

Whoever comes first may become the owner, and so may whoever comes first with a backup; once there is an owner all of
this is closed. What is checked, and how it is put back, is as on the page of settings (`backup.py`, `backups.py`).
"""

from __future__ import annotations

import math
from pathlib import Path

import structlog
import voluptuous as vol

from marge.actors import native
from marge.backup.contents import FOLDER
from marge.backup.write import room
from marge.domains._backup_sent import MOST_SENT, remember_sent, sent
from marge.domains.backup import AGENT, SHARED, Backups, PasswordIncorrect
from marge.errors import HomeError
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import checked
from marge.http.limits import Limits
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.rest.auth import auth
from marge.http.rest.backup import received
from marge.http.rest.backups import work_of
from marge.http.routing import route
from marge.http.shapes import FILE, INTEGER, OBJECT, STRING, TEXT, Answer, Query, list_of, maybe, obj

log = structlog.get_logger("marge.http")

_RESTORE = vol.Schema(
    {
        vol.Required("backup_id"): str,
        vol.Required("agent_id"): str,
        vol.Optional("password"): vol.Maybe(str),
        vol.Optional("restore_addons"): vol.Maybe([str]),
        vol.Optional("restore_database", default=True): bool,
        vol.Optional("restore_folders"): vol.Maybe([str]),
    }
)
_OWNED = Answer("There is an owner already.", STRING, TEXT)
_FOREIGN = "A page of another site sent this. Open the address of this home itself."
_WORK = obj(
    state=STRING, stage=maybe(STRING), step=maybe(STRING), percent=maybe(INTEGER), done_bytes=INTEGER,
    total_bytes=INTEGER, last=maybe(OBJECT), problem=maybe(STRING), most_bytes=INTEGER,
)  # fmt: skip


@route(
    "GET", "/api/onboarding/backup/info", access="open",
    replies={200: Answer("The oldest first.", obj(backups=list_of(OBJECT), state=STRING)), 401: _OWNED},
)  # fmt: skip
def info(home: Home, _request: Request) -> Reply:
    """The backups that lie here, as WebSocket `backup/info` has them, and what goes on."""
    backups = _backups(home)
    event = backups.progress.last_event
    return json_reply({"backups": backups.all(), "state": backups.state, "last_action_event": event})


@route(
    "GET", "/api/onboarding/backup/status", access="open",
    replies={200: Answer("`most_bytes`: how large a file may be sent.", _WORK), 401: _OWNED},
)  # fmt: skip
def status(home: Home, _request: Request) -> Reply:
    """How far a restore is, and how the last one went. Marge's own."""
    backups = _backups(home)
    return json_reply({**work_of(backups), "most_bytes": native.run(_most_bytes, home)})


def _why_not_large(home: Home, request: Request) -> int | None:
    if auth(home).owner() is not None:
        return 401
    return 403 if _is_foreign(request) else None


@route(
    "POST", "/api/onboarding/backup/upload", access="open", cors=False, large=_why_not_large,
    body=FILE,
    query={"agent_id": Query("Where to keep it.", {"const": AGENT}, required=True)},
    replies={
        201: Answer("It is kept.", obj(backup_id=STRING)),
        400: Answer("Why not.", obj(message=STRING)),
        401: _OWNED,
        507: Answer("The disk is full.", obj(message=STRING)),
    },
)  # fmt: skip
def upload(home: Home, request: Request) -> Reply:
    """Keep a backup of another home, or of this one, beside those that lie here; none of them gives way to it."""
    backups = _backups(home, request)
    if request.query_all("agent_id") != [AGENT]:
        return Reply(400)
    here = {each["backup_id"] for each in backups.all()}
    if len(here.intersection(sent(home))) >= MOST_SENT:
        return message_reply(f"{MOST_SENT} backups were sent to this home already. Restore one of them.", 400)

    def add(draft: Path) -> str:
        _refuse_owned(home)  # it took its time to come
        backup_id = backups.add(draft, replaces=False)
        if backup_id not in here:
            remember_sent(home, backup_id)
            log.warning("a backup was sent to this home, which has no owner", remote=request.remote, backup=backup_id)
        return backup_id

    return received(request, backups, add)


@route(
    "POST", "/api/onboarding/backup/restore", access="open", cors=False,
    body=_RESTORE,
    replies={
        200: Answer("It is whole and made ready; the home restarts.", content_type=None),
        400: Answer("`code`: `incorrect_password` or `restore_failed`.", obj(code_=STRING, message=STRING)),
        401: _OWNED,
    },
)  # fmt: skip
def restore(home: Home, request: Request) -> Reply:
    """Check a backup whole, and restart into it. What is wrong with it is said, and nothing has changed."""
    backups = _backups(home, request)
    data = checked(request, _RESTORE)
    guard, remote = auth(home).guard, request.remote
    if guard.may_not_log_in(remote):
        raise _shut_out(home, remote)
    try:
        backups.restore(**data, wanted=lambda: auth(home).owner() is None)
    except PasswordIncorrect as exc:
        # a question without a password is no guess
        if data.get("password") and guard.login_failed(remote, f"backup {data['backup_id']}"):
            raise _shut_out(home, remote) from exc
        return json_reply({"code": "incorrect_password", "message": str(exc)}, 400)
    except HomeError as exc:
        _refuse_owned(home)
        return json_reply({"code": "restore_failed", "message": str(exc)}, 400)
    guard.succeeded(remote)
    return Reply(200)


def _backups(home: Home, request: Request | None = None) -> Backups:
    """The home's backups, while it has no owner. `request`: one that changes something.

    Raises:
        HttpError: it has one, or another site's page asks.
    """
    _refuse_owned(home)
    if request is not None and _is_foreign(request):
        raise HttpError(403, _FOREIGN)
    found: Backups = home.shared[SHARED]
    return found


def _refuse_owned(home: Home) -> None:
    if auth(home).owner() is not None:
        raise HttpError(401)


def _shut_out(home: Home, remote: str) -> HttpError:
    """As a log-in is refused after too many."""
    wait_s = auth(home).guard.locked_for(remote)
    return HttpError(403, headers=None if wait_s is None else {"Retry-After": str(math.ceil(wait_s))})


def _is_foreign(request: Request) -> bool:
    """Whether a browser was made to send this by a page that is none of this home's: no log-in stands in its way."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != str(request.headers.get("host")).lower()


def _most_bytes(home: Home) -> int:
    """How large a file may be sent: it lies on the disk twice while it is taken out of its envelope. Blocks."""
    limits = Limits()
    if home.config.marge.server == "pywsgi":
        return limits.max_body
    folder = home.config.config_dir / FOLDER
    return max(0, min(limits.max_large_body, room(folder if folder.is_dir() else folder.parent) // 2))
