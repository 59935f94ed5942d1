"""Device actions: something that a device's entity can do, such as `turn_on`, without naming the service."""

from __future__ import annotations

from marge.automations.actions.service import CALL_TIMEOUT_S
from marge.automations.device_automations import as_call, entity_of, schema
from marge.automations.device_table import ACTIONS, row
from marge.automations.kinds import ActionKind
from marge.automations.runner import Step
from marge.errors import HomeError


def _run(step: Step) -> None:
    step.note("device automation")
    config = step.config
    how = row(ACTIONS, config["domain"], config["type"])
    if how is None:
        raise HomeError(f"nothing is known of the device action {config['type']}")
    service, data = as_call(how, entity_of(step.home, config), step.render(config))
    step.home.services.call(config["domain"], service, data, None, step.run.context, timeout=CALL_TIMEOUT_S)


ACTION = ActionKind(("device_id",), schema("action", ACTIONS), _run, "device", names_device=True)
