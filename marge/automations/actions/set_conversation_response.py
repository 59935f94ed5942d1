"""`set_conversation_response:` sets what the conversation that triggered the run answers."""

from __future__ import annotations

import voluptuous as vol

from marge.automations import fields
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step

_SCHEMA = vol.Schema({vol.Required("set_conversation_response"): vol.Any(None, fields.template)})


def _run(step: Step) -> None:
    step.note("setting conversation response")
    answer = step.config["set_conversation_response"]
    rendered = None if answer is None else step.render(answer)
    step.run.conversation_response = None if rendered is None else str(rendered)
    step.trace.set_result(conversation_response=step.run.conversation_response)


ACTION = ActionKind(("set_conversation_response",), _SCHEMA, _run, "set_conversation_response")
