"""What areas, labels and devices have in common in Marge's native API: bodies, and entities that are put into them."""

from __future__ import annotations

from typing import Any

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Request

OK = {"result": "ok"}


def fields(request: Request, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, str]:
    """Texts of the body by name; optional ones that are absent or null are left out.

    Raises:
        InvalidRequest: a required one is missing or empty, or one is no text.
    """
    body: Any = request.json() if request.body else {}
    if not isinstance(body, dict):
        raise InvalidRequest("The body must be a JSON object.")
    found = {}
    for name in required:
        if not isinstance(body.get(name), str) or not body[name].strip():
            raise InvalidRequest(f"{name} must be a text.")
        found[name] = body[name]
    for name in optional:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str):
            raise InvalidRequest(f"{name} must be a text.")
        found[name] = value
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
