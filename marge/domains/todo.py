"""To-do lists: items that are open or done, with a due date where the list can keep one."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import voluptuous as vol

from marge.domains import _validators as validate
from marge.domains._catalog import service, whole
from marge.domains._validators import string
from marge.entities import Domain, Entity
from marge.errors import HomeError, ServiceValidationError

CREATE, DELETE, UPDATE, MOVE, DUE_DATE, DUE_DATETIME, DESCRIPTION = 1, 2, 4, 8, 16, 32, 64
NEEDS_ACTION, COMPLETED = "needs_action", "completed"

_FIELDS = {"due_date": DUE_DATE, "due_datetime": DUE_DATETIME, "description": DESCRIPTION}
"""Fields that not every list can keep, and the feature each needs."""


@dataclasses.dataclass(frozen=True, slots=True)
class TodoItem:
    """One item.

    Attributes:
        uid: unique in its list; "" until the list has taken it.
        status: `needs_action` or `completed`.
        due: a date, or an aware time.
    """

    summary: str
    uid: str = ""
    status: str = NEEDS_ACTION
    due: dt.date | dt.datetime | None = None
    description: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """As clients see it; what is not set is None."""
        return {
            "summary": self.summary,
            "uid": self.uid,
            "status": self.status,
            "due": None if self.due is None else self.due.isoformat(),
            "description": self.description,
        }

    def as_short_dict(self) -> dict[str, Any]:
        """As `as_dict`, without what is not set."""
        return {key: value for key, value in self.as_dict().items() if value is not None}


class TodoListEntity(Entity):
    """A list that somebody owns. Owners override `create_item`, `update_item`, `delete_items`, `move_item`.

    They run in the actor's turn, must not wait, and end with `self.take(items)`; they may return a `Future`.

    Attributes:
        items: all items in their order; read from anywhere, since it is replaced, never changed.
        time_zone: of due times without an offset.
        supported_features: the constants of this module.
    """

    domain = "todo"
    items: tuple[TodoItem, ...] = ()
    time_zone: dt.tzinfo = dt.UTC
    supported_features: int = 0

    _listeners: tuple[Callable[[tuple[TodoItem, ...]], None], ...] = ()

    # -- for owners --------------------------------------------------------------------------------------------------

    def create_item(self, item: TodoItem) -> Any:
        """Keep a new item; its `uid` is the list's to give."""

    def update_item(self, item: TodoItem) -> Any:
        """Replace the item of the same `uid`."""

    def delete_items(self, uids: list[str]) -> Any:
        """Forget items; all of them are on the list."""

    def move_item(self, uid: str, previous_uid: str | None) -> Any:
        """Put an item behind another one; None: to the front."""

    def take(self, items: Iterable[TodoItem]) -> None:
        """These are the items now: those who listen hear of it."""
        self.items = tuple(items)
        for listener in self._listeners:
            listener(self.items)

    # -- for those who show it ---------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[tuple[TodoItem, ...]], None]) -> Callable[[], None]:
        """Call `listener` with the items after each change; it must not wait. Returns how to end that."""
        self._listeners = (*self._listeners, listener)

        def cancel() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

        return cancel

    def find(self, value: str) -> TodoItem | None:
        """The first item of this uid or summary."""
        return next((each for each in self.items if value in (each.uid, each.summary)), None)

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_add_item(self, item: str, **fields: Any) -> Any:
        self._check_fields(fields)
        return self.create_item(TodoItem(item, **self._item_fields(fields)))

    def handle_update_item(
        self, item: str, rename: str | None = None, status: str | None = None, **fields: Any
    ) -> Any:
        found = self._need(item)
        self._check_fields(fields)
        changes = self._item_fields(fields)
        if rename is not None:
            changes["summary"] = rename
        if status is not None:
            changes["status"] = status
        return self.update_item(dataclasses.replace(found, **changes))

    def handle_remove_item(self, item: list[str]) -> Any:
        return self.delete_items([self._need(each).uid for each in item])

    def handle_remove_completed(self) -> Any:
        done = [each.uid for each in self.items if each.status == COMPLETED]
        return self.delete_items(done) if done else None

    def handle_move(self, uid: str, previous_uid: str | None = None) -> Any:
        return self.move_item(uid, previous_uid)

    def handle_get_items(self, status: list[str] | None = None) -> dict[str, Any]:
        return {"items": [each.as_short_dict() for each in self.items if not status or each.status in status]}

    def _need(self, value: str) -> TodoItem:
        found = self.find(value)
        if found is None:
            raise ServiceValidationError(
                f"Unable to find to-do list item: {value}",
                translation_key="item_not_found",
                translation_domain="todo",
                placeholders={"item": value},
            )
        return found

    def _check_fields(self, fields: Mapping[str, Any]) -> None:
        for name, feature in _FIELDS.items():
            if name in fields and not (self.supported_features or 0) & feature:
                raise ServiceValidationError(
                    f"Entity does not support setting field: {name}",
                    translation_key="update_field_not_supported",
                    translation_domain="todo",
                    placeholders={"service_field": name},
                )

    def _item_fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name in ("due_date", "due_datetime"):
            if name in fields:
                made["due"] = self._local(fields[name])
        if "description" in fields:
            made["description"] = fields["description"]
        return made

    def _local(self, due: dt.date | dt.datetime | None) -> dt.date | dt.datetime | None:
        if not isinstance(due, dt.datetime):
            return due
        return due.replace(tzinfo=self.time_zone) if due.tzinfo is None else due.astimezone(self.time_zone)

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        return str(sum(each.status == NEEDS_ACTION for each in self.items))


def moved(items: tuple[TodoItem, ...], uid: str, previous_uid: str | None) -> list[TodoItem]:
    """The items with one put behind another; `previous_uid` None puts it first.

    Raises:
        HomeError: one of the two is not on the list.
    """
    item = next((each for each in items if each.uid == uid), None)
    if item is None:
        raise HomeError(f"Item '{uid}' not found in todo list")
    others = [each for each in items if each.uid != uid]
    if previous_uid is None:
        return [item, *others]
    if previous_uid == uid:
        return list(items)
    place = next((number for number, each in enumerate(others) if each.uid == previous_uid), None)
    if place is None:
        raise HomeError(f"Item '{previous_uid}' not found in todo list")
    return [*others[: place + 1], item, *others[place + 1 :]]


def _stripped(value: str) -> str:
    return value.strip()


def _at_most_one_due(data: Any) -> Any:
    if "due_date" in data and "due_datetime" in data:
        raise vol.Invalid("must contain at most one of due_date, due_datetime.")
    return data


_TEXT = vol.All(string, _stripped, vol.Length(min=1))
_STATUS = vol.In((NEEDS_ACTION, COMPLETED))
_ITEM_FIELDS: dict[Any, Any] = {
    vol.Optional("due_date"): vol.Any(validate.date, None),
    vol.Optional("due_datetime"): vol.Any(validate.datetime, None),
    vol.Optional("description"): vol.Any(string, None),
}
_CHANGES = validate.has_at_least_one_key("rename", "status", "due_date", "due_datetime", "description")

DOMAIN = Domain(
    "todo",
    services={
        "add_item": service(
            "todo", "add_item", "handle_add_item", "Adds an item to a list.",
            whole({vol.Required("item"): _TEXT, **_ITEM_FIELDS}, after=(_at_most_one_due,)), CREATE,
        ),
        "update_item": service(
            "todo", "update_item", "handle_update_item", "Changes an item, named by its text or its id.",
            whole(
                {
                    vol.Required("item"): vol.All(string, vol.Length(min=1)),
                    vol.Optional("rename"): _TEXT,
                    vol.Optional("status"): _STATUS,
                    **_ITEM_FIELDS,
                },
                after=(_CHANGES, _at_most_one_due),
            ),
            UPDATE,
        ),
        "remove_item": service(
            "todo", "remove_item", "handle_remove_item", "Removes items, named by their texts or ids.",
            {vol.Required("item"): validate.list_of(string)}, DELETE,
        ),
        "get_items": service(
            "todo", "get_items", "handle_get_items", "Answers with the items of a list.",
            {vol.Optional("status"): validate.list_of(_STATUS)}, supports_response="only",
        ),
        "remove_completed_items": service(
            "todo", "remove_completed_items", "handle_remove_completed", "Removes all items that are done.", {}, DELETE
        ),
    },
    entity=TodoListEntity,
)  # fmt: skip
