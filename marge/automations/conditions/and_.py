"""`condition: and`: all of these conditions hold."""

from __future__ import annotations

from marge.automations.conditions._nested import schema
from marge.automations.environment import Environment
from marge.automations.evaluate import check_all
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    return check_all(config["conditions"], environment, f"{step.path}/conditions", "and")


CONDITION = ConditionKind(schema, _check)
