"""`condition: not`: none of these conditions holds."""

from __future__ import annotations

from marge.automations.conditions._nested import schema
from marge.automations.environment import Environment
from marge.automations.evaluate import any_holds
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    return not any_holds(config["conditions"], environment, f"{step.path}/conditions", "not")


CONDITION = ConditionKind(schema, _check)
