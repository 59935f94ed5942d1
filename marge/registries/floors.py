"""Floors: storeys, made of areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marge.registries.named import NamedEntry, NamedRegistry


@dataclass(frozen=True, slots=True)
class Floor(NamedEntry):
    """A storey. `level`: 0 is the ground floor, negative is below it. Times are UTC epoch seconds."""

    floor_id: str
    name: str
    aliases: tuple[str, ...] = ()
    icon: str | None = None
    level: int | None = None
    created_at: float = 0.0
    modified_at: float = 0.0

    @property
    def key(self) -> str:
        return self.floor_id

    def as_dict(self) -> dict[str, Any]:
        return {
            "aliases": self.aliases,
            "created_at": self.created_at,
            "floor_id": self.floor_id,
            "icon": self.icon,
            "level": self.level,
            "name": self.name,
            "modified_at": self.modified_at,
        }


class FloorRegistry(NamedRegistry[Floor]):
    """Floors by `floor_id`. Fires `floor_registry_updated`."""

    kind, id_name, title, entry_class = "floor", "floor_id", "Floor", Floor
