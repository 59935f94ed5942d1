"""`wait_template:` waits until a template is true."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields, rendering
from marge.automations.actions._waiting import TIMEOUT_FIELDS, Waiting, give_up
from marge.automations.kinds import ActionKind
from marge.automations.periods import period_text, positive_time_period
from marge.automations.runner import Step
from marge.automations.watch import TemplateWatch
from marge.model import Event

_SCHEMA = vol.Schema({vol.Required("wait_template"): fields.template, **TIMEOUT_FIELDS})


def _run(step: Step) -> None:
    met = False

    def rendered(info: Any, _event: Event | None) -> None:
        nonlocal met
        met = met or (info.error is None and rendering.truth(info.result))

    waiting = Waiting(step, lambda _variables, _context: None)
    if waiting.timeout_s is None:
        step.note("wait template")
    else:
        step.note(f"wait template (timeout: {period_text(positive_time_period(waiting.timeout_s))})")
    try:
        watch = TemplateWatch(waiting.host, step.config["wait_template"], rendered)
        rendered(watch.start(), None)
        _report(step, waiting.timeout_s, met)
        if not met:
            waiting.wait(lambda: met)
            _report(step, waiting.remaining() if met else (None if waiting.timeout_s is None else 0.0), met)
    finally:
        waiting.host.close()
    if not met:
        give_up(step)


def _report(step: Step, remaining: float | None, completed: bool) -> None:
    wait = {"remaining": remaining, "completed": completed}
    step.scope.assign_wait(wait)
    step.run.changed_variables(step.path, "wait", wait)
    step.trace.set_result(wait=wait)


ACTION = ActionKind(("wait_template",), _SCHEMA, _run, "wait_template")
