"""What the front door needs of the engine: lists, a condition tried, a sequence run, triggers subscribed to.

Not here: HTTP, WebSocket, the wording of their errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.automations import evaluate
from marge.automations.blueprints import plain, used_path
from marge.automations.environment import Environment, nowhere
from marge.automations.hosts import Handler, TriggerHost
from marge.automations.references import check_references
from marge.automations.runner import ScriptRun
from marge.automations.shared import shared_of
from marge.automations.validation import validate_actions, validate_condition, validate_triggers
from marge.errors import MargeError
from marge.model import Context
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home


def list_automations(home: Home) -> list[dict[str, Any]]:
    """All automations in the order of the files, as the native configuration API lists them."""
    found = []
    for loaded in shared_of(home).automations.values():
        entity, config = loaded.entity, loaded.config
        last = entity.last_triggered
        found.append(
            {
                "id": entity.entity_id.partition(".")[2],
                "alias": entity.name,
                "description": "" if config is None else config.description,
                "mode": entity.mode,
                "trigger_count": 0 if config is None else len(config.triggers),
                "condition_count": 0 if config is None else len(config.conditions),
                "action_count": 0 if config is None else len(config.script.sequence),
                "last_triggered": None if last is None else iso(last),
                "total_triggers": entity.total_runs,
                "enabled": entity.is_on and config is not None,
            }
        )
    return found


def list_scenes(home: Home) -> list[dict[str, Any]]:
    """The configuration's scenes in the order of the files."""
    return [
        {
            "id": scene.entity.config_id or scene.entity.entity_id.partition(".")[2],
            "name": scene.entity.name,
            "entity_count": len(scene.states),
            "entities": list(scene.states),
        }
        for scene in shared_of(home).scenes.values()
        if scene.raw is not None
    ]


def try_condition(home: Home, condition: Any, variables: Mapping[str, Any] | None = None) -> bool | None:
    """Whether a condition, as a user writes it, holds now; None when it is disabled. In the caller's greenlet.

    Raises:
        vol.Invalid: it is malformed.
        ConditionError: it cannot be told.
    """
    environment = Environment(home, dict(variables or {}), "test condition")
    checked = validate_condition(condition)
    check_references(home, checked)
    return evaluate.check(checked, environment, "condition")


def run_sequence(
    home: Home,
    sequence: Any,
    context: Context,
    variables: Mapping[str, Any] | None = None,
    label: str = "websocket_api script",
    place: Callable[[str], str | None] = nowhere,
) -> Any:
    """Run actions, as a user writes them, in the caller's greenlet. Returns the response of `stop`, or None.

    Args:
        label: whose actions they are, for logs; place: where a step of them stands in the files.

    Raises:
        vol.Invalid: they are malformed, or a service refused its data.
        MargeError: one of them failed.
    """
    actions = validate_actions(sequence)
    check_references(home, actions)
    run = ScriptRun(home, label, actions, variables or {}, context, "sequence", place=place)
    run.execute()
    if run.error is not None:
        raise run.error
    return run.response


def subscribe_triggers(
    home: Home,
    triggers: Any,
    fired: Callable[[dict[str, Any], Context | None], None],
    variables: Mapping[str, Any] | None = None,
    post: Callable[[Handler, Any], None] | None = None,
    place: Callable[[str], str | None] = nowhere,
) -> Callable[[], None]:
    """Call `fired(variables, context)` whenever a trigger fires. Returns the function that ends it.

    Args:
        triggers: as a user writes them.
        fired: must not wait; `variables["trigger"]` says what happened.
        post: queues `(handler, argument)` to be called soon in the subscriber's own turn; by default handlers run where
            the event is published, so they cost the publisher.
        place: says where a trigger stands in the files, for logs.

    Raises:
        vol.Invalid: they are malformed.
        MargeError: one cannot be attached.
    """
    checked = validate_triggers(triggers)
    check_references(home, checked)
    if not checked:
        raise vol.Invalid("expected at least one trigger")
    host = TriggerHost(home, "trigger subscription", dict(variables or {}), post or _at_once, fired, place=place)
    try:
        for trigger in checked:
            host.attach(trigger)
    except (MargeError, vol.Invalid):
        host.close()
        raise
    return host.close


def _at_once(handler: Handler, argument: Any) -> None:
    handler(argument)


def config_of(home: Home, entity_id: str) -> Any:
    """What stands in the files for an automation's or a script's entity, its blueprint filled in; None: no such entity.
    """
    entity: Any = home.entities.owned.get(entity_id)
    if entity is None and entity_id in home.entities.parked:
        entity = home.entities.parked[entity_id].entity
    shared = shared_of(home)
    key = getattr(entity, "key", "")
    loaded: Any = None
    if entity_id.startswith("automation."):
        loaded = shared.automations.get(key)
    elif entity_id.startswith("script."):
        loaded = shared.scripts.get(f"script.{key}")
    return None if loaded is None else plain(loaded.effective)


TEMPLATE_BLUEPRINTS = "template_blueprints"
"""In `home.shared`: entity ids of the template entities of each blueprint, by its path."""


def users_of_blueprint(home: Home, domain: str, path: str) -> list[str]:
    """Entity ids of the automations, scripts or template entities that use a blueprint."""
    if domain == "template":
        return list(home.shared.get(TEMPLATE_BLUEPRINTS, {}).get(path, ()))
    shared = shared_of(home)
    loaded: Mapping[str, Any] = shared.automations if domain == "automation" else shared.scripts
    return [each.entity.entity_id for each in loaded.values() if used_path(each.raw) == path]
