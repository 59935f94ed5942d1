"""What the registries' settings do to living entities: under which id they live, whether they do, what they are called.

On the hub; nothing here waits. Not here: what is shown to clients, and where settings come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.entities import Entities, Entity
from marge.model import valid_entity_id
from marge.registries.entities import VIRTUAL

if TYPE_CHECKING:
    from marge.registries.device_entry import Device
    from marge.registries.entity_entry import EntityEntry
    from marge.registries.registries import Registries

_SHOWN = ("options", "name", "icon", "device_class", "original_name", "has_entity_name", "device_id")


class LiveEntities:
    """Between the registries and the entities of one home: made once, after both."""

    def __init__(self, registries: Registries, entities: Entities) -> None:
        self._registries = registries
        self._entities = entities
        registries.entities.on_change = self._entity_changed
        self._cascade = registries.devices.on_change
        registries.devices.on_change = self._device_changed
        without_us = registries.entities.is_taken
        # What was just added has no state yet.
        registries.entities.is_taken = lambda each: without_us(each) or entities.is_owned(each)
        entities.place = self._place
        entities.is_enabled = self._is_enabled
        entities.id_taken = registries.entities.forget_former
        entities.states.former = registries.entities.former

    def _place(self, entity: Entity, entity_id: str, owner: str) -> tuple[str, bool]:
        """Where an entity that an owner adds belongs, and whether it is enabled.

        One with a unique id gets its entry here, unless its owner has made one; others have none.
        """
        registry = self._registries.entities
        platform = entity.platform or owner
        domain, _, object_id = entity_id.partition(".")
        entry = None
        if entity.unique_id is None:
            entry = registry.get(entity_id)
            if entry is not None and entry.platform not in (platform, VIRTUAL):
                return entity_id, True
        elif valid_entity_id(entity_id):
            entry = registry.by_unique_id(domain, platform, entity.unique_id)
            if entry is None or _is_plain(entry):
                is_free = self._entities.owned.get(entity_id) in (None, entity)
                entry = registry.get_or_create(
                    domain, platform, entity.unique_id, suggested_object_id=object_id,
                    entity_id=entity_id if is_free else None, **_facts(entity),
                )
        if entry is None:
            registry.forget_former(entity_id)
            return entity_id, True
        chosen = self.chosen(entry)
        if chosen.get("name") == entity.name:
            chosen.pop("name", None)  # as nearly all: a dict less for each
        if chosen or entity.chosen:
            entity.chosen = chosen
        return entry.entity_id, not entry.disabled

    def _is_enabled(self, entity_id: str) -> bool:
        entry = self._registries.entities.get(entity_id)
        return entry is None or not entry.disabled

    def chosen(self, entry: EntityEntry) -> dict[str, Any]:
        """What is shown instead of what the entity says of itself."""
        chosen: dict[str, Any] = {}
        name = entry.name
        if name is None and entry.has_entity_name and entry.device_id is not None:
            device = self._registries.devices.get(entry.device_id)
            own = None if device is None else device.display_name
            name = f"{own} {entry.original_name}" if own and entry.original_name else own
        if name is not None:
            chosen["name"] = name
        if entry.icon is not None:
            chosen["icon"] = entry.icon
        if entry.device_class is not None:
            chosen["device_class"] = entry.device_class
        unit = entry.options.get("sensor", {}).get("unit_of_measurement") if entry.domain == "sensor" else None
        if isinstance(unit, str):
            chosen["unit"] = unit
        return chosen

    # -- after a change ----------------------------------------------------------------------------------------------

    def _entity_changed(self, before: EntityEntry, after: EntityEntry) -> None:
        entity_id = after.entity_id
        if any(getattr(before, name) != getattr(after, name) for name in _SHOWN):
            self._show(after, before.entity_id)
        if before.entity_id != entity_id:
            self._entities.rename(before.entity_id, entity_id)
            self._rename_in_areas(before.entity_id, entity_id)
        if after.disabled and not before.disabled:
            self._entities.park(entity_id)
        elif before.disabled and not after.disabled:
            self._entities.unpark(entity_id)

    def _rename_in_areas(self, former_id: str, entity_id: str) -> None:
        """A room's thermometer and hygrometer are named by their ids, which clients look up as they are."""
        areas = self._registries.areas
        for area in areas.all():
            changes = {
                name: entity_id
                for name in ("temperature_entity_id", "humidity_entity_id")
                if getattr(area, name) == former_id
            }
            if changes:
                areas.update(area.area_id, **changes)

    def _device_changed(self, before: Device, after: Device) -> None:
        self._cascade(before, after)
        if before.display_name != after.display_name:
            for entry in self._registries.entities.for_device(after.id):
                if entry.has_entity_name and entry.name is None:
                    self._show(entry, entry.entity_id)

    def _show(self, entry: EntityEntry, entity_id: str) -> None:
        entities = self._entities
        if entity_id in entities.owned or entity_id in entities.parked:
            entities.report(entity_id, chosen=self.chosen(entry))
        elif entry.platform == VIRTUAL and entity_id in entities.states:
            chosen = self.chosen(entry)
            names = {"name": "friendly_name", "icon": "icon", "device_class": "device_class"}
            entities.merge(entity_id, None, {names[key]: chosen[key] for key in names if key in chosen})


def _is_plain(entry: EntityEntry) -> bool:
    """Whether nobody but `_place` keeps the entry's facts."""
    return entry.device_id is None and entry.config_entry_id is None and not entry.has_entity_name


def _facts(entity: Entity) -> dict[str, Any]:
    return {
        "capabilities": entity.capability_attributes() or None,
        "original_device_class": entity.device_class,
        "original_icon": entity.icon,
        "original_name": entity.name,
        "supported_features": entity.supported_features or 0,
        "unit_of_measurement": entity.unit_of_measurement,
    }
