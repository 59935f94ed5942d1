"""`/api/config/automation`: the automation editor, and the file with all automations."""

from __future__ import annotations

from marge.automations import editing
from marge.automations.api import list_automations
from marge.automations.editing import AUTOMATION
from marge.errors import MargeError
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._config_editor import delete_item, get_file, get_item, put_file, save_item
from marge.http.routing import route


@route("GET", "/api/config/automation/config/<key>", access="admin")
def get_automation(home: Home, request: Request) -> Reply:
    """One automation as its file holds it."""
    return get_item(home, request, AUTOMATION)


@route("POST", "/api/config/automation/config/<key>", access="admin")
def save_automation(home: Home, request: Request) -> Reply:
    """Replace or add an automation; its entity is there when this replies."""
    return save_item(home, request, AUTOMATION)


@route("DELETE", "/api/config/automation/config/<key>", access="admin")
def delete_automation(home: Home, request: Request) -> Reply:
    """Remove an automation from its file."""
    return delete_item(home, request, AUTOMATION)


@route("GET", "/api/config/automation/config")
def automations(home: Home, _request: Request) -> Reply:
    """All automations in the order of the file, with their figures."""
    return json_reply(list_automations(home))


@route("GET", "/api/config/automation/yaml", access="admin")
def get_yaml(home: Home, _request: Request) -> Reply:
    """The file, byte for byte."""
    return get_file(home, AUTOMATION)


@route("PUT", "/api/config/automation/yaml", access="admin")
def put_yaml(home: Home, request: Request) -> Reply:
    """Replace the file, byte for byte, and load it. 400, and nothing is changed, when it is no list of automations."""
    return json_reply({"result": "ok", "automations_reloaded": put_file(home, request, AUTOMATION)})


@route("POST", "/api/config/core/reload", access="admin")
@route("POST", "/api/config/automation/reload", access="admin")
@route("POST", "/api/automations/reload", access="admin")
def reload_automations(home: Home, _request: Request) -> Reply:
    """Read the file anew; automations that did not change go on undisturbed."""
    try:
        count = editing.reload(home, AUTOMATION)
    except MargeError as exc:
        return json_reply({"result": "error", "message": str(exc)})
    return json_reply({"result": "ok", "automations_reloaded": count})
