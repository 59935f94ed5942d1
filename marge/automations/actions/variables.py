"""`variables:` sets variables of the run; a later one sees the earlier ones."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step

_SCHEMA = vol.Schema({vol.Required("variables"): fields.variables})


def _run(step: Step) -> None:
    step.note("setting variables")
    for name, value in step.config["variables"].items():
        step.assign(name, step.render(value))


ACTION = ActionKind(("variables",), _SCHEMA, _run, "variables")
