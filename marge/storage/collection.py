"""Collections: items that people make while the home runs (helpers, zones, dashboards), kept in the store.

An item is a dict with an `id`, a document of its own in the store, and never changed in place: an update replaces it.
Not here: what becomes of an item (a listener's business), and how clients ask for one (`marge.http.ws.collection`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import gevent
import structlog
import voluptuous as vol
from gevent.event import AsyncResult
from voluptuous.humanize import humanize_error

from marge.errors import HomeError, InvalidRequest, NotFound, Unavailable
from marge.model import dumps
from marge.storage.keyvalue import KeyValue
from marge.util.slug import slugify

log = structlog.get_logger("marge.storage")

ADDED: Literal["added"] = "added"
UPDATED: Literal["updated"] = "updated"
REMOVED: Literal["removed"] = "removed"
MAX_ITEMS = 10_000
RETRY_AFTER_S = 5.0

Item = Mapping[str, Any]
Fields = Mapping[Any, Any]


class Change(NamedTuple):
    """What happened to one item. `item`: as it is now; of a removed one, as it was."""

    kind: Literal["added", "updated", "removed"]
    item_id: str
    item: Item


Listener = Callable[[Change], None]


class Collection:
    """Items in order of creation. Used on the hub only; nothing here waits but `load`.

    Subclasses refine `checked`, `new_id` and `shown`.

    Args:
        name: its part of the store's keys.
        fields: voluptuous fields of a new item, without `id`; defaults come in the order in which they stand here.
        update_fields: fields of an update, which then keeps what it does not name. None: an update says the whole
            item anew, with `fields`.
        check: looks at a whole valid item, returns it, or raises `vol.Invalid`.
        limit: how many items there may be.

    Attributes:
        is_taken: whether an id is in use outside the collection (by an item of the configuration files).
    """

    def __init__(
        self,
        storage: KeyValue,
        name: str,
        fields: Fields,
        *,
        update_fields: Fields | None = None,
        check: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
        limit: int = MAX_ITEMS,
    ) -> None:
        self.name = name
        self.is_taken: Callable[[str], bool] = lambda item_id: False
        self._storage = storage
        self._prefix = f"collection/{name}/"
        self._fields = fields
        self._update_fields = update_fields
        self._check = check
        self._limit = limit
        self._items: dict[str, Item] = {}
        self._listeners: dict[object, Listener] = {}
        self._unsaved: dict[str, Item | None] = {}
        self._retry: gevent.Greenlet | None = None

    def load(self) -> None:
        """Read what was saved. Waits for the database; called once, before anything uses the collection."""
        for key, item in self._storage.load_all(self._prefix).items():
            item_id = item.get("id") if isinstance(item, dict) else None
            if not isinstance(item_id, str):
                log.error("an item of a collection is unreadable and was skipped", key=key)
                continue
            self._items[item_id] = item

    # -- reading -----------------------------------------------------------------------------------------------------

    def get(self, item_id: str) -> Item | None:
        return self._items.get(item_id)

    def all(self) -> list[Item]:
        """All items, in order of creation."""
        return list(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    # -- changing ----------------------------------------------------------------------------------------------------

    def create(self, data: Mapping[str, Any]) -> Item:
        """A new item; listeners have heard of it when this returns.

        Raises:
            InvalidRequest: the data is no such item; the text says why, and what was given.
            HomeError: the collection is full.
        """
        if len(self._items) >= self._limit:
            raise HomeError(f"There can be no more than {self._limit} items of {self.name}")
        valid = self.checked(self._valid(self._fields, data), None)
        item = {"id": self.new_id(valid), **valid}
        self._put(item, ADDED)
        return item

    def update(self, item_id: str, data: Mapping[str, Any]) -> Item:
        """Change an item. Returns it as it is then.

        Raises:
            NotFound: there is no such item.
            InvalidRequest: as for `create`.
        """
        before = self._items.get(item_id)
        if before is None:
            raise NotFound(item_id)
        if self._update_fields is None:
            valid = self._valid(self._fields, data)
        else:
            kept = {key: value for key, value in before.items() if key != "id"}
            valid = kept | self._valid(self._update_fields, data)
        item = {"id": item_id, **self.checked(valid, before)}
        self._put(item, UPDATED)
        return item

    def replace(self, item: Item) -> None:
        """Put a whole item in the place of the one with its id, or beside the others. Nothing is checked: for what
        the home itself finds out about an item."""
        self._put(item, UPDATED if item["id"] in self._items else ADDED)

    def delete(self, item_id: str) -> None:
        """Remove an item.

        Raises:
            NotFound: there is no such item.
        """
        item = self._items.pop(item_id, None)
        if item is None:
            raise NotFound(item_id)
        self._save(item_id, None)
        self._tell(Change(REMOVED, item_id, item))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of each change, in the greenlet that makes it: the listener must not wait. Returns how to end that."""
        key = object()
        self._listeners[key] = listener
        return lambda: (self._listeners.pop(key, None), None)[1]

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def checked(self, valid: dict[str, Any], before: Item | None) -> dict[str, Any]:
        """A last look at a whole item, `id` left out.

        Args:
            before: the item that this is going to replace; None: a new one.

        Raises:
            InvalidRequest: it cannot be.
        """
        if self._check is None:
            return valid
        try:
            return self._check(valid)
        except vol.Invalid as exc:
            raise InvalidRequest(str(humanize_error(valid, exc))) from exc

    def new_id(self, valid: dict[str, Any]) -> str:
        """The id of a new item: from its name, as HA does. May take out of `valid` what is meant for the id only.

        Raises:
            InvalidRequest: it brings its own, which cannot be.
        """
        return self.free_id(str(valid["name"]))

    def free_id(self, suggested: str) -> str:
        """The slug of a text; `_2`, `_3`, … is added when it is taken."""
        base = slugify(suggested)
        item_id, number = base, 1
        while item_id in self._items or self.is_taken(item_id):
            number += 1
            item_id = f"{base}_{number}"
        return item_id

    def shown(self, item: Item) -> Item:
        """An item as lists show it."""
        return item

    # -- parts -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _valid(fields: Fields, data: Mapping[str, Any]) -> dict[str, Any]:
        whole = with_defaults(fields, data)
        try:
            valid: dict[str, Any] = vol.Schema(dict(fields))(whole)
        except vol.Invalid as exc:
            raise InvalidRequest(str(humanize_error(whole, exc))) from exc
        return valid

    def _put(self, item: Item, kind: Literal["added", "updated"]) -> None:
        try:
            dumps(item)
        except TypeError as exc:  # an integer beyond 64 bits: the store would refuse it, again and again
            raise InvalidRequest(f"This cannot be kept: {exc}") from exc
        self._items[item["id"]] = item
        self._save(item["id"], item)
        self._tell(Change(kind, item["id"], item))

    def _tell(self, change: Change) -> None:
        for listener in list(self._listeners.values()):
            try:
                listener(change)
            except Exception as exc:  # noqa: BLE001 - the border: one listener
                log.error("a listener of a collection failed", collection=self.name, item=change.item_id, exc_info=exc)

    def _save(self, item_id: str, item: Item | None) -> None:
        self._unsaved[self._prefix + item_id] = item
        if self._retry is None:
            self._save_now()

    def _save_now(self) -> None:
        self._retry = None
        taken, self._unsaved = self._unsaved, {}
        try:
            reply = self._storage.save_soon(taken)
        except Unavailable as exc:
            log.warning("items will be saved later", collection=self.name, problem=str(exc))
            self._save_later(taken)
            return
        reply.rawlink(lambda result: self._saved(result, taken))

    def _saved(self, result: AsyncResult, taken: dict[str, Item | None]) -> None:
        if result.exception is not None:
            self._save_later(taken)

    def _save_later(self, taken: dict[str, Item | None]) -> None:
        self._unsaved = {**taken, **self._unsaved}
        if self._retry is None:
            self._retry = gevent.spawn_later(RETRY_AFTER_S, self._save_now)


def random_id() -> str:
    """An id that says nothing: 32 hex digits."""
    return uuid.uuid4().hex


def with_defaults(fields: Fields, data: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, then the defaults of the rest, in the order of the fields. (voluptuous adds them in any.)"""
    whole = dict(data)
    for marker in fields:
        if isinstance(marker, (vol.Optional, vol.Required)) and not isinstance(marker.default, vol.Undefined):
            whole.setdefault(marker.schema, marker.default())
    return whole


def without_defaults(fields: Fields) -> dict[Any, Any]:
    """The same fields, none of which is filled in."""
    return {
        type(marker)(marker.schema) if type(marker) in (vol.Optional, vol.Required) else marker: validator
        for marker, validator in fields.items()
    }


def collections_of(shared: dict[str, Any]) -> dict[str, Collection]:
    """The home's collections by name. `shared`: `home.shared`."""
    found: dict[str, Collection] = shared.setdefault("collections", {})
    return found
