"""The config entries: which instances of integrations this home has. Not here: how one is set up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from marge.errors import NotFound
from marge.registries.base import Entry, Parts, Registry, changed_fields, known_fields
from marge.util.ulid import ulid

log = structlog.get_logger("marge.registries")

EntryState = Literal[
    "not_loaded", "setup_in_progress", "loaded", "setup_error", "setup_retry", "unload_in_progress", "failed_unload"
]
Change = Literal["added", "updated", "removed"]
Listener = Callable[[Change, "ConfigEntry"], None]

_LIVE = frozenset(
    {"state", "reason", "supports_options", "supports_remove_device", "supports_unload", "supports_reconfigure"}
)
"""What is true of this run only: not saved, and no modification of the entry."""


@dataclass(frozen=True, slots=True)
class ConfigEntry(Entry):
    """One configured instance of an integration. Immutable, its dicts too.

    Attributes:
        entry_id: ULID; never changes. domain: the integration. title: for people.
        source: who made it: `user`, `import` (the files), `system`, `onboarding`, `registration`, `ignore`.
        data, options: what the flow found out, and what the options flow may change.
        unique_id: of what is configured, among the entries of the domain.
        disabled_by: `user` or None. version, minor_version: of the shape of `data` and `options`.
        state, reason, supports_…: of this run. created_at, modified_at: UTC epoch seconds.
    """

    entry_id: str
    domain: str
    title: str
    source: str = "import"
    data: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    unique_id: str | None = None
    disabled_by: str | None = None
    pref_disable_new_entities: bool = False
    pref_disable_polling: bool = False
    version: int = 1
    minor_version: int = 1
    created_at: float = 0.0
    modified_at: float = 0.0
    state: EntryState = "not_loaded"
    reason: str | None = None
    supports_options: bool = False
    supports_remove_device: bool = False
    supports_unload: bool = False
    supports_reconfigure: bool = False

    @property
    def key(self) -> str:
        return self.entry_id

    def stored(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.name not in _LIVE}

    def as_dict(self) -> dict[str, Any]:
        """As HA's `config_entries/get` shows it: without what may be secret."""
        return {
            "created_at": self.created_at,
            "entry_id": self.entry_id,
            "domain": self.domain,
            "modified_at": self.modified_at,
            "title": self.title,
            "source": self.source,
            "state": self.state,
            "supports_options": self.supports_options,
            "supports_remove_device": self.supports_remove_device,
            "supports_unload": self.supports_unload,
            "supports_reconfigure": self.supports_reconfigure,
            "supported_subentry_types": {},
            "pref_disable_new_entities": self.pref_disable_new_entities,
            "pref_disable_polling": self.pref_disable_polling,
            "disabled_by": self.disabled_by,
            "reason": self.reason,
            "error_reason_translation_key": None,
            "error_reason_translation_placeholders": None,
            "num_subentries": 0,
        }


class ConfigEntryRegistry(Registry[ConfigEntry]):
    """Config entries by `entry_id`, in order of creation. Tells its listeners of each change; fires no bus event."""

    kind, id_name = "config_entry", "entry_id"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(change, entry)` after each change, on the hub; it must not wait. Returns how to end that."""
        self._listeners.append(listener)

        def cancel() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return cancel

    def for_domain(self, domain: str) -> list[ConfigEntry]:
        """The entries of one integration, in order of creation."""
        return [entry for entry in self._entries.values() if entry.domain == domain]

    def by_unique_id(self, domain: str, unique_id: str) -> ConfigEntry | None:
        return next((each for each in self.for_domain(domain) if each.unique_id == unique_id), None)

    def create(
        self,
        domain: str,
        title: str,
        source: str = "import",
        unique_id: str | None = None,
        data: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> ConfigEntry:
        """A new entry. `more`: any other field of `ConfigEntry`."""
        now = self._now()
        entry = ConfigEntry(
            ulid(), domain, title, source, dict(data or {}), dict(options or {}), unique_id,
            created_at=now, modified_at=now, **more,
        )
        self._put(entry)
        self._tell("added", entry)
        return entry

    def get_or_create(
        self,
        domain: str,
        title: str,
        source: str = "import",
        unique_id: str | None = None,
        data: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> ConfigEntry:
        """The domain's entry with this `unique_id`, or its first one when that is None; made when there is none."""
        found = self.by_unique_id(domain, unique_id) if unique_id is not None else None
        if unique_id is None:
            found = next(iter(self.for_domain(domain)), None)
        return found or self.create(domain, title, source, unique_id, data, options)

    def update(self, entry_id: str, **changes: Any) -> ConfigEntry:
        """The entry with `changes` made.

        Raises:
            NotFound: no such entry.
        """
        entry = self._need(entry_id)
        new = changed_fields(entry, changes)
        if not new:
            return entry
        if new.keys() <= _LIVE:
            changed = dataclasses.replace(entry, **new)
            self._entries[entry_id] = changed
        else:
            changed = dataclasses.replace(entry, **new, modified_at=self._now())
            self._put(changed)
        self._tell("updated", changed)
        return changed

    def remove(self, entry_id: str) -> ConfigEntry:
        """Forget the entry. What it owned is the business of who set it up, who should be asked instead.

        Raises:
            NotFound: no such entry.
        """
        entry = self._need(entry_id)
        self._drop(entry)
        self._tell("removed", entry)
        return entry

    def _need(self, entry_id: str) -> ConfigEntry:
        entry = self._entries.get(entry_id)
        if entry is None:
            raise NotFound("Config entry not found")
        return entry

    def _tell(self, change: Change, entry: ConfigEntry) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(change, entry)
            except Exception as exc:  # noqa: BLE001 - the border: one listener
                log.error("a listener of the config entries failed", entry=entry.entry_id, exc_info=exc)

    def _restore(self, document: dict[str, Any]) -> ConfigEntry:
        fields = known_fields(ConfigEntry, document)
        return ConfigEntry(**{name: value for name, value in fields.items() if name not in _LIVE})
