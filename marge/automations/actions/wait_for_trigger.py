"""`wait_for_trigger:` waits until one of its triggers fires."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.automations.actions._waiting import TIMEOUT_FIELDS, Waiting, give_up
from marge.automations.kinds import ActionKind, Config
from marge.automations.periods import period_text, positive_time_period
from marge.automations.runner import Step
from marge.errors import MargeError
from marge.model import Context

log = structlog.get_logger("marge.automations")


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_triggers

    config: Config = vol.Schema({vol.Required("wait_for_trigger"): validate_triggers, **TIMEOUT_FIELDS})(value)
    return config


def _run(step: Step) -> None:
    trigger: dict[str, Any] | None = None

    def fired(variables: dict[str, Any], _context: Context | None) -> None:
        nonlocal trigger
        if trigger is None:
            trigger = variables["trigger"]

    waiting = Waiting(step, fired)
    if waiting.timeout_s is None:
        step.note("wait for trigger")
    else:
        step.note(f"wait for trigger (timeout: {period_text(positive_time_period(waiting.timeout_s))})")
    try:
        for each in step.config["wait_for_trigger"]:
            try:
                waiting.host.attach(each)
            except (MargeError, vol.Invalid) as exc:
                log.error(
                    "a trigger to wait for cannot be attached",
                    automation=step.run.label,
                    step=step.path,
                    where=step.run.place(step.path),
                    error=str(exc),
                )
        _report(step, waiting.timeout_s, None)
        waiting.wait(lambda: trigger is not None)
        remaining = waiting.remaining() if trigger is not None else (None if waiting.timeout_s is None else 0.0)
        _report(step, remaining, trigger)
    finally:
        waiting.host.close()
    if trigger is None:
        give_up(step)


def _report(step: Step, remaining: float | None, trigger: dict[str, Any] | None) -> None:
    wait = {"remaining": remaining, "completed": trigger is not None, "trigger": trigger}
    step.scope.assign_wait(wait)
    step.run.changed_variables(step.path, "wait", wait)
    step.trace.set_result(wait=wait)


ACTION = ActionKind(("wait_for_trigger",), _schema, _run, "wait_for_trigger")
