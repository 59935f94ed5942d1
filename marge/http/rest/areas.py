"""`/api/areas`: Marge's native way to the area registry."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_bytes_reply, json_reply
from marge.http.rest._assign import OK, assign, fields, texts
from marge.http.routing import route
from marge.http.shapes import STRING, Answer, list_of, obj, ref
from marge.http.turns import in_slices
from marge.model import dumps

_AREA = texts(("area_id", "name"))
_NAME = texts(("name",))


@route("GET", "/api/areas", replies={200: Answer("All of them.", list_of(ref("Area")))})
def list_areas(home: Home, _request: Request) -> Reply:
    """All areas with the entities that stand there, by themselves or with their device."""
    registries = home.registries
    shown = []
    for area in in_slices(registries.areas.all()):
        entities = registries.entities_in(area.area_id)
        shown.append(
            {"area_id": area.area_id, "name": area.name, "entity_count": len(entities), "entities": entities}
        )
    return json_reply(shown)


@route("POST", "/api/areas", access="admin", body=_AREA, replies={200: Answer("Done.", ref("Ok"))})
def put_area(home: Home, request: Request) -> Reply:
    """Make an area of this id, or rename it."""
    wanted = fields(request, _AREA)
    _name(home, wanted["area_id"], wanted["name"])
    return json_reply(OK)


@route("PUT", "/api/areas/<area_id>", access="admin", body=_NAME, replies={200: Answer("Done.", ref("Ok"))})
def rename_area(home: Home, request: Request) -> Reply:
    """The same with the id in the path."""
    _name(home, request.args["area_id"], fields(request, _NAME)["name"])
    return json_reply(OK)


def _name(home: Home, area_id: str, name: str) -> None:
    areas = home.registries.areas
    if area_id in areas:
        areas.update(area_id, name=name)
    else:
        areas.create(name, new_id=area_id)


@route("DELETE", "/api/areas/<area_id>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_area(home: Home, request: Request) -> Reply:
    """Delete an area; what stood there stands nowhere. An unknown one is no mistake."""
    registries, area_id = home.registries, request.args["area_id"]
    there = [entry.entity_id for entry in registries.entities.in_area(area_id)]
    if area_id in registries.areas:
        registries.delete_area(area_id)
    for entity_id in there:
        assign(home, entity_id, area_id=None)
    return json_reply(OK)


@route(
    "GET", "/api/areas/<area_id>/entities",
    replies={200: Answer("States; of what has none the id alone.", list_of(obj(entity_id=STRING)))},
)  # fmt: skip
def area_entities(home: Home, request: Request) -> Reply:
    """The states of what stands there; the id alone of what has no state now."""
    parts = []
    for entity_id in home.registries.entities_in(request.args["area_id"]):
        state = home.states.get(entity_id)
        parts.append(dumps({"entity_id": entity_id}) if state is None else state.json)
    return json_bytes_reply(b"[" + b",".join(parts) + b"]")


@route("POST", "/api/areas/<area_id>/entities/<entity_id>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def move_into_area(home: Home, request: Request) -> Reply:
    """Put an entity there, wherever it was. Neither needs to exist."""
    assign(home, request.args["entity_id"], area_id=request.args["area_id"])
    return json_reply(OK)


@route(
    "DELETE", "/api/areas/<area_id>/entities/<entity_id>", access="admin",
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def take_out_of_area(home: Home, request: Request) -> Reply:
    """Take an entity out, if it is there."""
    entry = home.registries.entities.get(request.args["entity_id"].lower())
    if entry is not None and entry.area_id == request.args["area_id"]:
        assign(home, entry.entity_id, area_id=None)
    return json_reply(OK)
