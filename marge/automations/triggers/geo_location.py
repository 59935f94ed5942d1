"""`trigger: geo_location`: an event on the map, reported by a source, enters or leaves a zone."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.geography import in_zone
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import STATE_CHANGED, Event, State

_SCHEMA = vol.Schema(
    {
        vol.Required("source"): vol.All(fields.string, vol.Lower),
        vol.Required("zone"): fields.entity_id,
        vol.Optional("event", default="enter"): vol.In(["enter", "leave"]),
    }
)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    config = trigger.config
    source, entering = config["source"], config["event"] == "enter"

    def is_ours(event: Event) -> bool:
        if not event.data["entity_id"].startswith("geo_location."):
            return False
        states = (event.data["old_state"], event.data["new_state"])
        return any(state is not None and state.attributes.get("source") == source for state in states)

    def moved(event: Event) -> None:
        old: State | None = event.data["old_state"]
        new: State | None = event.data["new_state"]
        zone = host.home.states.find(config["zone"])
        if zone is None:
            return
        was_in = old is not None and in_zone(zone, old)
        is_in = new is not None and in_zone(zone, new)
        if was_in == is_in or is_in != entering:
            return
        data = {
            "platform": "geo_location",
            "source": source,
            "entity_id": event.data["entity_id"],
            "from_state": old,
            "to_state": new,
            "zone": zone,
            "event": config["event"],
            "description": f"geo_location - {source}",
        }
        host.fire(trigger, data, event.context)

    host.subscribe(STATE_CHANGED, moved, accept=is_ours)


TRIGGER = TriggerKind(_SCHEMA, _attach)
