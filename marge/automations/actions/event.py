"""`event:` fires an event."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step
from marge.errors import HomeError
from marge.model import Event

_SCHEMA = vol.Schema(
    {
        vol.Required("event"): fields.string,
        vol.Optional("event_data", default=dict): vol.Any(None, dict, fields.dynamic_template),
        vol.Optional("event_data_template", default=dict): vol.Any(None, dict, fields.dynamic_template),
    }
)


def _run(step: Step) -> None:
    event_type = step.config["event"]
    step.note(event_type)
    data = {}
    for part in ("event_data", "event_data_template"):
        rendered = step.render(step.config[part] or {})
        if not isinstance(rendered, dict):
            raise HomeError("Error rendering event data template: Result is not a Dictionary")
        data.update(rendered)
    step.trace.set_result(event=event_type, event_data=data)
    step.home.bus.publish(Event(event_type, data, step.run.context, step.home.clock.now()))


ACTION = ActionKind(("event",), _SCHEMA, _run, "fire_event")
