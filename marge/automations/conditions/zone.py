"""`condition: zone`: entities with coordinates are inside one of these zones."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError
from marge.automations.geography import in_zone
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep

_SCHEMA = vol.Schema({vol.Required("entity_id"): fields.entity_ids, vol.Required("zone"): fields.entity_ids})


def _inside(entity_id: str, zone_id: str, environment: Environment) -> bool:
    zone, entity = environment.state(zone_id), environment.state(entity_id)
    if zone is None:
        raise ConditionError(f"unknown zone {zone_id}")
    if entity is None:
        raise ConditionError(f"unknown entity {entity_id}")
    for attribute in ("latitude", "longitude"):
        if entity.attributes.get(attribute) is None:
            raise ConditionError(f"entity {entity_id} has no '{attribute}' attribute")
    return in_zone(zone, entity)


def _check(config: Config, environment: Environment, _step: TraceStep) -> bool:
    errors: list[str] = []
    everyone = True
    for entity_id in config["entity_id"]:
        somewhere = False
        for zone_id in config["zone"]:
            try:
                somewhere = _inside(entity_id, zone_id, environment) or somewhere
            except ConditionError as exc:
                errors.append(f"In 'zone' condition: error matching {entity_id} with {zone_id}: {exc}")
        everyone = everyone and somewhere
    if errors and not everyone:
        raise ConditionError("\n".join(errors))
    return everyone


CONDITION = ConditionKind(_SCHEMA, _check)
