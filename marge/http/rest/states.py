"""`/api/states`: read, write and remove states. The first three are what clients hammer."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, Unauthorized
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import told
from marge.http.message import Reply, Request, json_bytes_reply, message_reply
from marge.http.rest.permissions import may_read
from marge.http.routing import route
from marge.http.shapes import Answer, list_of, ref
from marge.http.turns import all_states as of_all_states
from marge.http.turns import bracketed
from marge.model import MAX_DEPTH, MAX_STATE_LENGTH, Context, is_too_deep, valid_entity_id
from marge.util.quick_schema import QuickSchema
from marge.util.schema import shaped

_NOT_FOUND = "Entity not found."
MAX_VIRTUAL_STATE_LENGTH = 65_536
"""With the native profile a virtual entity may hold long texts; this only keeps one row from being a database."""


@shaped({"type": ["string", "number", "boolean"]})
def _text(value: Any) -> str:
    """Anything, as text."""
    return value if type(value) is str else str(value)


@shaped({"type": ["object", "null"]})
def _attributes(value: Any) -> dict[str, Any]:
    """An object that can be written as JSON again."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise vol.Invalid("Attributes must be a JSON object.")
    if is_too_deep(value):
        raise vol.Invalid(f"Attributes may be nested at most {MAX_DEPTH} levels deep.")
    return value


_STATE = QuickSchema(
    {vol.Required("state"): _text, vol.Optional("attributes"): _attributes, vol.Optional("force_update"): object},
    extra=vol.REMOVE_EXTRA,
)


@route("GET", "/api/states", hot=True, replies={200: Answer("Every state.", list_of(ref("State")))})
def all_states(home: Home, request: Request) -> Reply:
    """All states: once their JSON is made this is one join, so the list is of one moment."""
    if not may_read(request.user):
        return json_bytes_reply(b"[]")
    with of_all_states(home) as items:
        body = b",".join(bracketed(items))
    return json_bytes_reply(body)


@route("GET", "/api/states/<entity_id>", hot=True, replies={200: Answer("The state.", ref("State"))})
def get_state(home: Home, request: Request) -> Reply:
    """One state."""
    entity_id = request.args["entity_id"]
    if not may_read(request.user, entity_id):
        raise Unauthorized("Unauthorized")
    state = home.states.get(entity_id) or home.states.get(entity_id.lower())
    if state is None:
        return message_reply(_NOT_FOUND, 404)
    return json_bytes_reply(state.json)


@route(
    "POST", "/api/states/<entity_id>", hot=True, access="admin",
    body=_STATE,
    replies={200: Answer("The state as it is now.", ref("State")), 201: Answer("The entity is new.", ref("State"))},
)  # fmt: skip
def set_state(home: Home, request: Request) -> Reply:
    """Make this the state, attributes replaced: 201 when the entity is new, else 200."""
    entity_id = request.args["entity_id"].lower()
    state, attributes, force = _body(home, entity_id, request.json("Invalid JSON specified."))
    if not valid_entity_id(entity_id):
        raise InvalidRequest("Invalid entity ID specified.")
    context = Context(user_id=None if request.user is None else request.user.id)
    written, is_new = home.entities.write(entity_id, state, attributes, context, force)
    location = {"Location": f"/api/states/{request.args['entity_id']}"}  # as it was spelt, like HA
    return json_bytes_reply(written.json, 201 if is_new else 200, location)


@route("DELETE", "/api/states/<entity_id>", access="admin", replies={200: Answer("It is gone.", ref("Message"))})
def remove_state(home: Home, request: Request) -> Reply:
    """Remove the entity's state."""
    context = Context(user_id=None if request.user is None else request.user.id)
    if home.entities.remove(request.args["entity_id"].lower(), context):
        return message_reply("Entity removed.")
    return message_reply(_NOT_FOUND, 404)


def _body(home: Home, entity_id: str, body: Any) -> tuple[str, dict[str, Any], bool]:
    """State, attributes and `force_update` of a valid body.

    HA answers a body of the wrong shape with 500; a 400 with a reason serves everyone better.
    """
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    if body.get("state") is None:
        raise InvalidRequest("No state specified.")
    valid = told(body, _STATE)
    text = valid["state"]
    if len(text) > MAX_STATE_LENGTH:
        native = home.config.marge.profile == "native" and home.states.owner(entity_id) is None
        if not native or len(text) > MAX_VIRTUAL_STATE_LENGTH:
            raise HttpError(400, "Invalid state specified.")
    return text, valid.get("attributes", {}), bool(valid.get("force_update"))
