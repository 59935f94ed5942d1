"""`/api/config/files`: the YAML editor. Owners only, since secrets are among the files.

A text is checked as if it were saved, with everything that includes it. What would keep the home from starting is not
saved.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
import voluptuous as vol

from marge.actors import native
from marge.config import ConfigProblem, load_home
from marge.config.files import MAX_BYTES, digest_of, list_files, place_of, read_file, save_file
from marge.errors import AlreadyExists, InvalidRequest, NotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import told
from marge.http.message import Reply, Request, json_reply
from marge.http.routing import route
from marge.http.shapes import INTEGER, NUMBER, STRING, Answer, Body, list_of, maybe, obj
from marge.integrations.checking import check_running

log = structlog.get_logger("marge.http")

_TEXT = vol.All(str, vol.Length(max=MAX_BYTES), msg="text must be a text of 1 MB at most.")
_CHECK = vol.Schema({vol.Required("path"): str, vol.Required("text"): _TEXT}, extra=vol.REMOVE_EXTRA)
_SAVE = vol.Schema(
    {
        vol.Required("text"): _TEXT,
        vol.Required("digest"): vol.Any(str, None, msg="digest must be that of the text read before, or null."),
    },
    extra=vol.REMOVE_EXTRA,
)
_PROBLEM = obj(
    severity={"enum": ["fatal", "error", "warning"]}, file=maybe(STRING), line=maybe(INTEGER), column=maybe(INTEGER),
    path=STRING, message=STRING, hint=maybe(STRING),
)  # fmt: skip
_PROBLEMS = list_of(_PROBLEM)
_FILES = obj(files=list_of(obj(path=STRING, size=INTEGER, modified=NUMBER)))


@route("GET", "/api/config/files", access="admin", replies={200: Answer("By path.", _FILES)})
def files(home: Home, request: Request) -> Reply:
    """The files of the configuration."""
    _only_owners(request)
    found = native.run(list_files, home.config.config_dir)
    return json_reply({"files": [each._asdict() for each in found]})


@route(
    "POST", "/api/config/files/check", access="admin", body=Body(_CHECK),
    replies={200: Answer("What is wrong in the whole configuration, if this were saved.", obj(problems=_PROBLEMS))},
)  # fmt: skip
def check(home: Home, request: Request) -> Reply:
    """Say what a text would do, without saving it."""
    _only_owners(request)
    data = told(request.json(), _CHECK)
    place = place_of(home.config.config_dir, data["path"])
    return json_reply({"problems": _problems(home, place, _bytes_of(data["text"]))})


@route(
    "GET", "/api/config/files/<path:path>", access="admin",
    replies={200: Answer("The file.", obj(path=STRING, text=STRING, digest=STRING))},
)  # fmt: skip
def get_file(home: Home, request: Request) -> Reply:
    """One file. `digest` goes back with what is saved."""
    _only_owners(request)
    name = request.args["path"]
    data = native.attempt((NotFound, InvalidRequest), read_file, place_of(home.config.config_dir, name))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise InvalidRequest("the file is not UTF-8; edit it on the machine") from exc
    return json_reply({"path": name, "text": text, "digest": digest_of(data)})


@route(
    "PUT", "/api/config/files/<path:path>", access="admin", body=Body(_SAVE),
    replies={
        200: Answer("It is saved; nothing is loaded yet.", obj(path=STRING, digest=STRING, problems=_PROBLEMS)),
        409: Answer("Somebody else has changed it meanwhile.", obj(message=STRING)),
        422: Answer("Not saved: with it the home would not start.", obj(message=STRING, problems=_PROBLEMS)),
    },
)  # fmt: skip
def put_file(home: Home, request: Request) -> Reply:
    """Save one file, whole or not at all. `digest`: null for a new one."""
    _only_owners(request)
    name = request.args["path"]
    sent = told(request.json(), _SAVE)
    place, data = place_of(home.config.config_dir, name), _bytes_of(sent["text"])
    problems = _problems(home, place, data)
    if any(each["severity"] == "fatal" for each in problems):
        message = "With this the home would not start again, so it is not saved."
        return json_reply({"message": message, "problems": problems}, 422)
    try:
        native.attempt((AlreadyExists, NotFound, InvalidRequest), save_file, place, data, sent["digest"])
    except AlreadyExists as exc:
        raise HttpError(409, str(exc)) from exc
    log.info("a file of the configuration was saved", path=name, by=request.user.name if request.user else None)
    return json_reply({"path": name, "digest": digest_of(data), "problems": problems})


def _only_owners(request: Request) -> None:
    if request.user is None or not request.user.is_owner:
        raise HttpError(403, "Only an owner may see and change the files: secrets are among them.")


def _bytes_of(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise InvalidRequest("the text holds half a character") from exc


def _problems(home: Home, place: Path, data: bytes) -> list[dict[str, Any]]:
    config = native.run(load_home, home.config.config_dir, None, {place: data})
    return [_told(each) for each in [*config.problems, *check_running(home, config)]]


def _told(problem: ConfigProblem) -> dict[str, Any]:
    return {
        "severity": problem.severity, "file": problem.file, "line": problem.line, "column": problem.column,
        "path": problem.path, "message": problem.message, "hint": problem.hint,
    }  # fmt: skip
