"""What is related to what: the answers to HA's `search/related`, from the registries and what automations name.

Looking at one item adds, by its kind, what it is part of (`_above`) and what names it (`_named_by`). Not from the
shared dispatcher: it breathes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from marge.automations.mentions import Mentions, mentions_of, scene_members
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import EntityEntry

KINDS = (
    "area", "automation", "automation_blueprint", "config_entry", "device", "entity", "floor", "group", "integration",
    "label", "person", "scene", "script", "script_blueprint",
)
_ALSO_A_KIND = frozenset(("automation", "group", "person", "scene", "script"))
"""Domains whose entities are items of their own."""
_DEPTH = 8


def related(home: Home, kind: str, item_id: str) -> dict[str, list[str]]:
    """The items related to this one, by kind (any of `KINDS`); kinds without any are left out."""
    return _Search(home).run(kind, item_id)


class _Search:
    def __init__(self, home: Home) -> None:
        self._home = home
        self._registries = home.registries
        self._found: dict[str, dict[str, None]] = {}
        self._seen: set[str] = set()
        self._mentions: list[tuple[str, Mentions]] = list(mentions_of(home))
        self._by_entity: dict[str, list[tuple[str, str]]] | None = None

    def run(self, kind: str, item_id: str) -> dict[str, list[str]]:
        getattr(self, f"_of_{kind}")(item_id)
        self._found.get(kind, {}).pop(item_id, None)
        return {each: list(ids) for each, ids in self._found.items() if ids}

    def _add(self, kind: str, ids: str | Iterable[str]) -> None:
        self._found.setdefault(kind, {}).update(dict.fromkeys([ids] if isinstance(ids, str) else ids))

    # -- kinds that are asked for ------------------------------------------------------------------------------------

    def _of_entity(self, entity_id: str) -> None:
        entry = self._registries.entities.get(entity_id)
        self._above_entity(entity_id)
        if entry is not None:
            self._add("label", entry.labels)
        self._naming_entity(entity_id)
        domain = entity_id.partition(".")[0]
        if domain in _ALSO_A_KIND and entity_id in self._home.states:
            getattr(self, f"_of_{domain}")(entity_id)

    def _of_device(self, device_id: str) -> None:
        device = self._registries.devices.get(device_id)
        if device is None:
            return
        self._above_device(device_id)
        self._add("label", device.labels)
        self._naming("devices", device_id)
        self._with_entities(self._registries.entities.for_device(device_id), above=True)

    def _of_area(self, area_id: str) -> None:
        area = self._registries.areas.get(area_id)
        if area is None:
            return
        self._above_area(area_id, itself=False)
        self._add("label", area.labels)
        self._in_area(area_id)

    def _of_floor(self, floor_id: str) -> None:
        if floor_id not in self._registries.floors:
            return
        self._naming("floors", floor_id)
        for area in self._registries.areas.on_floor(floor_id):
            self._add("area", area.area_id)
            self._in_area(area.area_id)

    def _of_label(self, label_id: str) -> None:
        registries = self._registries
        self._naming("labels", label_id)
        self._add("area", (area.area_id for area in registries.areas.with_label(label_id)))
        self._add("device", (device.id for device in registries.devices.with_label(label_id)))
        for entry in in_turns(registries.entities.with_label(label_id)):
            self._add_entity(entry.entity_id)

    def _of_config_entry(self, entry_id: str) -> None:
        entry = self._registries.config_entries.get(entry_id)
        if entry is None:
            return
        self._add("integration", entry.domain)
        for device in in_turns(self._registries.devices.all()):
            if entry_id in device.config_entries:
                self._add("device", device.id)
                self._above_device(device.id, config_entries=False)
                self._naming("devices", device.id)
        self._with_entities(self._registries.entities.for_config_entry(entry_id), above=True, config_entries=False)

    def _of_integration(self, domain: str) -> None:
        for entry in self._registries.config_entries.for_domain(domain):
            self._add("config_entry", entry.entry_id)
            self._of_config_entry(entry.entry_id)
        self._with_entities(self._registries.entities.of_platform(domain), above=True, config_entries=False)
        self._found.pop("integration", None)

    def _of_automation(self, entity_id: str) -> None:
        self._of_runnable("automation", entity_id)

    def _of_script(self, entity_id: str) -> None:
        self._of_runnable("script", entity_id)
        self._naming_entity(entity_id)

    def _of_scene(self, entity_id: str) -> None:
        self._labels_of(entity_id)
        for scene_id, members in scene_members(self._home):
            if scene_id == entity_id:
                self._name_entities(members)
        self._naming_entity(entity_id)

    def _of_group(self, entity_id: str) -> None:
        self._labels_of(entity_id)
        self._name_entities(self._listed(entity_id, "entity_id"))
        self._naming_entity(entity_id)

    def _of_person(self, entity_id: str) -> None:
        self._labels_of(entity_id)
        self._above_entity(entity_id)
        self._name_entities(self._listed(entity_id, "device_trackers"))
        self._naming_entity(entity_id)

    def _of_automation_blueprint(self, path: str) -> None:
        self._using("automation", path)

    def _of_script_blueprint(self, path: str) -> None:
        self._using("script", path)

    # -- downwards ---------------------------------------------------------------------------------------------------

    def _of_runnable(self, kind: str, entity_id: str, depth: int = 0) -> None:
        """What an automation or script names, and what that is part of."""
        self._labels_of(entity_id)
        for owner, mentions in self._mentions:
            if owner != entity_id:
                continue
            if mentions.blueprint is not None:
                self._add(f"{kind}_blueprint", mentions.blueprint)
            self._add("floor", mentions.floors)
            self._add("label", mentions.labels)
            for area_id in mentions.areas:
                self._above_area(area_id)
            for device_id in mentions.devices:
                self._add("device", device_id)
                self._above_device(device_id)
            self._name_entities(mentions.entities, depth)

    def _name_entities(self, entity_ids: Iterable[str], depth: int = 0) -> None:
        """Entities that an item names, with what they are part of, and the members of those that stand for others."""
        for entity_id in entity_ids:
            if entity_id in self._seen:
                continue
            self._seen.add(entity_id)
            self._add_entity(entity_id)
            self._above_entity(entity_id)
            if depth >= _DEPTH:
                continue
            domain = entity_id.partition(".")[0]
            if domain == "group":
                self._name_entities(self._listed(entity_id, "entity_id"), depth + 1)
            elif domain == "scene":
                for scene_id, members in scene_members(self._home):
                    if scene_id == entity_id:
                        self._name_entities(members, depth + 1)
            elif domain == "script":
                self._of_runnable("script", entity_id, depth + 1)

    def _in_area(self, area_id: str) -> None:
        registries = self._registries
        self._naming("areas", area_id)
        for device in registries.devices.in_area(area_id):
            self._add("device", device.id)
            self._add("config_entry", device.config_entries)
            self._naming("devices", device.id)
            own = [entry for entry in registries.entities.for_device(device.id) if not entry.area_id]
            self._with_entities(own, above=False)
        self._with_entities(registries.entities.in_area(area_id), above=False)

    def _with_entities(self, entries: Iterable[EntityEntry], above: bool, config_entries: bool = True) -> None:
        for entry in in_turns(entries):
            self._add_entity(entry.entity_id)
            if above:
                self._above_entity(entry.entity_id, config_entries=config_entries, device=False)
            self._naming_entity(entry.entity_id)

    def _add_entity(self, entity_id: str) -> None:
        self._add("entity", entity_id)
        domain = entity_id.partition(".")[0]
        if domain in _ALSO_A_KIND:
            self._add(domain, entity_id)

    # -- upwards -----------------------------------------------------------------------------------------------------

    def _above_entity(self, entity_id: str, config_entries: bool = True, device: bool = True) -> None:
        """The area (its own, else its device's), the device and the config entry."""
        entry = self._registries.entities.get(entity_id)
        if entry is None:
            return
        if entry.area_id:
            self._above_area(entry.area_id)
        elif entry.device_id is not None and (of := self._registries.devices.get(entry.device_id)) and of.area_id:
            self._above_area(of.area_id)
        if device and entry.device_id is not None:
            self._add("device", entry.device_id)
        if config_entries and entry.config_entry_id is not None:
            self._add_config_entry(entry.config_entry_id)
        elif config_entries:
            self._add_platform(entry.platform)

    def _add_platform(self, platform: str) -> None:
        """An integration with config entries, though none of them made this entity."""
        if self._registries.config_entries.for_domain(platform):
            self._add("integration", platform)

    def _above_device(self, device_id: str, config_entries: bool = True) -> None:
        device = self._registries.devices.get(device_id)
        if device is None:
            return
        if device.area_id:
            self._above_area(device.area_id)
        if config_entries:
            for entry_id in device.config_entries:
                self._add_config_entry(entry_id)

    def _add_config_entry(self, entry_id: str) -> None:
        self._add("config_entry", entry_id)
        entry = self._registries.config_entries.get(entry_id)
        if entry is not None:
            self._add("integration", entry.domain)

    def _above_area(self, area_id: str, itself: bool = True) -> None:
        area = self._registries.areas.get(area_id)
        if area is None:
            return
        if itself:
            self._add("area", area_id)
        if area.floor_id is not None:
            self._add("floor", area.floor_id)

    def _labels_of(self, entity_id: str) -> None:
        entry = self._registries.entities.get(entity_id)
        if entry is not None:
            self._add("label", entry.labels)

    # -- who names it ------------------------------------------------------------------------------------------------

    def _naming(self, kind: str, item_id: str) -> None:
        for owner, mentions in self._mentions:
            if mentions.names(kind, item_id):
                self._add(owner.partition(".")[0], owner)

    def _naming_entity(self, entity_id: str) -> None:
        """Automations, scripts, scenes, groups and persons that name the entity."""
        if self._by_entity is None:
            self._by_entity = self._index()
        for kind, owner in self._by_entity.get(entity_id, ()):
            self._add(kind, owner)

    def _index(self) -> dict[str, list[tuple[str, str]]]:
        index: dict[str, list[tuple[str, str]]] = {}

        def put(kind: str, owner: str, members: Iterable[Any]) -> None:
            for member in members:
                if owner != member:
                    index.setdefault(member, []).append((kind, owner))

        for owner, mentions in in_turns(self._mentions):
            put(owner.partition(".")[0], owner, mentions.entities)
        for owner, members in scene_members(self._home):
            put("scene", owner, members)
        for state in self._home.states.domain("group"):
            put("group", state.entity_id, self._listed(state.entity_id, "entity_id"))
        for state in self._home.states.domain("person"):
            put("person", state.entity_id, self._listed(state.entity_id, "device_trackers"))
        return index

    def _listed(self, entity_id: str, attribute: str) -> list[str]:
        """Entity ids that an entity shows in an attribute, by their names of now."""
        state = self._home.states.get(entity_id)
        members = None if state is None else state.attributes.get(attribute)
        if not isinstance(members, (list, tuple)):
            return []
        return [self._home.states.current_id(str(member)) for member in members]

    def _using(self, kind: str, path: str) -> None:
        for owner, mentions in self._mentions:
            if mentions.blueprint == path and owner.startswith(f"{kind}."):
                self._add(kind, owner)
