"""`condition: template`: a template renders to `true`."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields, rendering
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep

_SCHEMA = vol.Schema({vol.Required("value_template"): fields.template})


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    text = config["value_template"]
    if not environment.tracer.records:
        return rendering.is_true(environment.render(text))
    info = environment.render_info(text)
    step.update_result(entities=sorted(info.entities))
    if info.error is not None:
        step.result = None
        raise ConditionError(f"In 'template' condition: {info.error}")
    return rendering.is_true(info.result)


CONDITION = ConditionKind(_SCHEMA, _check)
