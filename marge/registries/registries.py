"""All registries of one home, and what a change of one does to the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from marge.errors import NotFound
from marge.registries.areas import AreaRegistry
from marge.registries.base import Parts, Registry
from marge.registries.categories import CategoryRegistry
from marge.registries.config_entries import ConfigEntryRegistry
from marge.registries.device_entry import Device
from marge.registries.devices import DeviceRegistry
from marge.registries.entities import EntityRegistry
from marge.registries.expansion import expand
from marge.registries.exposure import Exposure
from marge.registries.floors import FloorRegistry
from marge.registries.issues import IssueRegistry
from marge.registries.labels import LabelRegistry
from marge.registries.live import LiveEntities
from marge.registries.reader import RegistryView
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.actors import Clock, EventBus
    from marge.entities import Entities
    from marge.storage import KeyValue

DISABLED_BY_DEVICE = "device"


class Registries:
    """Identities and the user's settings. Used from the hub only; changes are atomic and nothing but `load` and `flush`
    waits. Entries are immutable: what a look-up returned stays as it was.

    Args:
        is_taken: see `EntityRegistry`.

    Attributes:
        reader: the same as templates want it.
        version: grows with every change.
    """

    def __init__(
        self, storage: KeyValue, bus: EventBus, clock: Clock, is_taken: Callable[[str], bool] | None = None
    ) -> None:
        self.version = 0
        self._parts = Parts(storage, bus, clock, self._changed)
        self.floors = FloorRegistry(self._parts)
        self.areas = AreaRegistry(self._parts)
        self.labels = LabelRegistry(self._parts)
        self.categories = CategoryRegistry(self._parts)
        self.devices = DeviceRegistry(self._parts)
        self.entities = EntityRegistry(self._parts, is_taken)
        self.config_entries = ConfigEntryRegistry(self._parts)
        self.issues = IssueRegistry(self._parts)
        self._living: Entities | None = None
        self.exposure = Exposure(self._parts, self.entities)
        self.devices.on_change = self._device_changed
        self.entities.is_device_disabled = self._is_device_disabled
        self.reader = RegistryView(self)

    def load(self) -> None:
        """Read what was saved. Waits for the database; called once, before bridges start."""
        for registry in self._all():
            registry.load()
        self.exposure.load()
        self.version += 1

    def attach(self, entities: Entities) -> None:
        """From now on settings take effect on the living entities: names, ids, whether they are enabled."""
        LiveEntities(self, entities)
        self._living = entities

    def _all(self) -> tuple[Registry[Any], ...]:
        return (
            self.floors, self.areas, self.labels, self.categories, self.devices, self.entities, self.config_entries,
            self.issues,
        )

    def flush(self) -> None:
        """Save what is not saved yet. Waits for the database."""
        self._parts.saver.flush()

    def describe(self) -> dict[str, Any]:
        """Figures for the console."""
        return {
            "entities": len(self.entities), "devices": len(self.devices), "areas": len(self.areas),
            "floors": len(self.floors), "labels": len(self.labels), "categories": len(self.categories),
            "config_entries": len(self.config_entries), "unsaved": self._parts.saver.pending,
        }

    def expand(
        self,
        device_ids: Iterable[str] = (),
        area_ids: Iterable[str] = (),
        floor_ids: Iterable[str] = (),
        label_ids: Iterable[str] = (),
    ) -> set[str]:
        """Entity ids meant by a target that does not name them; the rules are at `marge.registries.expansion`."""
        return expand(self, device_ids, area_ids, floor_ids, label_ids)

    def area_of(self, entity_id: str) -> str | None:
        """The entity's area: its own, else its device's."""
        entry = self.entities.get(entity_id)
        if entry is None:
            return None
        if entry.area_id or not entry.device_id:
            return entry.area_id
        device = self.devices.get(entry.device_id)
        return None if device is None else device.area_id

    def entities_in(self, area_id: str) -> list[str]:
        """The entities that stand in an area, by themselves or with their device, in order."""
        found = [entry.entity_id for entry in self.entities.in_area(area_id)]
        for device in self.devices.in_area(area_id):
            found += [entry.entity_id for entry in self.entities.for_device(device.id) if not entry.area_id]
        return found

    # -- changes that reach over -------------------------------------------------------------------------------------

    def update_device(self, device_id: str, **changes: Any) -> Device:
        """`devices.update`: disabling a device disables its entities, enabling it enables those again.

        Raises:
            NotFound: no such device.
        """
        return self.devices.update(device_id, **changes)

    def _device_changed(self, before: Device, after: Device) -> None:
        if before.disabled_by == after.disabled_by:
            return
        for entry in self.entities.for_device(after.id):
            if after.disabled_by is None and entry.disabled_by == DISABLED_BY_DEVICE:
                self.entities.update(entry.entity_id, disabled_by=None)
            elif after.disabled_by is not None and entry.disabled_by is None:
                self.entities.update(entry.entity_id, disabled_by=DISABLED_BY_DEVICE)

    def _is_device_disabled(self, device_id: str | None) -> bool:
        device = None if device_id is None else self.devices.get(device_id)
        return device is not None and device.disabled_by is not None

    def remove_device(self, device_id: str) -> None:
        """Remove a device; its entities stay, without a device.

        Raises:
            NotFound: no such device.
        """
        self._need(device_id in self.devices, "Device not found")
        for entry in self.entities.for_device(device_id):
            self.entities.update(entry.entity_id, device_id=None)
        self.devices.remove(device_id)

    def remove_config_entry_from_device(self, device_id: str, config_entry_id: str) -> Device | None:
        """The device without this config entry, and its entities of that entry gone; None: it was the last one, so the
        device is gone too.

        Raises:
            NotFound: no such device.
        """
        device = self.devices.get(device_id)
        if device is None:
            raise NotFound("Device not found")
        for entry in self.entities.for_device(device_id):
            if entry.config_entry_id == config_entry_id:
                self.entities.remove(entry.entity_id)
                if self._living is not None and self._living.is_owned(entry.entity_id):
                    self._living.remove_later(entry.entity_id)
        left = tuple(each for each in device.config_entries if each != config_entry_id)
        if not left:
            self.remove_device(device_id)
            return None
        primary = device.primary_config_entry
        return self.devices.update(
            device_id, config_entries=left, primary_config_entry=None if primary == config_entry_id else primary
        )

    def delete_area(self, area_id: str) -> None:
        """Delete an area; what stood there stands nowhere. With many entities in it others have their turns in
        between: not from the shared dispatcher, as the other deletions.

        Raises:
            NotFound: no such area.
        """
        self._need(area_id in self.areas, "Area ID doesn't exist")
        for device in in_turns(self.devices.in_area(area_id)):
            self._if_there(self.devices, device.id, area_id=None)
        for entry in in_turns(self.entities.in_area(area_id)):
            self._if_there(self.entities, entry.entity_id, area_id=None)
        if area_id in self.areas:
            self.areas.delete(area_id)

    def delete_floor(self, floor_id: str) -> None:
        """Delete a floor; its areas stay, on no floor.

        Raises:
            NotFound: no such floor.
        """
        self._need(floor_id in self.floors, "Floor ID doesn't exist")
        for area in self.areas.on_floor(floor_id):
            self.areas.update(area.area_id, floor_id=None)
        self.floors.delete(floor_id)

    def delete_label(self, label_id: str) -> None:
        """Delete a label; nothing carries it any longer.

        Raises:
            NotFound: no such label.
        """
        self._need(label_id in self.labels, "Label ID doesn't exist")
        for area in self.areas.with_label(label_id):
            self.areas.update(area.area_id, labels=_without(area.labels, label_id))
        for device in in_turns(self.devices.with_label(label_id)):
            self._if_there(self.devices, device.id, labels=_without(device.labels, label_id))
        for entry in in_turns(self.entities.with_label(label_id)):
            self._if_there(self.entities, entry.entity_id, labels=_without(entry.labels, label_id))
        if label_id in self.labels:
            self.labels.delete(label_id)

    def delete_category(self, scope: str, category_id: str) -> None:
        """Delete a category; what was in it is in none.

        Raises:
            NotFound: no such category in this scope.
        """
        category = self.categories.get(category_id)
        self._need(category is not None and category.scope == scope, "Category ID doesn't exist")
        for entry in in_turns(self.entities.all()):
            if entry.categories.get(scope) == category_id:
                left = {each: value for each, value in entry.categories.items() if each != scope}
                self._if_there(self.entities, entry.entity_id, categories=left)
        if category_id in self.categories:
            self.categories.delete(scope, category_id)

    @staticmethod
    def _if_there(registry: DeviceRegistry | EntityRegistry, key: str, **changes: Any) -> None:
        if key in registry:  # it may have gone while others had their turns
            registry.update(key, **changes)

    @staticmethod
    def _need(there: bool, message: str) -> None:
        if not there:
            raise NotFound(message)

    def _changed(self) -> None:
        self.version += 1


def _without(labels: tuple[str, ...], label_id: str) -> tuple[str, ...]:
    return tuple(each for each in labels if each != label_id)
