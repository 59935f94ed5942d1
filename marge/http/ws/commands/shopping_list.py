"""Commands about the shopping list. A home without one does not know them."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.http.rest.permissions import check_may_control
from marge.http.shopping import shopping_list
from marge.http.ws import errors
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.shopping_list import ShoppingList

_ITEM = {vol.Required("item_id"): str}


def _need(session: Session, *, control: bool = True) -> ShoppingList:
    found = shopping_list(session.home)
    if found is None:
        raise errors.CommandError(errors.UNKNOWN_COMMAND, "Unknown command.")
    if control:
        check_may_control(session.user)
    return found


@command("shopping_list/items")
def items(session: Session, message: dict[str, Any]) -> None:
    """All items."""
    shopping = _need(session, control=False)
    session.result(message["id"], [each.as_dict() for each in shopping.items])


@command("shopping_list/items/add", {vol.Required("name"): str})
def add(session: Session, message: dict[str, Any]) -> None:
    """A new item."""
    item = _need(session).add(message["name"], context=session.context())
    session.result(message["id"], item.as_dict())


@command("shopping_list/items/update", {**_ITEM, vol.Optional("name"): str, vol.Optional("complete"): bool})
def update(session: Session, message: dict[str, Any]) -> None:
    """Another name, or bought or not."""
    shopping = _need(session)
    try:
        item = shopping.update(
            message["item_id"], message.get("name"), message.get("complete"), context=session.context()
        )
    except NotFound as exc:
        raise errors.CommandError("item_not_found", "Item not found") from exc
    session.result(message["id"], item.as_dict())


@command("shopping_list/items/remove", _ITEM)
def remove(session: Session, message: dict[str, Any]) -> None:
    """Take an item off."""
    shopping = _need(session)
    try:
        item = shopping.remove([message["item_id"]], context=session.context())[0]
    except NotFound as exc:
        raise errors.CommandError("item_not_found", "Item not found") from exc
    session.result(message["id"], item.as_dict())


@command("shopping_list/items/clear")
def clear(session: Session, message: dict[str, Any]) -> None:
    """Take off what is bought."""
    _need(session).clear_completed(session.context())
    session.result(message["id"])


@command("shopping_list/items/reorder", {vol.Required("item_ids"): [str]})
def reorder(session: Session, message: dict[str, Any]) -> None:
    """A new order of what is still to buy."""
    shopping = _need(session)
    try:
        shopping.reorder(message["item_ids"], session.context())
    except NotFound as exc:
        raise errors.CommandError(errors.NOT_FOUND, str(exc)) from exc
    except InvalidRequest as exc:
        raise errors.CommandError(errors.INVALID_FORMAT, str(exc)) from exc
    session.result(message["id"])
