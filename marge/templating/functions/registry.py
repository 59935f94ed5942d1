"""Areas, floors, labels, devices, entities' entries, config entries and issues."""

from __future__ import annotations

from typing import Any

from marge.templating.errors import TemplateError
from marge.templating.functions.book import Book, HomeView
from marge.templating.functions.registry_index import Indexes
from marge.templating.operators import text_of

_ENTRY_ATTRIBUTES = frozenset({"domain", "title", "state", "source", "disabled_by"})


class _Lookups:
    """The look-ups that the functions are made of; `index` is rebuilt when the registries changed."""

    def __init__(self, home: HomeView) -> None:
        self.home = home
        self.registries = home.registries
        self._indexes: Indexes | None = None

    @property
    def index(self) -> Indexes:
        indexes = self._indexes
        if indexes is None or indexes.version != self.registries.version:
            indexes = self._indexes = Indexes(self.registries)
        return indexes

    # Devices

    def device_id(self, value: Any) -> str | None:
        entry = self.registries.entity(value) if isinstance(value, str) else None
        if entry is not None:
            return entry.device_id
        return self.index.device_by_name.get(value) if isinstance(value, str) else None

    def device_of(self, value: Any) -> Any:
        if not isinstance(value, str):
            return None
        device_id = self.device_id(value) if "." in value else value
        return self.registries.device(device_id) if device_id else None

    def device_attr(self, value: Any, name: str) -> Any:
        device = self.device_of(value)
        if device is None or not isinstance(name, str) or name.startswith("_"):
            return None
        found = getattr(device, name, None)
        if callable(found):
            return None
        return set(found) if isinstance(found, (tuple, frozenset)) else found  # HA has sets there

    def device_entities(self, device_id: Any) -> list[str]:
        return [entry.entity_id for entry in self.index.by_device.get(device_id, ())]

    # Areas and floors

    def area_id(self, value: Any) -> str | None:
        known = self.index.area_by_name.get(_plain(value))
        if known is not None:
            return known
        if not isinstance(value, str):
            return None
        entry = self.registries.entity(value)
        device_id: str | None = value
        if entry is not None:
            if entry.area_id:
                return entry.area_id
            device_id = entry.device_id
        device = self.registries.device(device_id) if device_id else None
        return device.area_id if device is not None else None

    def area_name(self, value: Any) -> str | None:
        area = self.registries.area(value) if isinstance(value, str) else None
        if area is None:
            entry = self.registries.entity(value) if isinstance(value, str) else None
            device = self.registries.device(value) if isinstance(value, str) else None
            if entry is None and device is None:
                return None
            area_id = self.area_id(value)
            area = self.registries.area(area_id) if area_id else None
        return area.name if area is not None else None

    def known_area(self, value: Any) -> str | None:
        """An area's id from its id or name."""
        if isinstance(value, str) and self.registries.area(value) is not None:
            return value
        return self.area_id(value)

    def area_entities(self, value: Any) -> list[str]:
        area_id = self.known_area(value)
        if area_id is None:
            return []
        index = self.index
        found = [entry.entity_id for entry in index.by_area.get(area_id, ())]
        for device in index.devices_by_area.get(area_id, ()):
            found += [entry.entity_id for entry in index.by_device.get(device.id, ()) if not entry.area_id]
        return found

    def area_devices(self, value: Any) -> list[str]:
        area_id = self.known_area(value)
        return [device.id for device in self.index.devices_by_area.get(area_id or "", ())]

    def floor_id(self, value: Any) -> str | None:
        known = self.index.floor_by_name.get(_plain(value))
        if known is not None:
            return known
        area_id = self.area_id(value)
        area = self.registries.area(area_id) if area_id else None
        return area.floor_id if area is not None else None

    def floor_name(self, value: Any) -> str | None:
        floor = self.registries.floor(value) if isinstance(value, str) else None
        if floor is None:
            area_id = self.area_id(value)
            area = self.registries.area(area_id) if area_id else None
            floor = self.registries.floor(area.floor_id) if area is not None and area.floor_id else None
        return floor.name if floor is not None else None

    def floor_areas(self, value: Any) -> list[str]:
        floor_id: Any = value
        if not isinstance(value, str) or self.registries.floor(value) is None:
            floor_id = self.floor_id(value)
        if floor_id is None:
            return []
        return [area.id for area in self.registries.areas() if area.floor_id == floor_id]

    def floor_entities(self, value: Any) -> list[str]:
        return [entity_id for area_id in self.floor_areas(value) for entity_id in self.area_entities(area_id)]

    # Labels

    def labels(self, value: Any = None) -> list[str]:
        if value is None:
            return [label.id for label in self.registries.labels()]
        if not isinstance(value, str):
            return []
        for thing in (self.registries.entity(value), self.registries.device(value), self.registries.area(value)):
            if thing is not None:
                return list(thing.labels)
        return []

    def label_id(self, value: Any) -> str | None:
        return self.index.label_by_name.get(_plain(value))

    def label_name(self, value: Any) -> str | None:
        label = self.registries.label(value) if isinstance(value, str) else None
        return label.name if label is not None else None

    def _known_label(self, value: Any) -> str | None:
        if isinstance(value, str) and self.registries.label(value) is not None:
            return value
        return self.label_id(value)

    def label_entities(self, value: Any) -> list[str]:
        label = self._known_label(value)
        return [entry.entity_id for entry in self.registries.entities() if label in entry.labels] if label else []

    def label_devices(self, value: Any) -> list[str]:
        label = self._known_label(value)
        return [device.id for device in self.registries.devices() if label in device.labels] if label else []

    def label_areas(self, value: Any) -> list[str]:
        label = self._known_label(value)
        return [area.id for area in self.registries.areas() if label in area.labels] if label else []

    # Integrations

    def integration_entities(self, name: Any) -> list[str]:
        entry_ids = [entry.entry_id for entry in self.registries.config_entries() if entry.title == name]
        if len(entry_ids) == 1:
            return [
                entry.entity_id for entry in self.registries.entities()
                if getattr(entry, "config_entry_id", None) == entry_ids[0]
            ]
        owned = []
        for state in self.home.states.all():
            entry = self.registries.entity(state.entity_id)
            owner = entry.platform if entry is not None else self.home.states.owner(state.entity_id)
            if owner == name:
                owned.append(state.entity_id)
        return owned

    def config_entry_id(self, value: Any) -> str | None:
        entry = self.registries.entity(value) if isinstance(value, str) else None
        return getattr(entry, "config_entry_id", None)

    def config_entry_attr(self, value: Any, name: str) -> Any:
        if not isinstance(value, str):
            raise TemplateError("TemplateError: Must provide a config entry ID")
        if name not in _ENTRY_ATTRIBUTES:
            raise TemplateError("TemplateError: Invalid config entry attribute")
        entry = self.registries.config_entry(value)
        if entry is None:
            return None
        found = getattr(entry, name, None)
        # HA's state is an enumeration, and that is how a template prints it.
        return f"ConfigEntryState.{str(found).upper()}" if name == "state" else getattr(found, "value", found)

    def is_hidden_entity(self, value: Any) -> bool:
        entry = self.registries.entity(value) if isinstance(value, str) else None
        return getattr(entry, "hidden_by", None) is not None


def _plain(value: Any) -> str:
    """Names compare without case and blanks."""
    return text_of(value).casefold().replace(" ", "")


def install(book: Book, home: HomeView) -> None:
    look = _Lookups(home)

    def areas() -> list[str]:
        return [area.id for area in home.registries.areas()]

    def floors() -> list[str]:
        return [floor.id for floor in home.registries.floors()]

    def is_device_attr(device_or_entity_id: Any, attr_name: str, attr_value: Any) -> bool:
        return bool(look.device_attr(device_or_entity_id, attr_name) == attr_value)

    def issues() -> dict[Any, Any]:
        return dict(home.registries.issues())

    def issue(domain: str, issue_id: str) -> Any:
        return home.registries.issues().get((domain, issue_id))

    book.add("areas", areas, "g", home=True)
    book.add("floors", floors, "g", home=True)
    book.add("issues", issues, "g", home=True)
    book.add("issue", issue, home=True)
    book.add("is_device_attr", is_device_attr, "gft", home=True)
    book.add("is_hidden_entity", look.is_hidden_entity, "gt", home=True)
    for name in (
        "area_id", "area_name", "area_entities", "area_devices", "floor_id", "floor_name", "floor_areas",
        "floor_entities", "labels", "label_id", "label_name", "label_entities", "label_devices", "label_areas",
        "device_id", "device_attr", "device_entities", "integration_entities", "config_entry_id",
    ):
        book.add(name, getattr(look, name), home=True)
    book.add("config_entry_attr", look.config_entry_attr, "g", home=True)
