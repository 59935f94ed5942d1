"""`stop:` ends the run, with a response or as an error."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.errors import ScriptAborted, ScriptStopped
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step

_SCHEMA = vol.Schema(
    {
        vol.Required("stop"): vol.Any(None, fields.string),
        vol.Exclusive("error", "error_or_response"): fields.boolean,
        vol.Exclusive("response_variable", "error_or_response"): fields.string,
    }
)


def _run(step: Step) -> None:
    reason = step.config["stop"] or ""
    as_error = bool(step.config.get("error"))
    step.note(f"stop script sequence due to {'error' if as_error else 'condition'}")
    step.trace.set_result(stop=reason, error=as_error)
    if as_error:
        raise ScriptAborted(reason)
    variable = step.config.get("response_variable")
    if variable is None:
        raise ScriptStopped(reason)
    if variable not in step.scope:
        raise ScriptAborted(repr(variable))
    raise ScriptStopped(reason, step.scope[variable])


ACTION = ActionKind(("stop",), _SCHEMA, _run, "stop")
