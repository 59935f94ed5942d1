"""The list of virtual entities that a new home starts with. Not here: how they behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marge.config.nodes import Unresolved, location_of
from marge.model.entity_id import valid_entity_id

_KEYS = {"state", "attributes", "press_event"}


@dataclass(frozen=True, slots=True)
class VirtualSeed:
    """What a virtual entity is when it is first made; later starts restore what it became.

    Attributes:
        press_event: for buttons: the event that a press fires besides.
    """

    state: str
    attributes: Mapping[str, Any]
    press_event: str | None = None


def virtual_entities(value: object) -> dict[str, VirtualSeed]:
    """The seeds by entity id.

    Raises:
        ValueError: names the first entity that is wrong; its text completes "wants …".
    """
    if not isinstance(value, dict):
        raise ValueError("a mapping from entity id to state and attributes")
    return {entity_id: _seed(entity_id, seed, location_of(value, entity_id)) for entity_id, seed in value.items()}


def _seed(entity_id: object, seed: object, where: object) -> VirtualSeed:
    place = f" ({where})" if where else ""
    if not isinstance(entity_id, str) or not valid_entity_id(entity_id):
        raise ValueError(f"entity ids as keys, and {entity_id!r} is none{place}")
    if seed is None:
        seed = {}
    if not isinstance(seed, dict) or not set(seed) <= _KEYS:
        raise ValueError(f"`state`, `attributes` and `press_event` below {entity_id} and nothing else{place}")
    state, attributes, press_event = seed.get("state", "unknown"), seed.get("attributes"), seed.get("press_event")
    if isinstance(state, bool):  # an unquoted on/off is a boolean to YAML
        state = "on" if state else "off"
    if isinstance(state, int | float):
        state = str(state)
    if not isinstance(state, str):
        raise ValueError(f"a text as state of {entity_id}{place}")
    attributes = {} if attributes is None else attributes
    if not isinstance(attributes, dict) or any(isinstance(item, Unresolved) for item in attributes.values()):
        raise ValueError(f"a mapping as attributes of {entity_id}{place}")
    if press_event is not None and not isinstance(press_event, str):
        raise ValueError(f"the name of an event as press_event of {entity_id}{place}")
    return VirtualSeed(state, {str(key): item for key, item in attributes.items()}, press_event)
