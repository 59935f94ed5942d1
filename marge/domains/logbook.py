"""The logbook's one service: an entry of one's own. The entry is an event; who tells the logbook is `marge.history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.entities import Domain
from marge.model import Event, valid_entity_id
from marge.util.schema import string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

ENTRY = "logbook_entry"
MAX_TEXT = 10_000


def _entity_id(value: Any) -> str:
    text = string(value).strip().lower()
    if not valid_entity_id(text):
        raise vol.Invalid(f"Entity ID {value} is an invalid entity ID")
    return text


def _domain(value: Any) -> str:
    text = string(value).strip().lower()
    if not text.replace("_", "").isalnum():
        raise vol.Invalid(f"Domain names can only contain letters, numbers and underscores, got {value}")
    return text


def _short(value: Any) -> str:
    return string(value)[:MAX_TEXT]


SCHEMA = vol.Schema(
    {
        vol.Required("name"): _short,
        vol.Required("message"): _short,
        vol.Optional("domain"): _domain,
        vol.Optional("entity_id"): _entity_id,
    }
)
FIELDS = {
    "name": {
        "required": True, "example": "Kitchen", "selector": {"text": None}, "name": "Name",
        "description": "Who or what it is about.",
    },
    "message": {
        "required": True, "example": "is being used", "selector": {"text": None}, "name": "Message",
        "description": "What happened.",
    },
    "entity_id": {"selector": {"entity": None}, "name": "Entity", "description": "The entity whose entry it is."},
    "domain": {
        "example": "light", "selector": {"text": None}, "name": "Domain",
        "description": "Whose icon the entry gets.",
    },
}


def setup(home: Home, _config: Any) -> None:
    """Register `logbook.log`."""

    def log(call: ServiceCall) -> None:
        data = dict(call.data)
        if "domain" not in data and "entity_id" not in data:
            data["domain"] = "logbook"
        home.bus.publish(Event(ENTRY, data, call.context, home.clock.now()))

    home.services.register(
        "logbook", "log", log, SCHEMA, description="Write an entry into the logbook.", fields=FIELDS, name="Log"
    )


DOMAIN = Domain("logbook", setup=setup)
