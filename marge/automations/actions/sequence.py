"""`sequence:` groups actions."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.kinds import ActionKind, Config
from marge.automations.runner import Step


def _schema(value: Any) -> Config:
    from marge.automations.validation import validate_actions

    config: Config = vol.Schema({vol.Required("sequence"): validate_actions, vol.Optional("metadata"): dict})(value)
    return config


def _run(step: Step) -> None:
    step.run.run_nested(step.config["sequence"], f"{step.path}/sequence", step.scope)


ACTION = ActionKind(("sequence",), _schema, _run, "sequence")
