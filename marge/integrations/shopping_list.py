"""The shopping list: one a home, also for clients that know nothing of to-do lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._catalog import fields_of, words
from marge.domains._validators import boolean, string
from marge.domains.todo import COMPLETED, CREATE, DELETE, MOVE, NEEDS_ACTION, UPDATE, TodoItem, TodoListEntity
from marge.errors import HomeError, InvalidRequest, NotFound
from marge.integrations.base import Integration
from marge.integrations.flow import CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Form
from marge.integrations.host import add_entity, on_unload
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.integrations")

SHARED = "shopping_list"
"""The key of the `ShoppingList` in `home.shared`, while there is one."""
UPDATED = "shopping_list_updated"
MAX_ITEMS = 5_000
_KEY = "shopping_list"
_TITLE = "Shopping list"


@dataclass(frozen=True, slots=True)
class ShoppingItem:
    """One thing to buy."""

    name: str
    id: str
    complete: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "id": self.id, "complete": self.complete}


class ShoppingList:
    """The items. Changes are made on the hub and never wait; each is saved and fired as `shopping_list_updated`.

    Attributes:
        items: in their order; replaced, never changed.
    """

    def __init__(self, home: Home, items: Iterable[ShoppingItem]) -> None:
        self._home = home
        self.items = tuple(items)
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change; it must not wait."""
        self._listeners.append(listener)

    def get(self, item_id: str) -> ShoppingItem:
        """The item.

        Raises:
            NotFound: no such item.
        """
        found = next((each for each in self.items if each.id == item_id), None)
        if found is None:
            raise NotFound("Item not found")
        return found

    def named(self, name: str) -> ShoppingItem | None:
        return next((each for each in self.items if each.name == name), None)

    def add(self, name: str, complete: bool = False, context: Context | None = None) -> ShoppingItem:
        """A new item at the end.

        Raises:
            HomeError: the list is full.
        """
        if len(self.items) >= MAX_ITEMS:
            raise HomeError(f"A list keeps {MAX_ITEMS} items at most")
        item = ShoppingItem(name, uuid.uuid4().hex, complete)
        self._take((*self.items, item), "add", item, context)
        return item

    def update(
        self, item_id: str, name: str | None = None, complete: bool | None = None, context: Context | None = None
    ) -> ShoppingItem:
        """The item with another name, or bought or not.

        Raises:
            NotFound: no such item.
        """
        before = self.get(item_id)
        item = replace(
            before,
            name=before.name if name is None else name,
            complete=before.complete if complete is None else complete,
        )
        self._take((item if each is before else each for each in self.items), "update", item, context)
        return item

    def remove(self, item_ids: Iterable[str], context: Context | None = None) -> list[ShoppingItem]:
        """Forget items; those that were there.

        Raises:
            NotFound: one is not on the list.
        """
        gone = [self.get(each) for each in item_ids]
        for item in gone:
            self._take((each for each in self.items if each.id != item.id), "remove", item, context)
        return gone

    def clear_completed(self, context: Context | None = None) -> None:
        """Forget what is bought."""
        self._take((each for each in self.items if not each.complete), "clear", None, context)

    def complete_all(self, complete: bool, context: Context | None = None) -> None:
        """All are bought, or none is."""
        self._take((replace(each, complete=complete) for each in self.items), "update_list", None, context)

    def sort(self, reverse: bool = False, context: Context | None = None) -> None:
        """By name."""
        self._take(sorted(self.items, key=lambda each: each.name, reverse=reverse), "sorted", None, context)

    def reorder(self, item_ids: Iterable[str], context: Context | None = None) -> None:
        """These first, in this order; what is bought may be left out and comes last.

        Raises:
            NotFound: an id is not on the list.
            InvalidRequest: something that is still to buy is missing.
        """
        left = {each.id: each for each in self.items}
        ordered = []
        for item_id in item_ids:
            if item_id not in left:
                raise NotFound("One or more item id(s) not found.")
            ordered.append(left.pop(item_id))
        if any(not each.complete for each in left.values()):
            raise InvalidRequest("The item ids array doesn't contain all the unchecked shopping list items.")
        self._take((*ordered, *left.values()), "reorder", None, context)

    def move(self, item_id: str, previous_id: str | None, context: Context | None = None) -> None:
        """Put an item behind another, or first.

        Raises:
            NotFound: one of them is not on the list.
        """
        item = self.get(item_id)
        if item_id == previous_id:
            return
        others = [each for each in self.items if each is not item]
        place = 0 if previous_id is None else others.index(self.get(previous_id)) + 1
        self._take((*others[:place], item, *others[place:]), "reorder", None, context)

    def _take(
        self, items: Iterable[ShoppingItem], action: str, item: ShoppingItem | None, context: Context | None
    ) -> None:
        kept = tuple(items)
        self._home.storage.save_soon({_KEY: [each.as_dict() for each in kept]})  # first: it may be refused
        self.items = kept
        for listener in self._listeners:
            listener()
        data: dict[str, Any] = {"action": action}
        if item is not None:
            data["item"] = item.as_dict()
        self._home.bus.publish(Event(UPDATED, data, context or Context.new(), self._home.clock.now()))


class ShoppingTodo(TodoListEntity):
    """The same list as `todo.shopping_list`."""

    supported_features = CREATE | DELETE | UPDATE | MOVE
    name = "Shopping List"

    def __init__(self, home: Home, shopping: ShoppingList) -> None:
        self.home = home
        self.shopping = shopping
        self._show()
        shopping.listen(self._changed)

    def create_item(self, item: TodoItem) -> None:
        self.shopping.add(item.summary, item.status == COMPLETED, self.context)

    def update_item(self, item: TodoItem) -> None:
        self.shopping.update(item.uid, item.summary, item.status == COMPLETED, self.context)

    def delete_items(self, uids: list[str]) -> None:
        self.shopping.remove(uids, self.context)

    def move_item(self, uid: str, previous_uid: str | None) -> None:
        try:
            self.shopping.move(uid, previous_uid, self.context)
        except NotFound as exc:
            raise HomeError(f"Shopping list item '{uid}' could not be re-ordered") from exc

    def _changed(self) -> None:
        self._show()
        if self.actor is not None:
            self.home.entities.report(self.entity_id)

    def _show(self) -> None:
        self.take(
            TodoItem(each.name, each.id, COMPLETED if each.complete else NEEDS_ACTION)
            for each in self.shopping.items
        )


class ShoppingFlow(Flow):
    """Asks nothing: the list is there once somebody wants it."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        self.take_unique_id(SHARED)
        return ShowForm("user", Form([])) if user_input is None else CreateEntry(_TITLE)


_NAME = {vol.Required("name"): vol.Any(None, string)}


def _register_services(home: Home, shopping: ShoppingList) -> list[str]:
    def named(change: Callable[[ShoppingItem, Context], Any]) -> Callable[[ServiceCall], None]:
        def run(call: ServiceCall) -> None:
            item = shopping.named(call.data["name"])
            if item is None:
                log.warning("not on the shopping list", service=call.service, name=call.data["name"])
            else:
                change(item, call.context)

        return run

    def add(call: ServiceCall) -> None:
        if call.data["name"] is not None:
            shopping.add(call.data["name"], context=call.context)

    services: Mapping[str, tuple[Callable[[ServiceCall], None], dict[Any, Any], str]] = {
        "add_item": (add, _NAME, "Puts something on the list."),
        "remove_item": (named(lambda item, context: shopping.remove([item.id], context)), _NAME, "Takes it off."),
        "complete_item": (
            named(lambda item, context: shopping.update(item.id, complete=True, context=context)), _NAME,
            "Marks it as bought.",
        ),
        "incomplete_item": (
            named(lambda item, context: shopping.update(item.id, complete=False, context=context)), _NAME,
            "Marks it as still to buy.",
        ),
        "complete_all": (lambda call: shopping.complete_all(True, call.context), {}, "Marks all as bought."),
        "incomplete_all": (lambda call: shopping.complete_all(False, call.context), {}, "Marks all as to buy."),
        "clear_completed_items": (lambda call: shopping.clear_completed(call.context), {}, "Takes off what is bought."),
        "sort": (
            lambda call: shopping.sort(call.data["reverse"], call.context),
            {vol.Optional("reverse", default=False): boolean}, "Sorts by name.",
        ),
    }  # fmt: skip
    for name, (handler, schema, description) in services.items():
        home.services.register(
            SHARED, name, handler, schema, description=description, fields=fields_of(SHARED, name), name=words(name)
        )
    return list(services)


def _setup(home: Home, entry: ConfigEntry) -> None:
    items = []
    for document in home.storage.load(_KEY) or []:
        try:
            items.append(ShoppingItem(str(document["name"]), str(document["id"]), bool(document["complete"])))
        except (KeyError, TypeError) as exc:
            log.warning("a saved item cannot be read and is left out", list=entry.title, problem=str(exc))
    shopping = ShoppingList(home, items)
    home.shared[SHARED] = shopping
    services = _register_services(home, shopping)
    add_entity(
        home, entry, ShoppingTodo(home, shopping), entry.entry_id, has_entity_name=True, translation_key=SHARED
    )

    def forget() -> None:
        home.shared.pop(SHARED, None)
        for name in services:
            home.services.remove(SHARED, name)

    on_unload(home, entry, forget)


def _removed(home: Home, _entry: ConfigEntry) -> None:
    home.storage.save(_KEY, None)


INTEGRATION = Integration(
    SHARED, "Shopping List", setup=_setup, removed=_removed, flow=ShoppingFlow, single_instance=True, onboarding=_TITLE,
    supports_unload=False, kind="service", iot_class="local_push",
)  # fmt: skip
