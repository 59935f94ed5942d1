"""Automations: their services. What runs stands in `marge.automations`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.automation import TriggerNow
from marge.automations.editing import AUTOMATION, reload
from marge.automations.entities import AutomationEntity
from marge.automations.loading import counts_runs, load_automations
from marge.automations.runner import current_run
from marge.domains._catalog import fields_of, service
from marge.entities import Domain
from marge.services import TARGET_FIELDS, ServiceCall, resolve
from marge.services.targets import TARGET_KEYS, require_target

if TYPE_CHECKING:
    from marge.home import Home

TRIGGER_WAIT_S = 10.0
"""How long `automation.trigger` waits for the actions; longer ones go on without it."""

_TRIGGER_DATA: dict[Any, Any] = {
    vol.Optional("variables", default=dict): fields.variables,
    vol.Optional("skip_condition", default=True): fields.boolean,
}
_TRIGGER = vol.Schema(vol.All({**_TRIGGER_DATA, **TARGET_FIELDS}, require_target))


def _lenient_trigger(data: Any) -> dict[str, Any]:
    """The native profile takes ids without `automation.` and nothing at all."""
    data = dict(data)
    named = data.pop("entity_id", [])
    items = [item.strip() for item in named.split(",")] if isinstance(named, str) else fields.as_list(named)
    ids = [str(item).lower() for item in items if item]
    rest: dict[str, Any] = vol.Schema({**_TRIGGER_DATA, **TARGET_FIELDS}, extra=vol.REMOVE_EXTRA)(data)
    if ids or not any(key in rest for key in TARGET_KEYS):
        rest["entity_id"] = [item if "." in item else f"automation.{item}" for item in ids]
    return rest


def _trigger(home: Home, call: ServiceCall) -> None:
    """Run the automations' actions and wait for short ones. In the caller's greenlet."""
    caller = current_run()
    stack = caller.stack if caller is not None else ()
    targets = resolve(call.data, "automation", home.states, home.registries)
    runs = []
    message = TriggerNow(call.context, dict(call.data["variables"]), call.data["skip_condition"], stack)
    for entity_id in targets.entity_ids:
        entity = home.entities.owned.get(entity_id)
        if isinstance(entity, AutomationEntity) and home.system.ref(entity.actor_path) is not None:
            runs.append(home.system.ask(entity.actor_path, message))
    if caller is not None:
        caller.begin_waiting(shown=False, rests=False)
    deadline = home.clock.monotonic() + TRIGGER_WAIT_S
    for run in runs:
        if run is not None and run is not caller:
            run.settled.wait(max(0.0, deadline - home.clock.monotonic()))
            if caller is not None and run.rested:
                caller.rested += 1


def _setup(home: Home, _conf: Any) -> None:
    lenient = counts_runs(home)
    home.services.register(
        "automation",
        "trigger",
        lambda call: _trigger(home, call),
        _lenient_trigger if lenient else _TRIGGER,
        description="Runs the actions of automations, whatever their triggers and conditions say.",
        fields=fields_of("automation", "trigger"),
        target={"entity": [{"domain": ["automation"]}]},
    )
    home.services.register(
        "automation",
        "reload",
        lambda call: (reload(home, AUTOMATION, call.context), None)[1],
        vol.Schema({}, extra=vol.REMOVE_EXTRA),
        description="Reads the automations' files anew; those that did not change go on undisturbed.",
    )
    load_automations(home)


DOMAIN = Domain(
    "automation",
    services={
        "turn_on": service("automation", "turn_on", "turn_on", "Lets automations react to their triggers."),
        "turn_off": service(
            "automation",
            "turn_off",
            "turn_off",
            "Keeps automations from reacting, and stops what they do.",
            {vol.Optional("stop_actions", default=True): fields.boolean},
        ),
        "toggle": service("automation", "toggle", "toggle", "Turns each automation on or off, whichever it is not."),
    },
    entity=AutomationEntity,
    setup=_setup,
)
