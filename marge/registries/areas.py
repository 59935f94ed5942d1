"""Areas: rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marge.registries.named import NamedEntry, NamedRegistry


@dataclass(frozen=True, slots=True)
class Area(NamedEntry):
    """A room or another place where devices stand. Times are UTC epoch seconds."""

    area_id: str
    name: str
    aliases: tuple[str, ...] = ()
    floor_id: str | None = None
    humidity_entity_id: str | None = None
    icon: str | None = None
    labels: tuple[str, ...] = ()
    picture: str | None = None
    temperature_entity_id: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0

    @property
    def key(self) -> str:
        return self.area_id

    def as_dict(self) -> dict[str, Any]:
        return {
            "aliases": self.aliases,
            "area_id": self.area_id,
            "floor_id": self.floor_id,
            "humidity_entity_id": self.humidity_entity_id,
            "icon": self.icon,
            "labels": self.labels,
            "name": self.name,
            "picture": self.picture,
            "temperature_entity_id": self.temperature_entity_id,
            "created_at": self.created_at,
            "modified_at": self.modified_at,
        }


class AreaRegistry(NamedRegistry[Area]):
    """Areas by `area_id`. Fires `area_registry_updated`."""

    kind, id_name, title, entry_class = "area", "area_id", "Area", Area

    def on_floor(self, floor_id: str) -> list[Area]:
        """The areas of one floor."""
        return [area for area in self._entries.values() if area.floor_id == floor_id]

    def with_label(self, label_id: str) -> list[Area]:
        return [area for area in self._entries.values() if label_id in area.labels]
