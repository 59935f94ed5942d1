"""The order of areas, as newer releases of Home Assistant have it. Not here: the areas (`named_registries`)."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session


@command("config/area_registry/reorder", {vol.Required("area_ids"): [str]}, admin=True)
def reorder(session: Session, message: dict[str, Any]) -> None:
    """Put areas in this order; those that are not named follow."""
    try:
        session.home.registries.areas.reorder(message["area_ids"])
    except NotFound as exc:
        raise CommandError("not_found", str(exc)) from exc
    session.result(message["id"])
