"""Areas: rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from marge.errors import NotFound
from marge.registries.named import NamedEntry, NamedRegistry


@dataclass(frozen=True, slots=True)
class Area(NamedEntry):
    """A room or another place where devices stand. Times are UTC epoch seconds.

    Attributes:
        place: where somebody has put it among the others; None: behind those, in order of creation.
    """

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
    place: int | None = None

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

    def load(self) -> None:
        super().load()
        known = {key: area.place for key, area in self._entries.items()}
        self._sort(sorted(known, key=lambda key: (known[key] is None, known[key] or 0)))

    def reorder(self, area_ids: Iterable[str]) -> None:
        """Put areas in this order. Those that are not named follow, as they stood.

        Raises:
            NotFound: there is no such area.
        """
        named = dict.fromkeys(area_ids)
        for area_id in named:
            if area_id not in self._entries:
                raise NotFound(f"Area ID {area_id} doesn't exist")
        ordered = [*named, *(key for key in self._entries if key not in named)]
        for place, key in enumerate(ordered):
            if self._entries[key].place != place:
                self._put(replace(self._entries[key], place=place))
        self._sort(ordered)
        self._fire("reorder", None)

    def _sort(self, ordered: Iterable[str]) -> None:
        self._entries = {key: self._entries[key] for key in ordered}

    def on_floor(self, floor_id: str) -> list[Area]:
        """The areas of one floor."""
        return [area for area in self._entries.values() if area.floor_id == floor_id]

    def with_label(self, label_id: str) -> list[Area]:
        return [area for area in self._entries.values() if label_id in area.labels]
