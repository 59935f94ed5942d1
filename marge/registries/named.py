"""Registries of things that people name: areas, floors, labels. Ids are slugs of first names; names are unique."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, TypeVar

from marge.errors import InvalidRequest, NotFound
from marge.registries.base import Entry, Parts, Registry, as_tuple, changed_fields, known_fields
from marge.util.slug import slugify

_SETS = ("aliases", "labels")


def plain_name(name: str) -> str:
    """Names that differ in case and blanks only are the same name."""
    return name.casefold().replace(" ", "")


class NamedEntry(Entry):
    """An entry with a name."""

    __slots__ = ()
    name: str

    @property
    def id(self) -> str:
        return self.key

    def as_dict(self) -> dict[str, Any]:
        """As HA's WebSocket lists show it."""
        raise NotImplementedError


N = TypeVar("N", bound=NamedEntry)


class NamedRegistry(Registry[N]):
    """Create, update and delete by name."""

    entry_class: ClassVar[type]
    title: ClassVar[str]
    """For messages: `Area`."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._by_name: dict[str, str] = {}

    def get_by_name(self, name: str) -> N | None:
        """The entry of this name, whatever its case and blanks."""
        key = self._by_name.get(plain_name(name))
        return None if key is None else self._entries.get(key)

    def create(self, name: str, *, new_id: str | None = None, **fields: Any) -> N:
        """A new entry; `new_id` instead of the slug of the name as id.

        Raises:
            InvalidRequest: the name is empty or in use, or the id is in use.
        """
        self._check_name(name, None)
        key = self._free_id(name) if new_id is None else new_id
        if not key or key in self._entries:
            raise InvalidRequest(f"The {self.title.lower()} ID {key!r} cannot be used or is already in use")
        now = self._now()
        entry: N = self.entry_class(
            **{self.id_name: key}, name=name, **_tuples(fields), created_at=now, modified_at=now
        )
        self._put(entry)
        self._fire("create", key)
        return entry

    def get_or_create(self, name: str) -> N:
        """The entry of this name; made when there is none."""
        return self.get_by_name(name) or self.create(name)

    def update(self, key: str, **changes: Any) -> N:
        """The entry with `changes` made.

        Raises:
            NotFound: no such entry.
            InvalidRequest: the new name is empty or in use.
        """
        entry = self._need(key)
        new = changed_fields(entry, _tuples(changes))
        if not new:
            return entry
        if "name" in new:
            self._check_name(new["name"], key)
        entry = dataclasses.replace(entry, **new, modified_at=self._now())  # type: ignore[type-var]
        self._put(entry)
        self._fire("update", key)
        return entry

    def delete(self, key: str) -> None:
        """Remove the entry. What referred to it is cleared by `Registries`, which should be asked instead.

        Raises:
            NotFound: no such entry.
        """
        self._drop(self._need(key))
        self._fire("remove", key)

    def _need(self, key: str) -> N:
        entry = self._entries.get(key)
        if entry is None:
            raise NotFound(f"{self.title} ID doesn't exist")
        return entry

    def _check_name(self, name: str, own_key: str | None) -> None:
        plain = plain_name(name)
        if not plain:
            raise InvalidRequest("The name must not be empty")
        if self._by_name.get(plain, own_key) != own_key:
            raise InvalidRequest(f"The name {name} ({plain}) is already in use")

    def _free_id(self, name: str) -> str:
        slug = slugify(name)
        key, number = slug, 1
        while key in self._entries:
            number += 1
            key = f"{slug}_{number}"
        return key

    def _restore(self, document: dict[str, Any]) -> N:
        entry: N = self.entry_class(**known_fields(self.entry_class, document))
        return entry

    def _enter(self, entry: N) -> None:
        super()._enter(entry)
        self._by_name[plain_name(entry.name)] = entry.key

    def _leave(self, entry: N) -> None:
        super()._leave(entry)
        self._by_name.pop(plain_name(entry.name), None)

    def _replace(self, before: N, entry: N) -> None:
        super()._replace(before, entry)
        self._by_name.pop(plain_name(before.name), None)
        self._by_name[plain_name(entry.name)] = entry.key


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: as_tuple(value) if name in _SETS else value for name, value in fields.items()}
