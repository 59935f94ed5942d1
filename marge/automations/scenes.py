"""Scenes: wanted states of entities, from the configuration or made by a service; bringing them about."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.automations import fields
from marge.automations.entities import DeviceSceneEntity, SceneEntity
from marge.automations.loading import counts_runs, free_entity_id, note_name
from marge.automations.reproduce import calls_for
from marge.automations.shared import shared_of
from marge.config.nodes import locate
from marge.entities.messages import MergeState, Report, RunCommand
from marge.errors import MargeError, ServiceValidationError
from marge.model import Context, valid_entity_id
from marge.util.breathe import in_turns
from marge.util.dt import iso, parse_iso
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")

OWNER = "scene"


@dataclass(frozen=True)
class Wanted:
    """The state that a scene wants of one entity."""

    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class LoadedScene:
    """One scene.

    Attributes:
        raw: what the user wrote; None for one made by `scene.create`, whose key is `scene.<its id>`.
    """

    raw: Any
    entity: SceneEntity
    states: dict[str, Wanted]


def wanted_state(value: Any) -> Wanted:
    """A scene's word for one entity: a state, or a mapping of the state and attributes.

    Raises:
        vol.Invalid: it is neither.
    """
    if isinstance(value, Mapping):
        attributes = {str(key): item for key, item in value.items() if key != "state"}
        if value.get("state") is None:
            raise vol.Invalid("required key not provided", path=["state"])
        return Wanted(_state_text(value["state"]), attributes)
    return Wanted(_state_text(value))


def _state_text(value: Any) -> str:
    if isinstance(value, bool):  # YAML's `on` without quotes
        return "on" if value else "off"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise vol.Invalid("expected a state")


def wanted_states(value: Any) -> dict[str, Wanted]:
    """`entities:` of a scene, validated.

    Raises:
        vol.Invalid: with the path to the entity.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    found = {}
    for entity_id, item in value.items():
        if not valid_entity_id(str(entity_id).lower()):
            raise vol.Invalid(f"Entity ID {entity_id} is an invalid entity ID")
        try:
            found[str(entity_id).lower()] = wanted_state(item)
        except vol.Invalid as exc:
            exc.prepend([entity_id])
            raise
    return found


_SCENE = vol.Schema(
    {
        vol.Optional("id"): fields.string,
        vol.Required("name"): fields.string,
        vol.Optional("icon"): fields.string,
        vol.Required("entities"): wanted_states,
        vol.Optional("metadata"): object,
    }
)


# -- loading -----------------------------------------------------------------------------------------------------------


def load_scenes(home: Home, section: Any = None) -> int:
    """Load `scene:` (or `section`, when it was read anew). Unchanged scenes and those made by a service stay.

    Returns how many scenes of the configuration there are.
    """
    shared = shared_of(home)
    if section is None:
        section = home.config.sections.get("scene")
    with shared.loading:
        wanted = _by_key(section if isinstance(section, list) else fields.as_list(section))
        for key, known in list(shared.scenes.items()):
            if known.raw is not None and key not in wanted:
                home.entities.remove(known.entity.entity_id)
                del shared.scenes[key]
        for key, raw in in_turns(wanted.items()):
            known = shared.scenes.get(key)
            if known is None or known.raw != raw:
                _load_scene(home, key, raw)
        made = {key: scene for key, scene in shared.scenes.items() if key not in wanted}
        shared.scenes = {key: shared.scenes[key] for key in wanted if key in shared.scenes} | made
    return sum(1 for scene in shared.scenes.values() if scene.raw is not None)


def _by_key(items: list[Any]) -> dict[str, Any]:
    """Scenes by their key: `id <id>`, or for one without an id the entity id that it gets first."""
    wanted: dict[str, Any] = {}
    for raw in items:
        mapping = raw if isinstance(raw, Mapping) else {}
        name, identity = mapping.get("name"), mapping.get("id")
        key = f"id {identity}"
        if identity is None or key in wanted:
            key = base = f"scene.{slugify(str(name)) if name is not None else 'scene'}"
            number = 2
            while key in wanted:
                key, number = f"{base}_{number}", number + 1
        wanted[key] = raw
    return wanted


def validate_scene(value: Any) -> dict[str, Any]:
    """One scene of the files; its `entities` as `Wanted`s.

    Raises:
        vol.Invalid: what is wrong, with its path.
    """
    checked: dict[str, Any] = _SCENE(dict(value) if isinstance(value, Mapping) else value)
    return checked


def _load_scene(home: Home, key: str, raw: Any) -> None:
    try:
        config = validate_scene(raw)
    except vol.Invalid as exc:
        where = locate(raw, exc.path)
        log.warning("a scene is skipped", scene=key, problem=str(exc), where="" if where is None else str(where))
        return
    states: dict[str, Wanted] = config["entities"]
    entity = SceneEntity(config["name"], config.get("id"), list(states), config.get("icon"))
    if not key.startswith("id "):
        entity.unique_id = None
    _place(home, key, LoadedScene(copy.deepcopy(raw), entity, states))


def _place(home: Home, key: str, scene: LoadedScene) -> None:
    """Add the scene's entity, or show its new content."""
    scenes, entity = shared_of(home).scenes, scene.entity
    known = scenes.get(key)
    if known is not None:
        entity_id = known.entity.entity_id
        home.entities.report(
            entity_id, name=entity.name, members=entity.members, icon=entity.icon, config_id=entity.config_id
        )
        note_name(home, entity_id, entity.name or "", entity.icon)
        scene.entity = known.entity
    else:
        entity.key = key
        object_id = slugify(entity.name) if scene.raw is not None else key.partition(".")[2]
        entity_id = free_entity_id(home, "scene", entity.platform, entity.unique_id, object_id or "scene")
        before = home.restored.get(entity_id)
        if before is not None and parse_iso(before.state) is not None:
            entity.activated = before.state
        home.entities.add(entity, entity_id, OWNER)
    scenes[key] = scene


def scene_of(home: Home, entity_id: str) -> LoadedScene | None:
    """The scene behind an entity."""
    entity = home.entities.owned.get(entity_id)
    scene: LoadedScene | None = shared_of(home).scenes.get(entity.key) if isinstance(entity, SceneEntity) else None
    return scene


# -- services ----------------------------------------------------------------------------------------------------------


def activate(home: Home, entity_id: str, transition: float | None, context: Context) -> None:
    """Activate a scene and wait until its states are there. In the caller's greenlet."""
    path = f"{home.entities.path}/{entity_id}"
    if isinstance(home.entities.owned.get(entity_id), DeviceSceneEntity):
        wanted = {} if transition is None else {"transition": transition}
        home.system.ask(path, RunCommand("turn_on", "handle_activate", 0, wanted, context))
        return
    scene = scene_of(home, entity_id)
    if scene is None:
        return
    home.system.ask(path, Report({"activated": iso(home.clock.now())}, context))
    apply(home, scene.states, transition, context)


def apply(home: Home, states: Mapping[str, Wanted], transition: float | None, context: Context) -> None:
    """Bring entities into the wanted states: owned ones through services, virtual ones by a write. Waits for all.

    One entity that refuses is logged and keeps no other from its state.
    """
    for entity_id, wanted in states.items():
        try:
            _apply_one(home, entity_id, wanted, transition, context)
        except (MargeError, vol.Invalid) as exc:
            log.warning("an entity did not take a scene's state", entity_id=entity_id, error=str(exc))


def _apply_one(home: Home, entity_id: str, wanted: Wanted, transition: float | None, context: Context) -> None:
    entity_id = home.states.current_id(entity_id)
    now = home.states.get(entity_id)
    if now is None and not counts_runs(home):  # the native profile makes it
        log.warning(f"Unable to find entity {entity_id}", entity_id=entity_id)
        return
    if now is None or home.states.owner(entity_id) is None:
        home.entities.ensure_virtual(entity_id)
        message = MergeState(wanted.state, wanted.attributes, context)
        home.system.ask(f"{home.entities.path}/{entity_id}", message)
        return
    domain = entity_id.partition(".")[0]
    for service_domain, service, data in calls_for(domain, wanted.state, wanted.attributes, now, transition):
        home.services.call(service_domain, service, {"entity_id": entity_id, **data}, None, context)


def create(home: Home, scene_id: str, states: Mapping[str, Wanted], snapshot: list[str]) -> None:
    """Make or replace a scene by a service; it is gone after a restart."""
    entity_id = f"scene.{scene_id}"
    wanted = dict(states)
    for each in snapshot:
        state = home.states.find(each)
        if state is None:
            log.warning(f"Entity {each} does not exist and therefore cannot be snapshotted", entity_id=each)
            continue
        wanted[each] = Wanted(state.state, dict(state.attributes))
    if not wanted:
        log.warning("Empty scenes are not allowed", scene=entity_id)
        return
    known = scene_of(home, entity_id)
    if known is not None and known.raw is not None:
        log.warning("a scene of the configuration has this id already", scene=entity_id)
        return
    _place(home, entity_id, LoadedScene(None, SceneEntity(scene_id, None, list(wanted), None), wanted))


def delete(home: Home, entity_id: str, context: Context) -> None:
    """Delete a scene that a service made.

    Raises:
        ServiceValidationError: there is none, or it is one of the configuration.
    """
    known = scene_of(home, entity_id)
    if known is None:
        raise ServiceValidationError(
            f"{entity_id} is not a valid entity ID of a scene",
            translation_key="entity_not_scene",
            translation_domain="scene",
            placeholders={"entity_id": entity_id},
        )
    if known.raw is not None:
        raise ServiceValidationError(
            f"The scene {entity_id} is not created with action `scene.create`",
            translation_key="entity_not_dynamically_created",
            translation_domain="scene",
            placeholders={"entity_id": entity_id},
        )
    del shared_of(home).scenes[known.entity.key]
    home.entities.remove(entity_id, context)
