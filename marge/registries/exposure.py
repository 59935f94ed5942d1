"""Which entities voice assistants may see. Entries of the entity registry hold it in their options; the others here.

Not here: assistants.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from marge.registries.base import Parts
from marge.registries.entity_entry import USUAL_OPTIONS

if TYPE_CHECKING:
    from marge.registries.entities import EntityRegistry
    from marge.registries.entity_entry import EntityEntry

ASSISTANTS = ("cloud.alexa", "cloud.google_assistant", "conversation")
CONVERSATION = "conversation"
OPTION = "should_expose"
MAX_OTHERS = 50_000
"""Settings of entities without an entry."""

_STORE_KEY = "exposure"
_DOMAINS = frozenset(
    {
        "climate", "cover", "fan", "humidifier", "light", "media_player", "scene", "switch", "todo", "vacuum",
        "water_heater",
    }
)
_CLASSES = {
    "binary_sensor": frozenset({"door", "garage_door", "lock", "motion", "opening", "presence", "window"}),
    "sensor": frozenset(
        {
            "aqi", "carbon_dioxide", "carbon_monoxide", "humidity", "pm10", "pm25", "temperature",
            "volatile_organic_compounds",
        }
    ),
}  # fmt: skip


def is_of_interest(entity_id: str, device_class: str | None) -> bool:
    """Whether people usually talk about such an entity: then it is exposed unless they say otherwise."""
    domain = entity_id.partition(".")[0]
    return domain in _DOMAINS or device_class in _CLASSES.get(domain, ())


class _Document:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def stored(self) -> dict[str, Any]:
        return self._document


class Exposure:
    """The settings, persisted with the registries. On the hub only; nothing here waits but `load`."""

    def __init__(self, parts: Parts, entities: EntityRegistry) -> None:
        self._parts = parts
        self._entities = entities
        self._new: dict[str, bool] = {}
        self._others: dict[str, dict[str, bool]] = {}
        entities.first_options = self._first_options

    def load(self) -> None:
        """Read what was saved. Waits for the database; before anything else uses it."""
        saved = self._parts.storage.load(_STORE_KEY)
        if isinstance(saved, dict):
            self._new = dict(saved.get("new") or {})
            self._others = {key: dict(value) for key, value in (saved.get("others") or {}).items()}

    def exposes_new(self, assistant: str) -> bool:
        """Whether entities that come are exposed where that is usual. Of itself only Marge's own assistant does."""
        return self._new.get(assistant, assistant == CONVERSATION)

    def set_exposes_new(self, assistant: str, value: bool) -> None:
        self._new[assistant] = value
        self._save()

    def is_exposed(self, assistant: str, entity_id: str, device_class: str | None = None) -> bool:
        """Whether the assistant may see the entity.

        Args:
            device_class: of an entity without an entry.
        """
        entry = self._entities.get(entity_id)
        if entry is not None:
            set_to = entry.options.get(assistant, {}).get(OPTION)
            return self._by_default(assistant, entry) if set_to is None else bool(set_to)
        other = self._others.get(entity_id, {}).get(assistant)
        return self.exposes_new(assistant) and is_of_interest(entity_id, device_class) if other is None else other

    def expose(self, assistants: Iterable[str], entity_ids: Iterable[str], should_expose: bool) -> None:
        """Let the assistants see the entities, or hide them."""
        names = list(assistants)
        for entity_id in entity_ids:
            entry = self._entities.get(entity_id)
            if entry is None:
                if entity_id in self._others or len(self._others) < MAX_OTHERS:
                    self._others.setdefault(entity_id, {}).update(dict.fromkeys(names, should_expose))
                continue
            options = dict(entry.options)
            for assistant in names:
                options[assistant] = {**options.get(assistant, {}), OPTION: should_expose}
            self._entities.update(entity_id, options=options)
        self._save()

    def _by_default(self, assistant: str, entry: EntityEntry) -> bool:
        if not self.exposes_new(assistant) or entry.entity_category is not None or entry.hidden_by is not None:
            return False
        return is_of_interest(entry.entity_id, entry.device_class or entry.original_device_class)

    def _first_options(self, entry: EntityEntry) -> dict[str, Any]:
        """What the options of a new entry say of exposure: it shows, so that people find it. Disabled ones wait."""
        if entry.disabled:
            return {}
        return USUAL_OPTIONS[self._by_default(CONVERSATION, entry)]

    def _save(self) -> None:
        self._parts.saver.mark(_STORE_KEY, _Document({"new": dict(self._new), "others": dict(self._others)}))
