"""A condition among the actions: when it is false, the sequence it stands in ends."""

from __future__ import annotations

from typing import Any

import structlog

from marge.automations.errors import ConditionError, ConditionFailed
from marge.automations.evaluate import is_enabled
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step
from marge.errors import MargeError

log = structlog.get_logger("marge.automations")


def _schema(value: Any) -> Config:
    # Conditions may hold anything: their validation knows all kinds, so it is imported when it is used.
    from marge.automations.validation import validate_condition

    return {"condition": validate_condition(value)}


def _run(step: Step) -> None:
    condition = step.config["condition"]
    environment = step.environment()
    step.note("condition")
    try:
        if condition.enabled is not True and not is_enabled(condition.enabled, environment):
            step.trace.set_result(result=None)
            return
        # Checked in this step, not in one below it: HA's traces show it so.
        holds = condition.kind.check(condition.config, environment, step.trace)
        step.trace.update_result(result=holds)
    except (ConditionError, MargeError) as exc:
        log.warning(
            f"{step.run.label}: error in a condition among the actions: {exc}",
            automation=step.run.label,
            step=step.path,
            where=step.run.place(step.path),
        )
        step.trace.set_error(exc)
        holds = False
    if not holds:
        raise ConditionFailed


ACTION = ActionKind(("condition", "and", "or", "not"), _schema, _run, "condition")
