"""Labels: free tags on entities, devices and areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marge.registries.named import NamedEntry, NamedRegistry


@dataclass(frozen=True, slots=True)
class Label(NamedEntry):
    """A tag. `color`: a colour's name or `#rrggbb`; not checked here. Times are UTC epoch seconds."""

    label_id: str
    name: str
    color: str | None = None
    description: str | None = None
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0

    @property
    def key(self) -> str:
        return self.label_id

    def as_dict(self) -> dict[str, Any]:
        return {
            "color": self.color,
            "created_at": self.created_at,
            "description": self.description,
            "icon": self.icon,
            "label_id": self.label_id,
            "name": self.name,
            "modified_at": self.modified_at,
        }


class LabelRegistry(NamedRegistry[Label]):
    """Labels by `label_id`. Fires `label_registry_updated`."""

    kind, id_name, title, entry_class = "label", "label_id", "Label", Label
