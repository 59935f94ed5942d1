"""`/api/config/scene`: the scene editor, and the file with all scenes."""

from __future__ import annotations

from marge.automations.api import list_scenes
from marge.automations.editing import SCENE
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._config_editor import delete_item, get_file, get_item, put_file, save_item
from marge.http.routing import route


@route("GET", "/api/config/scene/config/<key>", access="admin")
def get_scene(home: Home, request: Request) -> Reply:
    """One scene as its file holds it."""
    return get_item(home, request, SCENE)


@route("POST", "/api/config/scene/config/<key>", access="admin")
def save_scene(home: Home, request: Request) -> Reply:
    """Replace or add a scene; its entity is there when this replies."""
    return save_item(home, request, SCENE)


@route("DELETE", "/api/config/scene/config/<key>", access="admin")
def delete_scene(home: Home, request: Request) -> Reply:
    """Remove a scene from its file."""
    return delete_item(home, request, SCENE)


@route("GET", "/api/config/scene/config")
def scenes(home: Home, _request: Request) -> Reply:
    """All scenes in the order of the file."""
    return json_reply(list_scenes(home))


@route("GET", "/api/config/scene/yaml", access="admin")
def get_yaml(home: Home, _request: Request) -> Reply:
    """The file, byte for byte."""
    return get_file(home, SCENE)


@route("PUT", "/api/config/scene/yaml", access="admin")
def put_yaml(home: Home, request: Request) -> Reply:
    """Replace the file, byte for byte, and load it. 400, and nothing is changed, when it is no list of scenes."""
    put_file(home, request, SCENE)
    return json_reply({"result": "ok"})
