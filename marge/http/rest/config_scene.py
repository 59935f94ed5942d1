"""`/api/config/scene`: the scene editor, and the file with all scenes."""

from __future__ import annotations

from marge.automations.api import list_scenes
from marge.automations.editing import SCENE
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._config_editor import YAML, delete_item, get_file, get_item, put_file, save_item
from marge.http.routing import route
from marge.http.shapes import OBJECT, STRING, Answer, Body, list_of, obj, ref


@route("GET", "/api/config/scene/config/<key>", access="admin", replies={200: Answer("As it is written.", OBJECT)})
def get_scene(home: Home, request: Request) -> Reply:
    """One scene as its file holds it."""
    return get_item(home, request, SCENE)


@route(
    "POST", "/api/config/scene/config/<key>", access="admin",
    body=Body(dict),
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def save_scene(home: Home, request: Request) -> Reply:
    """Replace or add a scene; its entity is there when this replies."""
    return save_item(home, request, SCENE)


@route("DELETE", "/api/config/scene/config/<key>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_scene(home: Home, request: Request) -> Reply:
    """Remove a scene from its file."""
    return delete_item(home, request, SCENE)


@route("GET", "/api/config/scene/config", replies={200: Answer("In the order of the file.", list_of(OBJECT))})
def scenes(home: Home, _request: Request) -> Reply:
    """All scenes in the order of the file."""
    return json_reply(list_scenes(home))


@route("GET", "/api/config/scene/yaml", access="admin", replies={200: Answer("YAML.", STRING, YAML)})
def get_yaml(home: Home, _request: Request) -> Reply:
    """The file, byte for byte."""
    return get_file(home, SCENE)


@route(
    "PUT", "/api/config/scene/yaml", access="admin",
    body=Body(STRING, YAML, shape=True),
    replies={200: Answer("It is loaded.", obj(result={"const": "ok"}))},
)  # fmt: skip
def put_yaml(home: Home, request: Request) -> Reply:
    """Replace the file, byte for byte, and load it. 400, and nothing is changed, when it is no list of scenes."""
    put_file(home, request, SCENE)
    return json_reply({"result": "ok"})
