"""What areas, labels and devices have in common in Marge's native API: bodies, and entities that are put into them."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.home import Home
from marge.http.forms import told
from marge.http.message import Request
from marge.util.schema import LateSchema

OK = {"result": "ok"}


def texts(required: tuple[str, ...], optional: tuple[str, ...] = ()) -> vol.Schema:
    """A body of texts; optional ones may be null. Other fields are ignored."""
    fields: dict[Any, Any] = {
        vol.Required(name, msg=f"{name} must be a text."): vol.All(
            str, vol.Match(r"\s*\S"), msg=f"{name} must be a text."
        )
        for name in required
    }
    fields |= {vol.Optional(name): vol.Any(str, None, msg=f"{name} must be a text.") for name in optional}
    return LateSchema(fields, extra=vol.REMOVE_EXTRA)


def fields(request: Request, schema: vol.Schema) -> dict[str, Any]:
    """The fields of a body, as `texts` wants them.

    Raises:
        InvalidRequest: a required one is missing or blank, or one is no text.
    """
    body: Any = request.json() if request.body else {}
    found: dict[str, Any] = told(body, schema)
    return found


def assign(home: Home, entity_id: str, **changes: Any) -> None:
    """Change where an entity belongs; it need not exist. What holds no setting afterwards is forgotten.

    Raises:
        InvalidRequest: it is no entity id.
    """
    entities = home.registries.entities
    entity_id = entity_id.lower()
    entities.assignable(entity_id)
    entities.update(entity_id, **changes)
    entities.tidy(entity_id)
