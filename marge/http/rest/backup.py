"""`/api/backup/…`: backups as files, for administrators; `/api/backup` and `/api/restore` of the native API."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from marge.actors import native
from marge.automations.editing import AUTOMATION, reload
from marge.backup.write import DRAFTS
from marge.domains.backup import AGENT, SHARED, Backups, PasswordIncorrect
from marge.errors import HomeError, InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.ranges import file_reply
from marge.http.routing import route
from marge.http.shapes import FILE, STRING, Answer, Query, obj
from marge.http.uploads import save_uploaded
from marge.util.atomic import write_atomically

_TAR, _GZIP = "application/x-tar", "application/gzip"


@route(
    "GET", "/api/backup/download/<backup_id>", access="admin",
    query={"agent_id": Query("Where it is kept.", {"const": AGENT}, required=True)},
    replies={
        200: Answer("A tar file.", STRING, _TAR),
        400: Answer("No such place.", content_type=None),
        404: Answer("No such backup.", content_type=None),
    },
)  # fmt: skip
def download(home: Home, request: Request) -> Reply:
    """A backup as a file; with its `password`, one that is not protected any more."""
    if request.query.get("agent_id") != AGENT:
        return Reply(400)
    backups = _backups(home)
    backup_id = request.args["backup_id"]
    found = backups.get(backup_id)
    path = None if found is None else backups.path(backup_id)
    if found is None or path is None:
        return Reply(404)
    headers = {"Content-Disposition": f"attachment; filename={path.name}"}
    password = request.query.get("password")
    if not password or not found["agents"][AGENT]["protected"]:
        return file_reply(request, path, _TAR, headers)
    try:
        opened = backups.opened(backup_id, password)
    except PasswordIncorrect:
        return Reply(400)
    return _passing(request, opened, _TAR, headers)


@route(
    "POST", "/api/backup/upload", access="admin", large=True,
    body=FILE,
    query={"agent_id": Query("Where to keep it.", {"const": AGENT}, required=True)},
    replies={
        201: Answer("It is kept.", obj(backup_id=STRING)),
        400: Answer("Why not.", obj(message=STRING)),
        507: Answer("The disk is full.", obj(message=STRING)),
    },
)  # fmt: skip
def upload(home: Home, request: Request) -> Reply:
    """Keep a backup that was downloaded once; as large as the disk has room for."""
    if request.query_all("agent_id") != [AGENT]:
        return Reply(400)
    backups = _backups(home)
    return received(request, backups, backups.add)


def received(request: Request, backups: Backups, add: Callable[[Path], str]) -> Reply:
    """Hand the file in a body to `add`; what came of it."""
    draft = _draft(backups)
    try:
        save_uploaded(request, draft)
        backup_id = add(draft)
    except (InvalidRequest, HomeError) as exc:
        return message_reply(str(exc), 400)
    except OSError as exc:
        return message_reply(f"The file cannot be written to the disk: {exc.strerror or exc}", 507)
    finally:
        native.run(draft.unlink, True)
    return json_reply({"backup_id": backup_id}, 201)


@route("GET", "/api/backup", access="admin", replies={200: Answer("A backup.", STRING, _GZIP)})
def native_backup(home: Home, request: Request) -> Reply:
    """The database, automations, scenes and scripts as they are now, in one gzip tar."""
    path = _backups(home).native_archive()
    stamp = time.strftime("%Y%m%d_%H%M%S", time.gmtime(home.clock.now()))
    return _passing(
        request, path, _GZIP, {"Content-Disposition": f'attachment; filename="marge_backup_{stamp}.tar.gz"'}
    )


@route("POST", "/api/restore", access="admin", large=True)
def native_restore(home: Home, request: Request) -> Reply:
    """Put such an archive back: the files at once, the database when the server starts again."""
    backups = _backups(home)
    draft = _draft(backups)
    try:
        if request.spool is None:
            native.run(_write, draft, request.body)
        files, has_database = backups.restore_native(draft if request.spool is None else request.spool.path)
    except HomeError as exc:
        return message_reply(str(exc), 400)
    finally:
        native.run(draft.unlink, True)
    for name, data in files.items():
        native.run(write_atomically, home.config.config_dir / name, data)
    with suppress(HomeError):  # the files are restored; a repair issue says which of them cannot be read
        reload(home, AUTOMATION)
        for domain in ("scene", "script"):
            if f"{domain}s.yaml" in files:
                home.services.call(domain, "reload", {})
    answer = {"result": "ok", "files_restored": len(files) + has_database, "restart_required": has_database}
    return json_reply(answer)


def _passing(request: Request, path: Path, content_type: str, headers: dict[str, str]) -> Reply:
    """A file that is gone once it was read."""
    try:
        return file_reply(request, path, content_type, headers)
    finally:
        native.run(path.unlink, True)  # who reads it has it open


def _draft(backups: Backups) -> Path:
    native.run(backups.folder.mkdir, 0o700, False, True)
    return backups.folder / f"{secrets.token_hex(8)}{DRAFTS[0]}"


def _write(path: Path, data: bytes) -> None:
    path.touch(0o600)
    path.write_bytes(data)


def _backups(home: Home) -> Backups:
    backups: Backups = home.shared[SHARED]
    return backups
