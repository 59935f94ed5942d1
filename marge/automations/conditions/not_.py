"""`condition: not`: none of these conditions holds."""

from __future__ import annotations

from marge.automations.conditions._nested import schema
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError, ConditionErrorIn
from marge.automations.evaluate import check
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    conditions = config["conditions"]
    errors: list[tuple[int, int, ConditionError]] = []
    for index, condition in enumerate(conditions):
        try:
            if check(condition, environment, f"{step.path}/conditions/{index}") is True:
                return False
        except ConditionError as exc:
            errors.append((index, len(conditions), exc))
    if errors:
        raise ConditionErrorIn("not", errors)
    return True


CONDITION = ConditionKind(schema, _check)
