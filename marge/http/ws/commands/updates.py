"""Updates: what is new in them."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._validators import entity_id
from marge.domains.update import RELEASE_NOTES, UpdateEntity
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session


@command("update/release_notes", {vol.Required("entity_id"): entity_id}, waits=True)
def release_notes(session: Session, message: dict[str, Any]) -> None:
    """Markdown, or null."""
    update = session.home.entities.owned.get(message["entity_id"])
    if not isinstance(update, UpdateEntity):
        raise CommandError(NOT_FOUND, "Entity not found")
    if not update.supported_features & RELEASE_NOTES:
        raise CommandError("not_supported", "Entity does not support release notes")
    session.result(message["id"], update.release_notes())
