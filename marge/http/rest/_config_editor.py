"""What the editors of automations, scripts and scenes have in common: HA's replies. No routes here."""

from __future__ import annotations

from marge.automations import editing
from marge.automations.editing import Editable, Malformed
from marge.automations.yaml_items import YamlItemError
from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_reply

UNKNOWN = "Resource not found"
YAML = "text/yaml"
MAX_KEY = 255


def get_item(home: Home, request: Request, kind: Editable) -> Reply:
    """The item as its file holds it."""
    found = editing.find(home, kind, request.args["key"])
    if found is None:
        raise NotFound(UNKNOWN)
    return json_reply(found)


def save_item(home: Home, request: Request, kind: Editable) -> Reply:
    """Replace the item, or add it. What is wrong with it is said in HA's words."""
    data = request.json("Invalid JSON specified")
    key = request.args["key"]
    if len(key) > MAX_KEY or not key.isprintable():
        raise HttpError(400, "Key malformed: a key has at most 255 printable characters")
    if not isinstance(data, dict):
        raise HttpError(400, "Message malformed: expected a dictionary")
    try:
        editing.save(home, kind, key, data)
    except Malformed as exc:
        raise HttpError(400, f"Message malformed: {exc}") from exc
    return json_reply({"result": "ok"})


def delete_item(home: Home, request: Request, kind: Editable) -> Reply:
    """Remove the item, its entity, and what the registry knows of it."""
    if not editing.remove(home, kind, request.args["key"]):
        raise HttpError(400, UNKNOWN)
    return json_reply({"result": "ok"})


def get_file(home: Home, kind: Editable) -> Reply:
    """The file, byte for byte."""
    return Reply(200, editing.read_file(home, kind), YAML)


def put_file(home: Home, request: Request, kind: Editable) -> int:
    """Take the body for the file, whatever its content type says. Returns how many items it holds."""
    if not request.body.strip():
        raise InvalidRequest("an empty file is not taken; `[]` is one without items")
    try:
        return editing.replace_file(home, kind, request.body)
    except (Malformed, YamlItemError) as exc:
        raise HttpError(400, str(exc)) from exc
