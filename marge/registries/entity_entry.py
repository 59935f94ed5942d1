"""One entity's entry: its identity, what its platform says of it, and how the user has set it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marge.model import dumps_anyhow
from marge.registries.base import Entry, known_fields

USUAL_OPTIONS: tuple[dict[str, Any], dict[str, Any]] = (
    {"conversation": {"should_expose": False}}, {"conversation": {"should_expose": True}},
)  # fmt: skip
"""What nearly all entries have: shared, 20 MB less at 50,000 entities. See `marge.registries.exposure`."""
CATEGORY_NUMBERS = {"config": 0, "diagnostic": 1}


@dataclass(frozen=True, slots=True)
class EntityEntry(Entry):
    """An entity with a unique id. Immutable, its dicts too.

    Attributes:
        id: 32 hex digits; never changes, unlike `entity_id`.
        platform: who made it (`mqtt`, `demo`, …). `unique_id` is unique among the platform's entities of one domain.
        name, icon, device_class: the user's choice; None: the `original_…` of the platform holds.
        disabled_by: `user`, `integration`, `device`, `config_entry` or None; hidden_by: `user`, `integration` or None.
        entity_category: `config`, `diagnostic` or None.
        options: by domain, for example `{"sensor": {"display_precision": 1}}`.
        categories: scope to category id.
        former_ids: entity ids that it had before it was renamed; they keep meaning it until another entity takes them.
        created_at, modified_at: UTC epoch seconds.
    """

    entity_id: str
    unique_id: str
    platform: str
    id: str
    aliases: tuple[str, ...] = ()
    area_id: str | None = None
    capabilities: dict[str, Any] | None = None
    categories: dict[str, str] = field(default_factory=dict)
    config_entry_id: str | None = None
    device_class: str | None = None
    device_id: str | None = None
    disabled_by: str | None = None
    entity_category: str | None = None
    former_ids: tuple[str, ...] = ()
    has_entity_name: bool = False
    hidden_by: str | None = None
    icon: str | None = None
    labels: tuple[str, ...] = ()
    name: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    original_device_class: str | None = None
    original_icon: str | None = None
    original_name: str | None = None
    supported_features: int = 0
    translation_key: str | None = None
    unit_of_measurement: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0
    _json: bytes | None = field(default=None, init=False, repr=False, compare=False)
    _display_json: bytes | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def key(self) -> str:
        return self.entity_id

    @property
    def store_key(self) -> str:
        return self.id

    @property
    def domain(self) -> str:
        return self.entity_id.partition(".")[0]

    @property
    def identity(self) -> tuple[str, str, str]:
        """`(domain, platform, unique_id)`."""
        return (self.domain, self.platform, self.unique_id)

    @property
    def disabled(self) -> bool:
        return self.disabled_by is not None

    @property
    def hidden(self) -> bool:
        return self.hidden_by is not None

    def as_dict(self) -> dict[str, Any]:
        """As HA's `config/entity_registry/list` shows it."""
        return {
            "area_id": self.area_id,
            "categories": self.categories,
            "config_entry_id": self.config_entry_id,
            "config_subentry_id": None,
            "created_at": self.created_at,
            "device_id": self.device_id,
            "disabled_by": self.disabled_by,
            "entity_category": self.entity_category,
            "entity_id": self.entity_id,
            "has_entity_name": self.has_entity_name,
            "hidden_by": self.hidden_by,
            "icon": self.icon,
            "id": self.id,
            "labels": self.labels,
            "modified_at": self.modified_at,
            "name": self.name,
            "options": self.options,
            "original_name": self.original_name,
            "platform": self.platform,
            "translation_key": self.translation_key,
            "unique_id": self.unique_id,
        }

    @property
    def json(self) -> bytes:
        """`as_dict` as JSON; made once."""
        if self._json is None:
            object.__setattr__(self, "_json", dumps_anyhow(self.as_dict()))
        return self._json or b""

    @property
    def display_json(self) -> bytes:
        """As HA's `config/entity_registry/list_for_display` shows it; made once."""
        if self._display_json is None:
            object.__setattr__(self, "_display_json", dumps_anyhow(self.as_display_dict()))
        return self._display_json or b""

    def as_display_dict(self) -> dict[str, Any]:
        """The short form that frontends start with: what is false or null is left out."""
        short: dict[str, Any] = {"ei": self.entity_id, "pl": self.platform, "lb": self.labels}
        for key, value in (
            ("ai", self.area_id), ("di", self.device_id), ("ic", self.icon), ("tk", self.translation_key),
        ):  # fmt: skip
            if value is not None:
                short[key] = value
        if self.entity_category in CATEGORY_NUMBERS:
            short["ec"] = CATEGORY_NUMBERS[self.entity_category]
        if self.hidden:
            short["hb"] = True
        if self.has_entity_name:
            short["hn"] = True
        name = self.name or self.original_name
        if name is not None:
            short["en"] = name
        options = self.options.get("sensor", {}) if self.domain == "sensor" else {}
        precision = options.get("display_precision", options.get("suggested_display_precision"))
        if precision is not None:
            short["dp"] = precision
        return short

    def as_extended_dict(self) -> dict[str, Any]:
        """As HA's `config/entity_registry/get` shows it."""
        return {
            **self.as_dict(),
            "aliases": self.aliases,
            "capabilities": self.capabilities,
            "device_class": self.device_class,
            "original_device_class": self.original_device_class,
            "original_icon": self.original_icon,
        }


def restore(document: dict[str, Any]) -> EntityEntry:
    """An entry as it was saved."""
    fields = known_fields(EntityEntry, document)
    options = fields.get("options")
    fields["options"] = next((each for each in USUAL_OPTIONS if each == options), options or {})
    return EntityEntry(**fields)
