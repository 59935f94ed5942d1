"""`trigger: homeassistant`: the home has started, or is about to stop."""

from __future__ import annotations

import voluptuous as vol

from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import Event

_SCHEMA = vol.Schema({vol.Required("event"): vol.In(["start", "shutdown"])})
SHUTDOWN = "homeassistant_stop"
_WORDS = {"start": "Home Assistant starting", "shutdown": "Home Assistant stopping"}


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    event = trigger.config["event"]

    def happened(_cause: Event | None) -> None:
        host.fire(trigger, {"platform": "homeassistant", "event": event, "description": _WORDS[event]})

    if event == "start":
        # Triggers are attached once the home has started; those of a reload come too late for it.
        if host.starting:
            host.post(happened, None)
    else:
        host.subscribe(SHUTDOWN, happened)


TRIGGER = TriggerKind(_SCHEMA, _attach)
