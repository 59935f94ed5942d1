"""`choose:` runs the sequence of the first option whose conditions hold, else `default`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.evaluate import holds_in_script
from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_actions, validate_conditions

    option = vol.Schema(
        {
            vol.Required("conditions"): validate_conditions,
            vol.Required("sequence"): validate_actions,
            vol.Optional("alias"): fields.string,
        }
    )
    schema = vol.Schema(
        {
            vol.Required("choose"): lambda items: vol.Schema([option])(fields.as_list(items)),
            vol.Optional("default"): validate_actions,
        }
    )
    config: Config = schema(value)
    return config


def _run(step: Step) -> None:
    environment = step.environment()
    for number, option in enumerate(step.config["choose"]):
        path = f"{step.path}/choose/{number}"
        trace = environment.tracer.step(path)
        chosen = holds_in_script(option["conditions"], environment, f"{path}/conditions", "choose")
        trace.set_result(result=chosen)
        if chosen:
            step.trace.set_result(choice=number)
            step.run.run_nested(option["sequence"], f"{path}/sequence", step.scope)
            return
    default = step.config.get("default")
    if default is not None:
        step.trace.set_result(choice="default")
        step.run.run_nested(default, f"{step.path}/default", step.scope)


ACTION = ActionKind(("choose",), _schema, _run, "choose")
