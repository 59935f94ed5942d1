"""What all registries share: entries by id, persistence, events. On the hub only; nothing here waits but `load`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import structlog

from marge.model import Context, Event
from marge.registries.saving import Saver

if TYPE_CHECKING:
    from marge.actors import Clock, EventBus
    from marge.storage import KeyValue

log = structlog.get_logger("marge.registries")


class Entry:
    """Base of the entries: frozen dataclasses, replaced and never changed."""

    __slots__ = ()

    @property
    def key(self) -> str:
        """The id that events and the registry use."""
        raise NotImplementedError

    @property
    def store_key(self) -> str:
        """The key it is saved under; differs from `key` where that can change."""
        return self.key

    def stored(self) -> dict[str, Any]:
        """All fields, for the store."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self) if each.init}  # type: ignore[arg-type]


E = TypeVar("E", bound=Entry)


class Parts:
    """What each registry is given.

    Attributes:
        changed: called after each change of any registry.
    """

    def __init__(self, storage: KeyValue, bus: EventBus, clock: Clock, changed: Callable[[], None]) -> None:
        self.storage = storage
        self.bus = bus
        self.clock = clock
        self.changed = changed
        self.saver = Saver(storage, clock)


class Registry(Generic[E]):
    """Entries in order of creation. Each change is atomic, fires `<kind>_registry_updated` and is saved soon."""

    kind: ClassVar[str]
    id_name: ClassVar[str]
    """How events call the id, for example `area_id`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._entries: dict[str, E] = {}

    def get(self, key: str) -> E | None:
        return self._entries.get(key)

    def all(self) -> list[E]:
        """All entries, in order of creation, or as somebody has put them."""
        return list(self._entries.values())

    def __iter__(self) -> Iterator[E]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    # -- for the registries themselves -------------------------------------------------------------------------------

    def load(self) -> None:
        """Read what was saved. Waits for the database; called once, before anything uses the registry."""
        for key, document in self._parts.storage.load_all(self._prefix).items():
            try:
                entry = self._restore(document)
            except (TypeError, ValueError, KeyError, AttributeError) as exc:
                log.error("a registry entry is unreadable and was skipped", key=key, problem=repr(exc))
                continue
            self._enter(entry)

    def _restore(self, document: dict[str, Any]) -> E:
        raise NotImplementedError

    @property
    def _prefix(self) -> str:
        return f"registry/{self.kind}/"

    def _now(self) -> float:
        return self._parts.clock.now()

    def _enter(self, entry: E) -> None:
        """Put into the table and its indexes."""
        self._entries[entry.key] = entry

    def _leave(self, entry: E) -> None:
        """Take out of the table and its indexes."""
        self._entries.pop(entry.key, None)

    def _put(self, entry: E) -> None:
        before = self._entries.get(entry.key)
        if before is not None:
            self._replace(before, entry)
        else:
            self._enter(entry)
        self._save(entry)

    def _replace(self, before: E, entry: E) -> None:
        """One entry for another of the same key: it keeps its place in the order."""
        self._entries[entry.key] = entry

    def _drop(self, entry: E) -> None:
        self._leave(entry)
        self._parts.saver.mark(self._prefix + entry.store_key, None)
        self._parts.changed()

    def _save(self, entry: E) -> None:
        self._parts.saver.mark(self._prefix + entry.store_key, entry)
        self._parts.changed()

    def _fire(self, action: str, key: str | None, **more: Any) -> None:
        data = {"action": action, self.id_name: key, **more}
        self._parts.bus.publish(Event(f"{self.kind}_registry_updated", data, Context.new(), self._now()))


def changed_fields(entry: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    """The part of `changes` that differs from `entry`.

    Raises:
        TypeError: a field that such an entry does not have.
    """
    for name in changes:
        if name not in entry.__dataclass_fields__:  # type: ignore[attr-defined]
            raise TypeError(f"{type(entry).__name__} has no field {name}")
    return {name: value for name, value in changes.items() if getattr(entry, name) != value}


def known_fields(kind: type, document: dict[str, Any]) -> dict[str, Any]:
    """The part of a saved document that the dataclass `kind` has fields for; lists become tuples."""
    names = {each.name for each in dataclasses.fields(kind)}
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items() if name in names
    }


def as_tuple(values: Any) -> tuple[Any, ...]:
    """Distinct values in the order given: what sets are kept as, so that replies do not differ from run to run."""
    return tuple(dict.fromkeys(values or ()))
