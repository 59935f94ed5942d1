"""Where in the files a step of an automation or a script stands, for the log: `automations.yaml:12`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.automations.shared import shared_of
from marge.config.nodes import location_of

if TYPE_CHECKING:
    from marge.entities import Entity
    from marge.home import Home

_PARTS: Mapping[str, tuple[str, ...]] = {
    "trigger": ("triggers", "trigger"), "condition": ("conditions", "condition"), "action": ("actions", "action"),
    "sequence": ("sequence",), "variables": ("variables",), "trigger_variables": ("trigger_variables",),
}  # fmt: skip
"""What the first word of a trace path is called in the files."""


def place_of_run(home: Home, entity_id: str | None, path: str) -> str | None:
    """The place of a step of the automation or script behind this entity; None when it does not stand in a file."""
    entity = None if entity_id is None else home.entities.owned.get(entity_id)
    return None if entity is None else place_of(home, entity, path)


def place_of(home: Home, entity: Entity, path: str) -> str | None:
    """As `place_of_run`, for the entity itself.

    Args:
        path: of a trace: `action/0/repeat/sequence/1`, `trigger/0`.
    """
    shared, key = shared_of(home), str(getattr(entity, "key", ""))
    loaded = shared.automations.get(key) or shared.scripts.get(f"script.{key}")
    return None if loaded is None else place_in(loaded.raw, path)


def place_in(raw: Any, path: str) -> str | None:
    """The deepest place that is known along a trace path; words that the files do not have are passed over."""
    here = location_of(raw)
    if not isinstance(raw, Mapping):
        return None if here is None else str(here)
    first, *rest = path.split("/")
    word = next((each for each in _PARTS.get(first, ()) if each in raw), None)
    if word is not None:
        here = location_of(raw, word) or here
        node = raw[word]
        for step in rest:
            index: object = int(step) if step.isdigit() else step
            if isinstance(index, int) and not isinstance(node, list):
                continue  # one alone, without a list around it
            try:
                below = node[index]
            except (KeyError, IndexError, TypeError):
                continue
            here = location_of(node, index) or here
            node = below
    return None if here is None else str(here)
