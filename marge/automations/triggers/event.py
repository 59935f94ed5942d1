"""`trigger: event`: an event of a type, with data and a context that hold what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import STATE_CHANGED, Event

_SCHEMA = vol.Schema(
    {
        vol.Required("event_type"): lambda value: [fields.string(item) for item in fields.as_list(value)],
        vol.Optional("event_data"): {fields.string: object},
        vol.Optional("context"): {fields.string: object},
    }
)


def holds_all(wanted: Any, found: Any) -> bool:
    """Whether `found` has what `wanted` names; it may hold more."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            return False
        return all(key in found and holds_all(item, found[key]) for key, item in wanted.items())
    if isinstance(wanted, list):
        if not isinstance(found, list):
            return False
        return all(any(holds_all(item, each) for item in wanted) for each in found) if wanted else not found
    return bool(wanted == found)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    config = host.limited(trigger.config)
    data = config.get("event_data")
    contexts = {key: fields.as_list(value) for key, value in (config.get("context") or {}).items()}

    def happened(event: Event) -> None:
        if data and not holds_all(data, event.data):
            return
        if contexts and not all(getattr(event.context, key, None) in each for key, each in contexts.items()):
            return
        description = f"event '{event.event_type}'"
        host.fire(trigger, {"platform": "event", "event": event, "description": description}, event.context)

    key = data.get("entity_id") if data else None
    for event_type in config["event_type"]:
        # state_changed is published by entity: with the entity named, only its changes cost anything.
        keyed = event_type == STATE_CHANGED and isinstance(key, str)
        host.subscribe(event_type, happened, key if keyed else None)


TRIGGER = TriggerKind(_SCHEMA, _attach)
