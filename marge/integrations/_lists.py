"""To-do lists that Marge keeps itself. Not here: where a list comes from."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from marge.domains.todo import (
    CREATE,
    DELETE,
    DESCRIPTION,
    DUE_DATE,
    DUE_DATETIME,
    MOVE,
    UPDATE,
    TodoItem,
    TodoListEntity,
    moved,
)
from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.home import Home

MAX_ITEMS = 5_000
"""Of one list: each change saves and sends all of them."""


class KeptList(TodoListEntity):
    """A list in the database, under `key`."""

    supported_features = CREATE | DELETE | UPDATE | MOVE | DUE_DATE | DUE_DATETIME | DESCRIPTION

    def __init__(self, home: Home, key: str, name: str, items: Iterable[TodoItem]) -> None:
        self.home = home
        self.name = name
        self.items = tuple(items)
        self.time_zone = home.config.time_zone
        self._key = key

    def create_item(self, item: TodoItem) -> None:
        if len(self.items) >= MAX_ITEMS:
            raise HomeError(f"A list keeps {MAX_ITEMS} items at most")
        self._keep((*self.items, with_uid(item, str(uuid.uuid4()))))

    def update_item(self, item: TodoItem) -> None:
        self._keep(item if each.uid == item.uid else each for each in self.items)

    def delete_items(self, uids: list[str]) -> None:
        gone = set(uids)
        self._keep(each for each in self.items if each.uid not in gone)

    def move_item(self, uid: str, previous_uid: str | None) -> None:
        self._keep(moved(self.items, uid, previous_uid))

    def _keep(self, items: Iterable[TodoItem]) -> None:
        kept = tuple(items)
        self.home.storage.save_soon({self._key: [each.as_short_dict() for each in kept]})  # first: it may be refused
        self.take(kept)


def with_uid(item: TodoItem, uid: str) -> TodoItem:
    """The item as the list keeps it."""
    return TodoItem(item.summary, uid, item.status, item.due, item.description)


def restored(document: Mapping[str, Any]) -> TodoItem:
    """An item as `TodoItem.as_short_dict` shows it.

    Raises:
        KeyError, ValueError: it is damaged.
    """
    due = document.get("due")
    when: dt.date | dt.datetime | None = None
    if isinstance(due, str):
        when = dt.datetime.fromisoformat(due) if "T" in due else dt.date.fromisoformat(due)
    return TodoItem(
        str(document["summary"]), str(document["uid"]), str(document["status"]), when, document.get("description")
    )
