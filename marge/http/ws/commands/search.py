"""`search/related`: what belongs to an item, what it belongs to, and what names it."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.related import KINDS, related
from marge.http.ws.registry import command
from marge.http.ws.session import Session


def _kind(value: Any) -> str:
    if isinstance(value, str) and value in KINDS:
        return value
    raise vol.Invalid(f"expected ItemType or one of {', '.join(map(repr, KINDS))}")


@command("search/related", {vol.Required("item_type"): _kind, vol.Required("item_id"): str})
def search_related(session: Session, message: dict[str, Any]) -> None:
    """Related items by kind."""
    session.result(message["id"], related(session.home, message["item_type"], message["item_id"]))
