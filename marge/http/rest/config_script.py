"""`/api/config/script`: the script editor."""

from __future__ import annotations

from marge.automations.editing import SCRIPT
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request
from marge.http.rest._config_editor import delete_item, get_item, save_item
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer, Body, ref
from marge.util.slug import slugify


@route("GET", "/api/config/script/config/<key>", access="admin", replies={200: Answer("As it is written.", OBJECT)})
def get_script(home: Home, request: Request) -> Reply:
    """One script as its file holds it."""
    return get_item(home, request, SCRIPT)


@route(
    "POST", "/api/config/script/config/<key>", access="admin",
    body=Body(dict),
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def save_script(home: Home, request: Request) -> Reply:
    """Replace or add a script; its entity and its service are there when this replies."""
    request.json("Invalid JSON specified")
    key = request.args["key"]
    slug = slugify(key)
    if slug != key:
        raise HttpError(400, f"Key malformed: invalid slug {key} (try {slug})")
    return save_item(home, request, SCRIPT)


@route("DELETE", "/api/config/script/config/<key>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_script(home: Home, request: Request) -> Reply:
    """Remove a script from its file."""
    return delete_item(home, request, SCRIPT)
