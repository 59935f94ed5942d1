"""Categories: list, create, update, delete, each within its scope. Changing them is for administrators."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

INVALID_INFO = "invalid_info"
_OR_NONE = vol.Any(str, None)


@command("config/category_registry/list", {vol.Required("scope"): str})
def categories(session: Session, message: dict[str, Any]) -> None:
    """The categories of a scope."""
    found = session.home.registries.categories.in_scope(message["scope"])
    session.result(message["id"], [category.as_dict() for category in found])


@command(
    "config/category_registry/create",
    {vol.Required("scope"): str, vol.Required("name"): str, vol.Optional("icon"): _OR_NONE},
    admin=True,
)
def create_category(session: Session, message: dict[str, Any]) -> None:
    """A new category."""
    try:
        category = session.home.registries.categories.create(
            message["scope"], message["name"], message.get("icon")
        )
    except InvalidRequest as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    session.result(message["id"], category.as_dict())


@command(
    "config/category_registry/update",
    {
        vol.Required("scope"): str,
        vol.Required("category_id"): str,
        vol.Optional("name"): str,
        vol.Optional("icon"): _OR_NONE,
    },
    admin=True,
)
def update_category(session: Session, message: dict[str, Any]) -> None:
    """Change a category's name or icon."""
    changes = {name: message[name] for name in ("name", "icon") if name in message}
    try:
        category = session.home.registries.categories.update(message["scope"], message["category_id"], **changes)
    except (NotFound, InvalidRequest) as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    session.result(message["id"], category.as_dict())


@command(
    "config/category_registry/delete",
    {vol.Required("scope"): str, vol.Required("category_id"): str},
    admin=True,
)
def delete_category(session: Session, message: dict[str, Any]) -> None:
    """Delete a category; what was in it is in none."""
    try:
        session.home.registries.delete_category(message["scope"], message["category_id"])
    except NotFound as exc:
        raise CommandError(INVALID_INFO, str(exc)) from exc
    session.result(message["id"])
