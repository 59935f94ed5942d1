"""`trigger: zone`: an entity with coordinates enters or leaves a zone."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.entity_lookup import resolve_ids
from marge.automations.geography import has_location, in_zone
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import STATE_CHANGED, Event, State

_SCHEMA = vol.Schema(
    {
        vol.Required("entity_id"): fields.entity_ids,
        vol.Required("zone"): fields.entity_id,
        vol.Optional("event", default="enter"): vol.In(["enter", "leave"]),
    }
)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    config = trigger.config
    entering = config["event"] == "enter"

    def moved(event: Event) -> None:
        old: State | None = event.data["old_state"]
        new: State | None = event.data["new_state"]
        if (old is not None and not has_location(old)) or new is None or not has_location(new):
            return
        zone = host.home.states.find(config["zone"])
        if zone is None:
            return
        was_in = old is not None and in_zone(zone, old)
        is_in = in_zone(zone, new)
        if (entering and is_in and not was_in) or (not entering and was_in and not is_in):
            entity_id = event.data["entity_id"]
            data = {
                "platform": "zone",
                "entity_id": entity_id,
                "from_state": old,
                "to_state": new,
                "zone": zone,
                "event": config["event"],
                "description": f"{entity_id} {'entering' if entering else 'leaving'} {zone.name}",
            }
            host.fire(trigger, data, new.context)

    for entity_id in resolve_ids(host.home, config["entity_id"]):
        host.subscribe(STATE_CHANGED, moved, entity_id)


TRIGGER = TriggerKind(_SCHEMA, _attach)
