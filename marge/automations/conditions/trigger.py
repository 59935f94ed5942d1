"""`condition: trigger`: the automation was triggered by a trigger with one of these ids."""

from __future__ import annotations

from collections.abc import Mapping

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep

_SCHEMA = vol.Schema({vol.Required("id"): lambda value: [fields.string(item) for item in fields.as_list(value)]})


def _check(config: Config, environment: Environment, _step: TraceStep) -> bool:
    trigger = environment.variables.get("trigger")
    return isinstance(trigger, Mapping) and trigger.get("id") in config["id"]


CONDITION = ConditionKind(_SCHEMA, _check)
