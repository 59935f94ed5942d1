"""Loads automations and scripts from the configuration, and again without touching what did not change.

Not here: scenes (`marge.automations.scenes`), services (`marge.domains`).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Backoff, ChildSpec, StopChild, Supervisor
from marge.automations.automation import AutomationActor, HomeStarted, Reconfigure
from marge.automations.entities import AutomationEntity, ScriptEntity
from marge.automations.script import ReconfigureScript, ScriptActor
from marge.automations.shared import Automations, shared_of
from marge.automations.validation import (
    AUTOMATION_KEYS,
    AutomationConfig,
    ScriptConfig,
    explain_extra_key,
    validate_automation,
    validate_script,
)
from marge.config.nodes import locate
from marge.errors import AlreadyExists
from marge.model import Event
from marge.util.breathe import let_others_in
from marge.util.dt import parse_iso
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")

AUTOMATIONS_PATH = "/automations"
SCRIPTS_PATH = "/scripts"
OWNER_BACKOFF = Backoff(pauses_s=(0.0, 0.0, 1.0, 5.0, 30.0), max_restarts=10, settle_s=60.0)
"""As entities: what a crashed one misses until it is back is lost, so the first restarts are at once."""
OWNER = "automation"
LOADED_BETWEEN_YIELDS = 25
"""Validating an automation takes 0.3 ms; thousands in one go would hold up everybody."""
HOME_STARTED = "homeassistant_started"
SCRIPT_OWNER = "script"


@dataclass
class LoadedAutomation:
    """One automation as it was loaded.

    Attributes:
        raw: what the user wrote, to tell whether it changed.
        config: None when it could not be used.
        error: why not.
    """

    raw: Any
    config: AutomationConfig | None
    entity: AutomationEntity
    error: str | None = None


@dataclass
class LoadedScript:
    raw: Any
    fields: dict[str, Any]
    description: str
    config: ScriptConfig
    entity: ScriptEntity


def ensure_supervisor(home: Home, path: str) -> None:
    """The supervisor of all automations, or scripts; a child that fails comes back after a pause and harms no other."""
    if home.system.ref(path) is None:
        try:
            home.system.spawn(ChildSpec(path.lstrip("/"), Supervisor, kwargs={"stop_together": True}, shutdown_s=10.0))
        except AlreadyExists:
            return


def counts_runs(home: Home) -> bool:
    """Whether `current` shows the number of runs so far: so in the native profile."""
    return getattr(home.config.marge, "profile", "ha") == "native"


# -- automations -------------------------------------------------------------------------------------------------------


def load_automations(home: Home, section: Any = None) -> int:
    """Load `automation:` (or `section`, when it was read anew); what is loaded already and unchanged is left alone.

    Waits for nothing but those automations that changed. Returns how many automations there are, broken ones included.
    """
    shared = shared_of(home)
    ensure_supervisor(home, AUTOMATIONS_PATH)
    _wait_for_start(home, shared)
    if section is None:
        section = home.config.sections.get("automation")
    with shared.loading:  # two reloads at once would remove each other's automations
        return _load_all(home, shared, section)


def _load_all(home: Home, shared: Automations, section: Any) -> int:
    wanted: dict[str, Any] = {}
    for raw in _items(section):
        wanted[_automation_entity_id(raw, wanted)] = raw
    for entity_id in [each for each in shared.automations if each not in wanted]:
        _remove_automation(home, shared, entity_id)
    order = {}
    for number, (entity_id, raw) in enumerate(wanted.items(), 1):
        if number % LOADED_BETWEEN_YIELDS == 0:
            let_others_in()
        known = shared.automations.get(entity_id)
        if known is not None and known.raw == raw:
            order[entity_id] = known
            continue
        order[entity_id] = _load_automation(home, shared, entity_id, raw, known)
    shared.automations = order
    return len(order)


def _wait_for_start(home: Home, shared: Automations) -> None:
    """Attach all triggers when the home has started, once."""
    if shared.started or shared.waits_for_start:
        return
    shared.waits_for_start = True

    def started(_event: Event) -> None:
        subscription.cancel()
        shared.started = True
        for entity_id, loaded in shared.automations.items():
            if loaded.config is not None:
                home.system.tell(f"{AUTOMATIONS_PATH}/{entity_id.partition('.')[2]}", HomeStarted())

    subscription = home.bus.subscribe(started, HOME_STARTED)


def _items(section: Any) -> list[Any]:
    if section is None:
        return []
    return list(section) if isinstance(section, list) else [section]


def _name_of(raw: Any) -> str:
    if isinstance(raw, dict):
        for key in ("alias", "id"):
            if raw.get(key) is not None:
                return str(raw[key])
    return "automation"


def _automation_entity_id(raw: Any, taken: dict[str, Any]) -> str:
    base = f"automation.{slugify(_name_of(raw)) or 'automation'}"
    entity_id, number = base, 2
    while entity_id in taken:
        entity_id, number = f"{base}_{number}", number + 1
    return entity_id


def _describe_problem(raw: Any, exc: vol.Invalid) -> tuple[str, str]:
    """The error as text with the nearest known word, and where it stands (`automations.yaml:12`), as far as known."""
    error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
    near = explain_extra_key(error, AUTOMATION_KEYS)
    text = str(error) + (f" (did you mean '{near}'?)" if near else "")
    where = locate(raw, _old_words(raw, error.path))
    return text, "" if where is None else str(where)


def _old_words(raw: Any, path: list[Any]) -> list[Any]:
    """The path with the words the user wrote."""
    old = {"triggers": "trigger", "conditions": "condition", "actions": "action"}
    if path and isinstance(raw, dict) and path[0] in old and path[0] not in raw:
        path = [old[path[0]], *path[1:]]
        if len(path) > 1 and isinstance(path[1], int) and not isinstance(raw.get(path[0]), list):
            path = [path[0], *path[2:]]
    return path


def _load_automation(
    home: Home, shared: Automations, entity_id: str, raw: Any, known: LoadedAutomation | None
) -> LoadedAutomation:
    try:
        config: AutomationConfig | None = validate_automation(raw)
        error = None
    except vol.Invalid as exc:
        config = None
        error, where = _describe_problem(raw, exc)
        log.warning("an automation is skipped", automation=_name_of(raw), problem=error, where=where)
    except RecursionError:
        config, error = None, "nested too deeply"
        log.warning("an automation is skipped", automation=_name_of(raw), problem=error)
    config_id = str(raw["id"]) if isinstance(raw, dict) and raw.get("id") is not None else None
    fresh = known is None
    entity = AutomationEntity(home, config_id, _name_of(raw), counts_runs(home)) if known is None else known.entity
    values: dict[str, Any] = {"available": config is not None, "name": _name_of(raw), "config_id": config_id}
    if config is not None:
        values["mode"] = config.script.mode
        values["max_runs"] = config.script.max_runs if config.script.mode in ("queued", "parallel") else None
    if fresh:
        entity.apply(values)
        _restore(home, entity, entity_id, config)
        home.entities.add(entity, entity_id, OWNER)
        entity.entity_id = entity_id
    else:
        home.entities.report(entity_id, **values)
    _place_actor(home, shared, entity, config)
    return LoadedAutomation(copy.deepcopy(raw), config, entity, error)


def _restore(home: Home, entity: AutomationEntity, entity_id: str, config: AutomationConfig | None) -> None:
    before = home.restored.get(entity_id)
    if before is not None:
        entity.is_on = before.state != "off"
        moment = parse_iso(str(before.attributes.get("last_triggered") or ""))
        entity.last_triggered = None if moment is None else moment.timestamp()
    if config is not None and config.initial_state is not None:
        entity.is_on = config.initial_state


def _place_actor(
    home: Home, shared: Automations, entity: AutomationEntity, config: AutomationConfig | None
) -> None:
    """The automation's actor: made, told of its new configuration, or removed."""
    name = entity.entity_id.partition(".")[2]
    path = f"{AUTOMATIONS_PATH}/{name}"
    if config is None:
        if home.system.ref(path) is not None:
            home.system.ask(AUTOMATIONS_PATH, StopChild(name))
        return
    if home.system.ref(path) is None:
        spec = ChildSpec(name, AutomationActor, (home, entity, config, shared), backoff=OWNER_BACKOFF)
        home.system.spawn(spec, AUTOMATIONS_PATH)
        return
    home.system.tell(path, Reconfigure(config))


def _remove_automation(home: Home, shared: Automations, entity_id: str) -> None:
    home.system.tell(AUTOMATIONS_PATH, StopChild(entity_id.partition(".")[2]))
    home.entities.remove(entity_id)
    shared.automations.pop(entity_id, None)


# -- scripts -----------------------------------------------------------------------------------------------------------


def load_scripts(home: Home, section: Any = None) -> int:
    """Load `script:` (or `section`, read anew); unchanged ones are left alone. Returns how many there are."""
    from marge.automations.script_services import register_script, remove_script

    shared = shared_of(home)
    ensure_supervisor(home, SCRIPTS_PATH)
    if section is None:
        section = home.config.sections.get("script")
    wanted = section if isinstance(section, dict) else {}
    ids = {f"script.{slugify(str(name))}": raw for name, raw in wanted.items()}
    for entity_id in [each for each in shared.scripts if each not in ids]:
        remove_script(home, entity_id)
        home.system.tell(SCRIPTS_PATH, StopChild(entity_id.partition(".")[2]))
        home.entities.remove(entity_id)
        del shared.scripts[entity_id]
    for entity_id, raw in ids.items():
        known = shared.scripts.get(entity_id)
        if known is not None and known.raw == raw:
            continue
        loaded = _load_script(home, shared, entity_id, raw, known)
        if loaded is not None:
            shared.scripts[entity_id] = loaded
            register_script(home, entity_id, loaded)
    return len(shared.scripts)


def _load_script(
    home: Home, shared: Automations, entity_id: str, raw: Any, known: LoadedScript | None
) -> LoadedScript | None:
    try:
        mapping, config = validate_script(raw)
    except vol.Invalid as exc:
        error, where = _describe_problem(raw, exc)
        log.warning("a script is skipped", script=entity_id, problem=error, where=where)
        return None
    except RecursionError:
        log.warning("a script is skipped", script=entity_id, problem="nested too deeply")
        return None
    name = entity_id.partition(".")[2]
    label = mapping.get("alias") or name
    most = config.max_runs if config.mode in ("queued", "parallel") else None
    if known is None:
        entity = ScriptEntity(home, label, config.mode, most)
        entity.icon = mapping.get("icon")
        before = home.restored.get(entity_id)
        moment = parse_iso(str(before.attributes.get("last_triggered") or "")) if before is not None else None
        entity.last_triggered = None if moment is None else moment.timestamp()
        home.entities.add(entity, entity_id, SCRIPT_OWNER)
        entity.entity_id = entity_id
        spec = ChildSpec(name, ScriptActor, (home, entity, label, config, shared), backoff=OWNER_BACKOFF)
        home.system.spawn(spec, SCRIPTS_PATH)
    else:
        entity = known.entity
        home.entities.report(entity_id, name=label, mode=config.mode, max_runs=most, icon=mapping.get("icon"))
        home.system.tell(f"{SCRIPTS_PATH}/{name}", ReconfigureScript(label, config))
    shown = (mapping.get("fields") or {}, mapping.get("description") or "")
    return LoadedScript(copy.deepcopy(raw), *shown, config, entity)
