"""`scene: scene.evening` activates a scene."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step

_SCHEMA = vol.Schema({vol.Required("scene"): fields.entities_in("scene"), vol.Optional("metadata"): dict})


def _run(step: Step) -> None:
    entity_id = step.config["scene"]
    step.note("activate scene")
    step.trace.set_result(scene=entity_id)
    step.home.services.call("scene", "turn_on", {"entity_id": entity_id}, None, step.run.context)


ACTION = ActionKind(("scene",), _SCHEMA, _run, "scene")
