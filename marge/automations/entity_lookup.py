"""Entities named by their registry id, as HA's editor does, become entity ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marge.home import Home


def resolve_ids(home: Home, ids: Iterable[str]) -> list[str]:
    """Entity ids for a mix of entity ids and registry ids. A registry id that is not known is left out."""
    # Two names may mean one entity: it counts once.
    return list(dict.fromkeys(found for found in (resolve_id(home, each) for each in ids) if found is not None))


def resolve_id(home: Home, identity: str) -> str | None:
    """The entity id for an entity id or a registry id."""
    if "." in identity:
        return home.states.current_id(identity)
    entities: Any = getattr(home.registries, "entities", None)
    find = getattr(entities, "by_registry_id", None) or getattr(entities, "get_by_id", None)
    entry = find(identity) if find is not None else None
    return None if entry is None else str(entry.entity_id)
