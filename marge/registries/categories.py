"""Categories: how people sort the entries of one list (automations, scripts, helpers …). Each list is a scope."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from marge.errors import InvalidRequest, NotFound
from marge.registries.base import Entry, Parts, Registry, changed_fields, known_fields
from marge.util.ulid import ulid

MAX_CATEGORIES = 10_000
"""Of all scopes together: people make them by hand."""


@dataclass(frozen=True, slots=True)
class Category(Entry):
    """One category. `scope`: `automation`, `script`, `helpers` …, whatever a client sorts. Times: UTC epoch seconds."""

    category_id: str
    scope: str
    name: str
    icon: str | None = None
    created_at: float = 0.0
    modified_at: float = 0.0

    @property
    def key(self) -> str:
        return self.category_id

    def as_dict(self) -> dict[str, Any]:
        """As HA's WebSocket lists show it."""
        return {
            "category_id": self.category_id,
            "created_at": self.created_at,
            "icon": self.icon,
            "modified_at": self.modified_at,
            "name": self.name,
        }


class CategoryRegistry(Registry[Category]):
    """Categories by `category_id`. Fires `category_registry_updated`. Names are unique in their scope."""

    kind, id_name = "category", "category_id"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._scopes: dict[str, dict[str, None]] = {}

    def in_scope(self, scope: str) -> list[Category]:
        """The categories of one scope, in order of creation."""
        return [self._entries[key] for key in self._scopes.get(scope, ())]

    def create(
        self, scope: str, name: str, icon: str | None = None, category_id: str | None = None
    ) -> Category:
        """A new category; `category_id` instead of a random one as its id.

        Raises:
            InvalidRequest: the name is in use in this scope, the id is in use, or there are too many.
        """
        self._check_name(scope, name, None)
        if category_id in self._entries:
            raise InvalidRequest(f"The category ID {category_id} is already in use")
        if len(self._entries) >= MAX_CATEGORIES:
            raise InvalidRequest(f"There are {MAX_CATEGORIES} categories already")
        now = self._now()
        category = Category(category_id or ulid(), scope, name, icon, now, now)
        self._put(category)
        self._fire("create", category.key, scope=scope)
        return category

    def update(self, scope: str, category_id: str, **changes: Any) -> Category:
        """The category with `changes` made (`name`, `icon`).

        Raises:
            NotFound: no such category in this scope.
            InvalidRequest: the name is in use.
        """
        category = self._need(scope, category_id)
        new = changed_fields(category, changes)
        if not new:
            return category
        if "name" in new:
            self._check_name(scope, new["name"], category_id)
        category = dataclasses.replace(category, **new, modified_at=self._now())
        self._put(category)
        self._fire("update", category_id, scope=scope)
        return category

    def delete(self, scope: str, category_id: str) -> None:
        """Remove it. Entities that carry it are the business of `Registries`, which should be asked instead.

        Raises:
            NotFound: no such category in this scope.
        """
        self._drop(self._need(scope, category_id))
        self._fire("remove", category_id, scope=scope)

    def _need(self, scope: str, category_id: str) -> Category:
        category = self._entries.get(category_id)
        if category is None or category.scope != scope:
            raise NotFound("Category ID doesn't exist")
        return category

    def _check_name(self, scope: str, name: str, own_key: str | None) -> None:
        wanted = name.casefold()
        for other in self.in_scope(scope):
            if other.key != own_key and other.name.casefold() == wanted:
                raise InvalidRequest(f"The name '{name}' is already in use")

    def _restore(self, document: dict[str, Any]) -> Category:
        return Category(**known_fields(Category, document))

    def _enter(self, entry: Category) -> None:
        super()._enter(entry)
        self._scopes.setdefault(entry.scope, {})[entry.key] = None

    def _leave(self, entry: Category) -> None:
        super()._leave(entry)
        self._scopes.get(entry.scope, {}).pop(entry.key, None)
        if not self._scopes.get(entry.scope):
            self._scopes.pop(entry.scope, None)
