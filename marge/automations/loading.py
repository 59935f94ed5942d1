"""Loads automations from the configuration, and again without touching what did not change.

Not here: scripts (`loading_scripts`), scenes (`scenes`), services (`marge.domains`).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Backoff, ChildSpec, StopChild, Supervisor
from marge.automations import fields
from marge.automations.automation import AutomationActor, HomeStarted, Reconfigure
from marge.automations.blueprints import used_path
from marge.automations.entities import AutomationEntity
from marge.automations.expand import Found, blueprints_of, expanded
from marge.automations.holds import ensure_holds
from marge.automations.references import check_references
from marge.automations.shared import Automations, shared_of
from marge.automations.traces import ensure_traces
from marge.automations.validation import AUTOMATION_KEYS, AutomationConfig, explain_extra_key, validate_automation
from marge.config.nodes import locate
from marge.errors import AlreadyExists
from marge.model import Event
from marge.util.breathe import in_turns
from marge.util.dt import parse_iso
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")

AUTOMATIONS_PATH = "/automations"
OWNER_BACKOFF = Backoff(pauses_s=(0.0, 0.0, 1.0, 5.0, 30.0), max_restarts=10, settle_s=60.0)
"""As entities: what a crashed one misses until it is back is lost, so the first restarts are at once."""
OWNER = "automation"
HOME_STARTED = "homeassistant_started"


@dataclass
class LoadedAutomation:
    """One automation as it was loaded. Its key: `id <id in the files>`, or for one without an id its first entity id.

    Attributes:
        raw: what the user wrote.
        effective: the same with the blueprint filled in.
        config: None when it could not be used.
        error: why not.
    """

    raw: Any
    effective: Any
    config: AutomationConfig | None
    entity: AutomationEntity
    error: str | None = None


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


def free_entity_id(home: Home, domain: str, platform: str, unique_id: str | None, object_id: str) -> str:
    """The id of a new entity: the one that the registry remembers, else one that nobody has."""
    registry = home.registries.entities
    entry = None if unique_id is None else registry.by_unique_id(domain, platform, unique_id)
    if entry is not None:
        return entry.entity_id
    owned, parked = home.entities.owned, home.entities.parked
    entity_id, number = f"{domain}.{object_id}", 1
    while entity_id in owned or entity_id in parked or registry.get(entity_id) is not None:
        number += 1
        entity_id = f"{domain}.{object_id}_{number}"
    return entity_id


def free_path(home: Home, parent: str, name: str) -> str:
    """A name for a new actor below `parent`; a renamed entity's actor keeps its own."""
    free, number = name, 1
    while home.system.ref(f"{parent}/{free}") is not None:
        number += 1
        free = f"{name}_{number}"
    return free


def load_automations(home: Home, section: Any = None) -> int:
    """Load `automation:` (or `section`, when it was read anew); what is loaded already and unchanged is left alone.

    Waits for blueprints' files, and for those automations that changed. Returns how many automations there are, broken
    ones included.
    """
    shared = shared_of(home)
    ensure_traces(home)
    ensure_holds(home)
    ensure_supervisor(home, AUTOMATIONS_PATH)
    _wait_for_start(home, shared)
    if section is None:
        section = home.config.sections.get("automation")
    with shared.loading:  # two reloads at once would remove each other's automations
        return _load_all(home, shared, section)


def _load_all(home: Home, shared: Automations, section: Any) -> int:
    wanted = _by_key(_items(section))
    for key in [each for each in shared.automations if each not in wanted]:
        _remove_automation(home, shared, key)
    found = blueprints_of(home, "automation", wanted.values())
    order = {}
    for key, raw in in_turns(wanted.items()):
        order[key] = _load_automation(home, shared, key, raw, found)
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
        for loaded in shared.automations.values():
            if loaded.config is not None:
                home.system.tell(loaded.entity.actor_path, HomeStarted())

    subscription = home.bus.subscribe(started, HOME_STARTED)


def _items(section: Any) -> list[Any]:
    if section is None:
        return []
    return list(section) if isinstance(section, list) else [section]


def name_of(raw: Any) -> str:
    """What an automation is called: its alias, else its id."""
    if isinstance(raw, dict):
        for key in ("alias", "id"):
            if raw.get(key) is not None:
                return str(raw[key])
    return "automation"


def _id_of(raw: Any) -> str | None:
    return str(raw["id"]) if isinstance(raw, dict) and raw.get("id") is not None else None


def _by_key(items: Iterable[Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for raw in items:
        identity = _id_of(raw)
        key = f"id {identity}"
        if identity is not None and key in wanted:
            log.warning("two automations have the same id; the second one is used without it", id=identity)
        if identity is None or key in wanted:
            key = base = f"automation.{slugify(name_of(raw)) or 'automation'}"
            number = 2
            while key in wanted:
                key, number = f"{base}_{number}", number + 1
        wanted[key] = raw
    return wanted


def describe_problem(raw: Any, exc: vol.Invalid) -> tuple[str, str]:
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


def _checked(home: Home, raw: Any, found: Found) -> tuple[Any, AutomationConfig | None, str | None]:
    """The automation with its blueprint filled in, validated, or what is wrong with it."""
    effective = raw
    try:
        effective = expanded(raw, found)
        with fields.checking_templates(home.templates.compile_check):
            config = validate_automation(effective)
        check_references(home, config)
    except vol.Invalid as exc:
        error, where = describe_problem(raw, exc)
        log.warning("an automation is skipped", automation=name_of(raw), problem=error, where=where)
        return effective, None, error
    except RecursionError:
        log.warning("an automation is skipped", automation=name_of(raw), problem="nested too deeply")
        return effective, None, "nested too deeply"
    return effective, config, None


def _is_same(known: LoadedAutomation, raw: Any, found: Found) -> bool:
    if known.raw != raw:
        return False
    if used_path(raw) is None:
        return True
    try:
        return bool(expanded(raw, found) == known.effective)
    except vol.Invalid:
        return False


def _load_automation(home: Home, shared: Automations, key: str, raw: Any, found: Found) -> LoadedAutomation:
    known: LoadedAutomation | None = shared.automations.get(key)
    if known is not None and _is_same(known, raw, found):
        return known
    effective, config, error = _checked(home, raw, found)
    config_id = _id_of(raw)
    name = name_of(effective)
    values: dict[str, Any] = {"available": config is not None, "name": name, "config_id": config_id}
    if config is not None:
        values["mode"] = config.script.mode
        values["max_runs"] = config.script.max_runs if config.script.mode in ("queued", "parallel") else None
    if known is None:
        entity = AutomationEntity(home, config_id, name, counts_runs(home))
        if not key.startswith("id "):
            entity.unique_id = None
        entity.key = key
        entity.apply(values)
        object_id = slugify(name) or "automation"
        entity_id = free_entity_id(home, "automation", OWNER, entity.unique_id, object_id)
        _restore(home, entity, entity_id, config)
        entity.parked = home.entities.add(entity, entity_id, OWNER) is None
    else:
        entity = known.entity
        home.entities.report(entity.entity_id, **values)
        note_name(home, entity.entity_id, name)
    _place_actor(home, shared, entity, config)
    kept = copy.deepcopy(raw)
    return LoadedAutomation(kept, kept if effective is raw else copy.deepcopy(effective), config, entity, error)


def note_name(home: Home, entity_id: str, name: str, icon: str | None = None) -> None:
    """Tell the registry what the files call an entity now."""
    entry = home.registries.entities.get(entity_id)
    if entry is not None and (entry.original_name, entry.original_icon) != (name, icon):
        home.registries.entities.update(entity_id, original_name=name, original_icon=icon)


def _restore(home: Home, entity: AutomationEntity, entity_id: str, config: AutomationConfig | None) -> None:
    before = home.restored.get(entity_id)
    if before is not None and not shared_of(home).started:
        entity.is_on = before.state != "off"
        moment = parse_iso(str(before.attributes.get("last_triggered") or ""))
        entity.last_triggered = None if moment is None else moment.timestamp()
    if config is not None and config.initial_state is not None:
        entity.is_on = config.initial_state


def _place_actor(
    home: Home, shared: Automations, entity: AutomationEntity, config: AutomationConfig | None
) -> None:
    """The automation's actor: made, told of its new configuration, or removed."""
    path = entity.actor_path
    if config is None:
        if path:
            home.system.tell(AUTOMATIONS_PATH, StopChild(path.rpartition("/")[2]))
            entity.actor_path = ""  # should it be mended at once, its new actor gets another name
        return
    if path and home.system.ref(path) is not None:
        home.system.tell(path, Reconfigure(config))
        return
    name = free_path(home, AUTOMATIONS_PATH, entity.entity_id.partition(".")[2])
    entity.actor_path = f"{AUTOMATIONS_PATH}/{name}"
    spec = ChildSpec(name, AutomationActor, (home, entity, config, shared), backoff=OWNER_BACKOFF)
    home.system.spawn(spec, AUTOMATIONS_PATH)


def _remove_automation(home: Home, shared: Automations, key: str) -> None:
    entity = shared.automations.pop(key).entity
    ensure_holds(home).forget(key)
    if entity.actor_path:
        home.system.tell(AUTOMATIONS_PATH, StopChild(entity.actor_path.rpartition("/")[2]))
    home.entities.remove(entity.entity_id)
