"""Targets of service calls: the keys that name them, their validation, and the entities they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import voluptuous as vol

from marge.entities import StateTable
from marge.model import valid_entity_id
from marge.util.schema import TARGET_IDS, TEXTS, shaped

ENTITY_ID = "entity_id"
INDIRECT_KEYS = ("device_id", "area_id", "floor_id", "label_id")
TARGET_KEYS = (ENTITY_ID, *INDIRECT_KEYS)
_INDIRECT = frozenset(INDIRECT_KEYS)
_TARGETS = frozenset(TARGET_KEYS)
ALL = "all"
NONE = "none"
_GROUP = "group"
_GROUP_DEPTH = 8


class Expander(Protocol):
    """What the registries know about devices, areas, floors and labels."""

    def expand(
        self, device_ids: list[str], area_ids: list[str], floor_ids: list[str], label_ids: list[str]
    ) -> set[str]: ...


@shaped(TARGET_IDS)
def entity_ids(value: Any) -> list[str] | str:
    """voluptuous validator: one id, several, a comma-separated text, `all` or `none`."""
    if isinstance(value, str):
        if valid_entity_id(value):
            return [value]  # what most calls name: one, as it is
        text = value.strip().lower()
        if text in (ALL, NONE):
            return text
        value = [part.strip() for part in text.split(",")]
    if not isinstance(value, list):
        raise vol.Invalid("Entity IDs must be a list or a text")
    found = []
    for each in value:
        entity_id = each.strip().lower() if isinstance(each, str) else each
        if not isinstance(entity_id, str) or not valid_entity_id(entity_id):
            raise vol.Invalid(f"Entity ID {each} is an invalid entity ID")
        found.append(entity_id)
    return found


@shaped(TEXTS)
def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise vol.Invalid("expected str")
    return values


TARGET_FIELDS: dict[Any, Any] = {
    vol.Optional(ENTITY_ID): entity_ids,
    **{vol.Optional(key): vol.Any(NONE, _texts) for key in INDIRECT_KEYS},
}


@shaped({"anyOf": [{"required": [key]} for key in TARGET_KEYS]})
def require_target(data: dict[str, Any]) -> dict[str, Any]:
    """voluptuous validator: the data names some target."""
    if _TARGETS.isdisjoint(data):
        raise vol.Invalid(f"must contain at least one of {', '.join(TARGET_KEYS)}.")
    return data


def names_indirectly(data: Mapping[str, Any]) -> bool:
    """Whether entities are named by their device, area, floor or label."""
    return not _INDIRECT.isdisjoint(data)


def without_targets(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a call says beside whom it means."""
    return {key: value for key, value in data.items() if key not in _TARGETS}


class Targets(NamedTuple):
    """The entities that a call means.

    Attributes:
        entity_ids: those that exist, in the order in which they were named.
        missing: those named directly that do not exist.
    """

    entity_ids: list[str]
    missing: list[str]


def resolve(data: Mapping[str, Any], domain: str, states: StateTable, registries: Expander | None) -> Targets:
    """The entities of `domain` that the validated `data` names, groups replaced by their members."""
    named = data.get(ENTITY_ID, [])
    if named == ALL:
        return Targets([state.entity_id for state in states.domain(domain)], [])
    prefix = f"{domain}."
    indirectly = names_indirectly(data)
    if len(named) == 1 and not indirectly and named[0] in states and named[0].startswith(prefix) and domain != _GROUP:
        return Targets([*named], [])  # what most calls name
    direct = [] if named == NONE else _members(named, states)
    indirect: set[str] = set()
    if registries is not None and indirectly:
        indirect = registries.expand(*(_as_list(data.get(key)) for key in INDIRECT_KEYS))
    found: dict[str, None] = {}
    missing: list[str] = []
    for named_id in direct:
        state = states.find(named_id)
        if state is not None and state.entity_id.startswith(prefix):
            found[state.entity_id] = None
        else:
            missing.append(states.current_id(named_id))
    for entity_id in sorted(indirect):
        if entity_id in states and entity_id.startswith(prefix):
            found[entity_id] = None
    return Targets(list(found), missing)


def _as_list(value: Any) -> list[str]:
    if value is None or value == NONE:
        return []
    return value if isinstance(value, list) else [value]


def _members(entity_ids: list[str], states: StateTable, depth: int = 0) -> list[str]:
    """Ids with `group.*` replaced by what is in the groups; a group in itself ends the search."""
    found: list[str] = []
    for entity_id in entity_ids:
        state = states.find(entity_id) if entity_id.startswith(f"{_GROUP}.") else None
        members = state.attributes.get(ENTITY_ID) if state is not None else None
        if isinstance(members, (list, tuple)) and depth < _GROUP_DEPTH:
            found.extend(_members([str(each) for each in members], states, depth + 1))
        else:
            found.append(entity_id)
    return found
