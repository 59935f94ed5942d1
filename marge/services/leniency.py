"""Which calls Marge takes that HA refuses; see `docs/decisions/0003-virtual-entities.md`. Not here: what they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from marge.entities import StateTable
from marge.model import valid_entity_id
from marge.services.targets import ENTITY_ID, entity_ids, names_indirectly

_GROUP = "group."


@dataclass(slots=True)
class Policy:
    """How lenient a home is.

    Attributes:
        lenient_without_target: a call that names no entity, or none that exists, never fails.
    """

    lenient_without_target: bool = False


class Leniency:
    """Tells from what a call names whose rules hold for it: HA's as soon as one of its entities has an owner."""

    def __init__(self, policy: Policy, states: StateTable) -> None:
        self._policy = policy
        self._states = states

    def named(self, raw: Mapping[str, Any]) -> list[str] | None:
        """The entities that a call names one by one; None: in another way."""
        if names_indirectly(raw):
            return None
        try:
            named = entity_ids(raw[ENTITY_ID]) if ENTITY_ID in raw else []
        except vol.Invalid:
            return _ids_among(raw[ENTITY_ID]) if self._policy.lenient_without_target else None
        return None if isinstance(named, str) else named

    def names_virtual(self, raw: Mapping[str, Any]) -> bool:
        """Whether the call names entities that exist, have no owner, and stand for no others."""
        named = self.named(raw) or []
        return bool(named) and all(
            each in self._states and not self._is_owned(each) and not each.startswith(_GROUP) for each in named
        )

    def covers(self, domain: str, raw: Mapping[str, Any]) -> bool:
        """Whether a call of an entity service concerns virtual entities only: then nobody's rules but Marge's apply."""
        only = raw.get(ENTITY_ID)
        if type(only) is str and self._states.owner(only) is not None:
            return False  # what most calls name, and told without reading it
        named = self.named(raw)
        if named is None:
            return False
        if not named:
            return self._policy.lenient_without_target
        if self._policy.lenient_without_target:
            return not any(self._is_owned(each) or (each.startswith(_GROUP) and domain != "group") for each in named)
        states = self._states
        return all(each in states and states.owner(each) is None and each.startswith(f"{domain}.") for each in named)

    def forgives(self, raw: Mapping[str, Any]) -> bool:
        """Whether data that the service does not take may be passed over in silence: nobody's device is concerned."""
        named = self.named(raw)
        return self._policy.lenient_without_target and named is not None and not any(map(self._is_owned, named))

    def _is_owned(self, entity_id: str) -> bool:
        return self._states.owner(self._states.current_id(entity_id)) is not None


def _ids_among(value: Any) -> list[str]:
    """What of `value` is an entity id; the rest is nothing that a call could concern."""
    texts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    ids = [each.strip().lower() for each in texts if isinstance(each, str)]
    return [each for each in ids if valid_entity_id(each)]
