"""`delay:` waits, in the home's time."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.automations import fields
from marge.automations.errors import ScriptAborted
from marge.automations.kinds import ActionKind
from marge.automations.periods import period_text, positive_time_period
from marge.automations.runner import Step
from marge.errors import MargeError

log = structlog.get_logger("marge.automations")

_SCHEMA = vol.Schema({vol.Required("delay"): fields.period_or_template})


def rendered_period(step: Step, value: Any, what: str) -> float:
    """Seconds of a length of time that may be a template.

    Raises:
        ScriptAborted: it is none; logged, and nothing that `continue_on_error` passes over.
    """
    try:
        return positive_time_period(step.render(value)).total_seconds()
    except (MargeError, vol.Invalid) as exc:
        log.error(
            f"{step.run.label}: Error rendering {step.run.label} {what} template: {exc}",
            automation=step.run.label,
            step=step.path,
            where=step.run.place(step.path),
        )
        raise ScriptAborted(str(exc)) from exc


def _run(step: Step) -> None:
    seconds = rendered_period(step, step.config["delay"], "delay")
    step.note(f"delay {period_text(positive_time_period(seconds))}")
    step.trace.set_result(delay=seconds, done=False)
    step.run.sleep(seconds)
    step.trace.set_result(delay=seconds, done=True)


ACTION = ActionKind(("delay",), _SCHEMA, _run, "delay")
