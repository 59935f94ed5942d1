"""Which entities voice assistants see, and whether they see new ones."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.http.turns import in_slices
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.registries.exposure import ASSISTANTS


def _assistant(value: Any) -> str:
    if isinstance(value, str) and value in ASSISTANTS:
        return value
    raise vol.Invalid(f"value must be one of {sorted(ASSISTANTS)}")


@command("homeassistant/expose_entity/list", admin=True)
def exposed_entities(session: Session, message: dict[str, Any]) -> None:
    """Every entity that some assistant sees, with those that do."""
    home = session.home
    exposure, registry = home.registries.exposure, home.registries.entities
    others = {
        state.entity_id: state.attributes.get("device_class")
        for state in in_slices(home.states.all())
        if state.entity_id not in registry and home.states.owner(state.entity_id) is not None
    }
    shown = {}
    for entity_id, device_class in in_slices([*others.items(), *((each.entity_id, None) for each in registry.all())]):
        by = {name: True for name in ASSISTANTS if exposure.is_exposed(name, entity_id, device_class)}
        if by:
            shown[entity_id] = by
    session.result(message["id"], {"exposed_entities": shown})


@command(
    "homeassistant/expose_entity",
    {
        vol.Required("assistants"): [_assistant],
        vol.Required("entity_ids"): [str],
        vol.Required("should_expose"): bool,
    },
    admin=True,
)
def expose_entity(session: Session, message: dict[str, Any]) -> None:
    """Let assistants see entities, or hide them."""
    session.home.registries.exposure.expose(message["assistants"], message["entity_ids"], message["should_expose"])
    session.result(message["id"])


@command("homeassistant/expose_new_entities/get", {vol.Required("assistant"): _assistant}, admin=True)
def exposes_new(session: Session, message: dict[str, Any]) -> None:
    """Whether the assistant sees new entities."""
    value = session.home.registries.exposure.exposes_new(message["assistant"])
    session.result(message["id"], {"expose_new": value})


@command(
    "homeassistant/expose_new_entities/set",
    {vol.Required("assistant"): _assistant, vol.Required("expose_new"): bool},
    admin=True,
)
def set_exposes_new(session: Session, message: dict[str, Any]) -> None:
    """Let the assistant see new entities, or not."""
    session.home.registries.exposure.set_exposes_new(message["assistant"], message["expose_new"])
    session.result(message["id"])
