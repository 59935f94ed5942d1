"""`/api/shopping_list`. A home without a list answers 404."""

from __future__ import annotations

import voluptuous as vol

from marge.errors import NotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import checked
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.rest.permissions import check_may_control
from marge.http.routing import route
from marge.http.shapes import STRING, TEXT, Answer, list_of, ref
from marge.http.shopping import shopping_list
from marge.integrations.shopping_list import ShoppingList
from marge.model import Context

_UPDATE = vol.Schema({vol.Optional("name"): vol.Any(None, str), vol.Optional("complete"): bool})
_ADD = vol.Schema({vol.Required("name"): str})


def _need(home: Home) -> ShoppingList:
    found = shopping_list(home)
    if found is None:
        raise HttpError(404)
    return found


def _context(request: Request) -> Context:
    return Context(user_id=None if request.user is None else request.user.id)


@route("GET", "/api/shopping_list", replies={200: Answer("The items.", list_of(ref("ShoppingItem")))})
def items(home: Home, _request: Request) -> Reply:
    """All items."""
    return json_reply([each.as_dict() for each in _need(home).items])


@route("POST", "/api/shopping_list/item", body=_ADD, replies={200: Answer("The item.", ref("ShoppingItem"))})
def add(home: Home, request: Request) -> Reply:
    """A new item: `{"name"}`."""
    shopping = _need(home)
    check_may_control(request.user)
    data = checked(request, _ADD)
    return json_reply(shopping.add(data["name"], context=_context(request)).as_dict())


@route(
    "POST", "/api/shopping_list/item/<item_id>",
    body=_UPDATE,
    replies={200: Answer("The item.", ref("ShoppingItem"))},
)  # fmt: skip
def update(home: Home, request: Request) -> Reply:
    """Another name, or bought or not: `{"name"?, "complete"?}`."""
    shopping = _need(home)
    check_may_control(request.user)
    try:
        data = _UPDATE(request.json())
        item = shopping.update(
            request.args["item_id"], data.get("name"), data.get("complete"), context=_context(request)
        )
    except NotFound:
        return message_reply("Item not found", 404)
    except vol.Invalid:
        return message_reply("Item not found", 400)
    return json_reply(item.as_dict())


@route("POST", "/api/shopping_list/clear_completed", replies={200: Answer("Done.", ref("Message"))})
def clear(home: Home, request: Request) -> Reply:
    """Take off what is bought."""
    shopping = _need(home)
    check_may_control(request.user)
    shopping.clear_completed(_context(request))
    return message_reply("Cleared completed items.")


@route("GET", "/shopping-list", access="open", cors=False, replies={301: Answer("To where it is now.", STRING, TEXT)})
def old_page(_home: Home, _request: Request) -> Reply:
    """Where the list's page was once."""
    return Reply(301, b"301: Moved Permanently", "text/plain; charset=utf-8", {"Location": "/todo"})
