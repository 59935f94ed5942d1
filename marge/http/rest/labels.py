"""`/api/labels`: Marge's native way to the label registry."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import OK, assign, fields, texts
from marge.http.routing import route
from marge.http.shapes import Answer, list_of, ref
from marge.http.turns import in_slices

_LABEL = texts(("label_id", "name"), ("color",))


@route("GET", "/api/labels", replies={200: Answer("All of them.", list_of(ref("Label")))})
def list_labels(home: Home, _request: Request) -> Reply:
    """All labels with the entities that carry them."""
    registries = home.registries
    shown = []
    for label in in_slices(registries.labels.all()):
        entities = [entry.entity_id for entry in registries.entities.with_label(label.label_id)]
        shown.append(
            {
                "label_id": label.label_id,
                "name": label.name,
                "color": label.color or "",
                "entity_count": len(entities),
                "entities": entities,
            }
        )
    return json_reply(shown)


@route("POST", "/api/labels", access="admin", body=_LABEL, replies={200: Answer("Done.", ref("Ok"))})
def put_label(home: Home, request: Request) -> Reply:
    """Make a label of this id, or change its name and colour (any text)."""
    wanted = fields(request, _LABEL)
    labels, label_id = home.registries.labels, wanted["label_id"]
    color = wanted.get("color") or None
    if label_id in labels:
        labels.update(label_id, name=wanted["name"], color=color)
    else:
        labels.create(wanted["name"], new_id=label_id, color=color)
    return json_reply(OK)


@route("DELETE", "/api/labels/<label_id>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_label(home: Home, request: Request) -> Reply:
    """Delete a label; nothing carries it any longer. An unknown one is no mistake."""
    registries, label_id = home.registries, request.args["label_id"]
    carriers = [entry.entity_id for entry in registries.entities.with_label(label_id)]
    if label_id in registries.labels:
        registries.delete_label(label_id)
    for entity_id in carriers:
        _take_off(home, entity_id, label_id)
    return json_reply(OK)


@route(
    "POST", "/api/labels/<label_id>/entities/<entity_id>", access="admin",
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def label_entity(home: Home, request: Request) -> Reply:
    """Put the label on an entity. Neither needs to exist."""
    entity_id, label_id = request.args["entity_id"].lower(), request.args["label_id"]
    labels = home.registries.entities.assignable(entity_id).labels
    assign(home, entity_id, labels=(*labels, label_id))
    return json_reply(OK)


@route(
    "DELETE", "/api/labels/<label_id>/entities/<entity_id>", access="admin",
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def unlabel_entity(home: Home, request: Request) -> Reply:
    """Take the label off an entity, if it carries it."""
    _take_off(home, request.args["entity_id"].lower(), request.args["label_id"])
    return json_reply(OK)


def _take_off(home: Home, entity_id: str, label_id: str) -> None:
    entry = home.registries.entities.get(entity_id)
    if entry is not None:
        assign(home, entity_id, labels=[each for each in entry.labels if each != label_id])
