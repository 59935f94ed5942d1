"""Commands about to-do lists."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._validators import entity_id
from marge.domains.todo import MOVE, TodoItem, TodoListEntity
from marge.errors import HomeError
from marge.http.rest.permissions import check_may_control
from marge.http.ws import errors
from marge.http.ws.asking import ask_entity, owned
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_LIST = {vol.Required("entity_id"): entity_id}


@command("todo/item/list", _LIST)
def list_items(session: Session, message: dict[str, Any]) -> None:
    """The items, without what is not set."""
    entity = owned(session, TodoListEntity, message["entity_id"])
    if entity is None:
        raise errors.CommandError(errors.NOT_FOUND, "Entity not found")
    session.result(message["id"], {"items": [each.as_short_dict() for each in entity.items]})


@command("todo/item/subscribe", _LIST)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """The items now, and all of them after each change."""
    message_id = message["id"]
    entity = owned(session, TodoListEntity, message["entity_id"])
    if entity is None:
        raise errors.CommandError("invalid_entity_id", f"To-do list entity not found: {message['entity_id']}")

    def tell(items: tuple[TodoItem, ...]) -> None:
        session.event(message_id, {"items": [each.as_dict() for each in items]})

    session.subscribe(message_id, entity.listen(tell))
    session.result(message_id)
    tell(entity.items)


@command(
    "todo/item/move",
    {**_LIST, vol.Required("uid"): str, vol.Optional("previous_uid"): vol.Any(str, None)},
    waits=True,
)
def move(session: Session, message: dict[str, Any]) -> None:
    """Put an item behind another, or first."""
    check_may_control(session.user)
    entity = owned(session, TodoListEntity, message["entity_id"])
    if entity is None:
        raise errors.CommandError(errors.NOT_FOUND, "Entity not found")
    if not (entity.supported_features or 0) & MOVE:
        raise errors.CommandError("not_supported", "To-do list does not support To-do item reordering")
    try:
        ask_entity(
            session, message["entity_id"], "handle_move",
            uid=message["uid"], previous_uid=message.get("previous_uid"),
        )  # fmt: skip
    except HomeError as exc:
        raise errors.CommandError("failed", str(exc)) from exc
    session.result(message["id"])
