"""`/api/config/automation`: the automation editor, and the file with all automations."""

from __future__ import annotations

from marge.automations import editing
from marge.automations.api import list_automations
from marge.automations.editing import AUTOMATION
from marge.errors import MargeError
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._config_editor import YAML, delete_item, get_file, get_item, put_file, save_item
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, Body, list_of, obj, ref

_RELOADED = {
    200: Answer("How many there are, or what is wrong.",
                obj(result=STRING, automations_reloaded_=INTEGER, message_=STRING)),
}  # fmt: skip


@route(
    "GET", "/api/config/automation/config/<key>", access="admin",
    replies={200: Answer("As it is written.", OBJECT)},
)  # fmt: skip
def get_automation(home: Home, request: Request) -> Reply:
    """One automation as its file holds it."""
    return get_item(home, request, AUTOMATION)


@route(
    "POST", "/api/config/automation/config/<key>", access="admin",
    body=Body(dict),
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def save_automation(home: Home, request: Request) -> Reply:
    """Replace or add an automation; its entity is there when this replies."""
    return save_item(home, request, AUTOMATION)


@route("DELETE", "/api/config/automation/config/<key>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_automation(home: Home, request: Request) -> Reply:
    """Remove an automation from its file."""
    return delete_item(home, request, AUTOMATION)


@route("GET", "/api/config/automation/config", replies={200: Answer("In the order of the file.", list_of(OBJECT))})
def automations(home: Home, _request: Request) -> Reply:
    """All automations in the order of the file, with their figures."""
    return json_reply(list_automations(home))


@route("GET", "/api/config/automation/yaml", access="admin", replies={200: Answer("YAML.", STRING, YAML)})
def get_yaml(home: Home, _request: Request) -> Reply:
    """The file, byte for byte."""
    return get_file(home, AUTOMATION)


@route(
    "PUT", "/api/config/automation/yaml", access="admin",
    body=Body(STRING, YAML, shape=True),
    replies={200: Answer("It is loaded.", obj(result={"const": "ok"}))},
)  # fmt: skip
def put_yaml(home: Home, request: Request) -> Reply:
    """Replace the file, byte for byte, and load it. 400, and nothing is changed, when it is no list of automations."""
    return json_reply({"result": "ok", "automations_reloaded": put_file(home, request, AUTOMATION)})


@route(
    "POST", "/api/config/core/reload", access="admin",
    replies=_RELOADED,
)  # fmt: skip
@route(
    "POST", "/api/config/automation/reload", access="admin",
    replies=_RELOADED,
)  # fmt: skip
@route(
    "POST", "/api/automations/reload", access="admin",
    replies=_RELOADED,
)  # fmt: skip
def reload_automations(home: Home, _request: Request) -> Reply:
    """Read the file anew; automations that did not change go on undisturbed."""
    try:
        count = editing.reload(home, AUTOMATION)
    except MargeError as exc:
        return json_reply({"result": "error", "message": str(exc)})
    return json_reply({"result": "ok", "automations_reloaded": count})
