"""What automations, scripts and scenes name: entities, devices, areas, floors, labels. Not what templates name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.automations.blueprints import used_path
from marge.automations.shared import shared_of
from marge.model import valid_entity_id

if TYPE_CHECKING:
    from marge.home import Home

_IDS = {"entity_id": "entities", "device_id": "devices", "area_id": "areas", "floor_id": "floors", "label_id": "labels"}
_ENTITY_KEYS = frozenset({"at", "scene", "zone"})
"""Keys whose texts are entities when they look like one."""
_NOT_LOOKED_INTO = frozenset({"event_data", "fields", "trigger_variables", "use_blueprint", "variables"})
_KEY = "mentions"


class Mentions(NamedTuple):
    """Ids in the order of the text. They need not exist."""

    entities: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    blueprint: str | None = None

    def names(self, kind: str, item_id: str) -> bool:
        """Whether the id is among those of `kind` (`entities`, `devices`, …)."""
        return item_id in getattr(self, kind)


def mentions_of(home: Home) -> Iterator[tuple[str, Mentions]]:
    """Every automation and script by its entity id, with what it names by the ids of now."""
    shared = shared_of(home)
    known: dict[int, tuple[Any, int, Mentions]] = home.shared.setdefault(_KEY, {})
    fresh: dict[int, tuple[Any, int, Mentions]] = {}
    version = home.registries.version
    for loaded in (*shared.automations.values(), *shared.scripts.values()):
        # By the very object, which a changed automation is not; renamed entities change the registries' version.
        was = known.get(id(loaded))
        if was is None or was[0] is not loaded or was[1] != version:
            was = (loaded, version, mentions_in(home, loaded.effective, used_path(loaded.raw)))
        fresh[id(loaded)] = was
        yield loaded.entity.entity_id, was[2]
    home.shared[_KEY] = fresh


def scene_members(home: Home) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every scene by its entity id, with the entities whose states it sets."""
    for loaded in shared_of(home).scenes.values():
        yield loaded.entity.entity_id, tuple(map(home.states.current_id, loaded.states))


def mentions_in(home: Home, config: Any, blueprint: str | None = None) -> Mentions:
    """What one configuration names, blueprints filled in."""
    found: dict[str, dict[str, None]] = {each: {} for each in _IDS.values()}
    for kind, item_id in _walk(config):
        if kind == "entities":
            entry = home.registries.entities.by_registry_id(item_id)
            entity_id = home.states.current_id(item_id) if entry is None else entry.entity_id
            if valid_entity_id(entity_id):
                found[kind][entity_id] = None
        else:
            found[kind][item_id] = None
    return Mentions(**{each: tuple(ids) for each, ids in found.items()}, blueprint=blueprint)


def _walk(config: Any) -> Iterator[tuple[str, str]]:
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (list, tuple)):
            waiting += reversed(part)
        elif isinstance(part, Mapping):
            yield from _named_in(part)
            waiting += reversed([value for key, value in part.items() if key not in _NOT_LOOKED_INTO])


def _named_in(part: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        kind = _IDS.get(key)
        if kind is not None:
            for text in _texts(value):
                yield kind, text
        elif key in _ENTITY_KEYS:
            for text in _texts(value):
                if valid_entity_id(text):
                    yield "entities", text
        elif key in ("action", "service") and isinstance(value, str) and value.startswith("script."):
            if value not in ("script.turn_on", "script.turn_off", "script.toggle", "script.reload"):
                yield "entities", value
        elif key in ("trigger", "platform") and value == "sun":
            yield "entities", "sun.sun"


def _texts(value: Any) -> Iterable[str]:
    """The ids in one text or several; templates are none."""
    texts = value if isinstance(value, (list, tuple)) else [value]
    for text in texts:
        if isinstance(text, str) and "{" not in text:
            yield from (part.strip() for part in text.split(",") if part.strip())
