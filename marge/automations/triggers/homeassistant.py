"""`trigger: homeassistant`: the home has started, or is about to stop."""

from __future__ import annotations

import voluptuous as vol

from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import Event

_SCHEMA = vol.Schema({vol.Required("event"): vol.In(["start", "shutdown"])})
_EVENTS = {"start": "homeassistant_started", "shutdown": "homeassistant_stop"}
_WORDS = {"start": "Home Assistant starting", "shutdown": "Home Assistant stopping"}


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    event = trigger.config["event"]

    def happened(cause: Event) -> None:
        data = {"platform": "homeassistant", "event": event, "description": _WORDS[event]}
        host.fire(trigger, data)

    host.subscribe(_EVENTS[event], happened)


TRIGGER = TriggerKind(_SCHEMA, _attach)
