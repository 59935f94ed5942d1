"""Loads scripts from the configuration, and again without touching what did not change."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import ChildSpec, StopChild
from marge.automations import fields
from marge.automations.entities import ScriptEntity
from marge.automations.expand import Found, blueprints_of, expanded
from marge.automations.loading import (
    OWNER_BACKOFF,
    describe_problem,
    ensure_supervisor,
    free_entity_id,
    free_path,
    note_name,
)
from marge.automations.references import check_references
from marge.automations.script import ReconfigureScript, ScriptActor
from marge.automations.script_services import register_script, remove_script
from marge.automations.shared import Automations, shared_of
from marge.automations.traces import ensure_traces
from marge.automations.validation import ScriptConfig, validate_script
from marge.util.breathe import in_turns
from marge.util.dt import parse_iso
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")

SCRIPTS_PATH = "/scripts"
SCRIPT_OWNER = "script"


@dataclass
class LoadedScript:
    """One script as it was loaded. Its key: `script.<its id in the files>`.

    Attributes:
        raw: what the user wrote.
        effective: the same with the blueprint filled in.
    """

    raw: Any
    effective: Any
    fields: dict[str, Any]
    description: str
    config: ScriptConfig
    entity: ScriptEntity


def load_scripts(home: Home, section: Any = None) -> int:
    """Load `script:` (or `section`, read anew); unchanged ones are left alone. Returns how many there are.

    Waits for blueprints' files.
    """
    shared = shared_of(home)
    ensure_traces(home)
    ensure_supervisor(home, SCRIPTS_PATH)
    if section is None:
        section = home.config.sections.get("script")
    with shared.loading:
        return _load_all(home, shared, section if isinstance(section, dict) else {})


def _load_all(home: Home, shared: Automations, section: dict[Any, Any]) -> int:
    wanted = {f"script.{slugify(str(name))}": raw for name, raw in section.items()}
    for key in [each for each in shared.scripts if each not in wanted]:
        _remove(home, shared, key)
    found = blueprints_of(home, "script", wanted.values())
    for key, raw in in_turns(wanted.items()):
        known: LoadedScript | None = shared.scripts.get(key)
        if known is not None and known.raw == raw and _effective(raw, found) == known.effective:
            continue
        loaded = _load_script(home, shared, key, raw, found)
        if loaded is not None:
            shared.scripts[key] = loaded
            register_script(home, loaded)
    return len(shared.scripts)


def _effective(raw: Any, found: Found) -> Any:
    try:
        return expanded(raw, found)
    except vol.Invalid:
        return None


def _remove(home: Home, shared: Automations, key: str) -> None:
    entity = shared.scripts.pop(key).entity
    remove_script(home, entity.key)
    home.system.tell(SCRIPTS_PATH, StopChild(entity.actor_path.rpartition("/")[2]))
    home.entities.remove(entity.entity_id)


def _load_script(home: Home, shared: Automations, key: str, raw: Any, found: Found) -> LoadedScript | None:
    name = key.partition(".")[2]
    try:
        effective = expanded(raw, found)
        with fields.checking_templates(home.templates.compile_check):
            mapping, config = validate_script(effective)
        check_references(home, config)
    except vol.Invalid as exc:
        error, where = describe_problem(raw, exc)
        log.warning("a script is skipped", script=key, problem=error, where=where)
        return None
    except RecursionError:
        log.warning("a script is skipped", script=key, problem="nested too deeply")
        return None
    label, icon = mapping.get("alias") or name, mapping.get("icon")
    most = config.max_runs if config.mode in ("queued", "parallel") else None
    known: LoadedScript | None = shared.scripts.get(key)
    if known is None:
        entity = ScriptEntity(home, label, config.mode, most)
        entity.icon, entity.unique_id, entity.key = icon, name, name
        _add(home, shared, entity, config)
    else:
        entity = known.entity
        home.entities.report(entity.entity_id, name=label, mode=config.mode, max_runs=most, icon=icon)
        note_name(home, entity.entity_id, label, icon)
        home.system.tell(entity.actor_path, ReconfigureScript(label, config))
    shown = (mapping.get("fields") or {}, mapping.get("description") or "")
    kept = copy.deepcopy(raw)
    return LoadedScript(kept, kept if effective is raw else copy.deepcopy(effective), *shown, config, entity)


def _add(home: Home, shared: Automations, entity: ScriptEntity, config: ScriptConfig) -> None:
    entity_id = free_entity_id(home, "script", SCRIPT_OWNER, entity.key, entity.key)
    before = home.restored.get(entity_id)
    moment = parse_iso(str(before.attributes.get("last_triggered") or "")) if before is not None else None
    entity.last_triggered = None if moment is None else moment.timestamp()
    name = free_path(home, SCRIPTS_PATH, entity.key)
    entity.actor_path = f"{SCRIPTS_PATH}/{name}"
    home.entities.add(entity, entity_id, SCRIPT_OWNER)
    label = entity.name or entity.key
    spec = ChildSpec(name, ScriptActor, (home, entity, label, config, shared), backoff=OWNER_BACKOFF)
    home.system.spawn(spec, SCRIPTS_PATH)
