"""`if:` / `then:` / `else:`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.evaluate import holds_in_script
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_actions, validate_conditions

    schema = vol.Schema(
        {
            vol.Required("if"): validate_conditions,
            vol.Required("then"): validate_actions,
            vol.Optional("else"): validate_actions,
        }
    )
    config: Config = schema(value)
    return config


def _run(step: Step) -> None:
    environment = step.environment()
    path = f"{step.path}/if"
    trace = environment.tracer.step(path)
    holds = holds_in_script(step.config["if"], environment, f"{path}/condition", "if")
    trace.set_result(result=holds)
    branch = "then" if holds else "else"
    actions = step.config.get(branch)
    if actions is not None:
        step.trace.set_result(choice=branch)
        step.run.run_nested(actions, f"{step.path}/{branch}", step.scope)


ACTION = ActionKind(("if",), _schema, _run, "if")
