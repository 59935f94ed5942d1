"""The registries as templates read them: one object with a method for each question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marge.registries.areas import Area
    from marge.registries.config_entries import ConfigEntry
    from marge.registries.device_entry import Device
    from marge.registries.entity_entry import EntityEntry
    from marge.registries.floors import Floor
    from marge.registries.labels import Label
    from marge.registries.registries import Registries


class RegistryView:
    """Read-only. `version` grows with every change of any registry, so that readers may keep indexes of their own."""

    def __init__(self, registries: Registries) -> None:
        self._registries = registries

    @property
    def version(self) -> int:
        return self._registries.version

    def areas(self) -> list[Area]:
        return self._registries.areas.all()

    def floors(self) -> list[Floor]:
        return self._registries.floors.all()

    def labels(self) -> list[Label]:
        return self._registries.labels.all()

    def devices(self) -> list[Device]:
        return self._registries.devices.all()

    def entities(self) -> list[EntityEntry]:
        return self._registries.entities.all()

    def area(self, area_id: str) -> Area | None:
        return self._registries.areas.get(area_id)

    def floor(self, floor_id: str) -> Floor | None:
        return self._registries.floors.get(floor_id)

    def label(self, label_id: str) -> Label | None:
        return self._registries.labels.get(label_id)

    def device(self, device_id: str) -> Device | None:
        return self._registries.devices.get(device_id)

    def entity(self, entity_id: str) -> EntityEntry | None:
        entities = self._registries.entities
        return entities.get(entity_id) or entities.get(entities.former.get(entity_id, ""))

    def config_entry(self, entry_id: str) -> ConfigEntry | None:
        return self._registries.config_entries.get(entry_id)

    def config_entries(self) -> list[ConfigEntry]:
        return self._registries.config_entries.all()

    def issues(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        return {(issue.domain, issue.issue_id): issue.as_dict() for issue in self._registries.issues.active()}
