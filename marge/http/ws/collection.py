"""The five commands of a collection: `<prefix>/list`, `create`, `update`, `delete` and `subscribe`.

A module of `commands/` declares them in its `COMMANDS`. Changing a collection is for administrators.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.ws.errors import NOT_FOUND, UNKNOWN_COMMAND, CommandError
from marge.http.ws.registry import Command, Handler, command, command_of
from marge.http.ws.session import Session
from marge.storage.collection import Change, Collection, Fields, collections_of, without_defaults

if TYPE_CHECKING:
    from marge.home import Home

Settle = Callable[["Home", str], None]
_ENVELOPE = ("id", "type")


def collection_commands(
    prefix: str,
    create: Fields | None,
    update: Fields | None = None,
    *,
    name: str | None = None,
    id_name: str | None = None,
    settle: Settle | None = None,
    leave_out: tuple[str, ...] = (),
) -> tuple[Command, ...]:
    """The commands of one collection.

    Args:
        prefix: of the commands' names.
        create, update: voluptuous fields, as the collection has them; `update` None: an update says the whole item
            anew. `create` None: it is not made this way.
        name: of the collection, in `home.shared["collections"]`; the prefix unless given.
        id_name: how messages call the id; `<prefix>_id` unless given.
        settle: `(home, item id)` waits until a change can be seen everywhere; called before the reply.
        leave_out: of `list`, `create`, `update`, `delete`, `subscribe`: those that a module answers itself.
    """
    name = name or prefix
    id_name = id_name or f"{prefix}_id"

    def collection(session: Session) -> Collection:
        found = collections_of(session.home.shared).get(name)
        if found is None:
            raise CommandError(UNKNOWN_COMMAND, "Unknown command.")  # its domain could not be set up
        return found

    def no_such(item_id: str) -> CommandError:
        return CommandError(NOT_FOUND, f"Unable to find {id_name} {item_id}")

    def seen(session: Session, item_id: str) -> None:
        if settle is not None:
            settle(session.home, item_id)

    def list_items(session: Session, message: dict[str, Any]) -> None:
        """All items."""
        items = collection(session)
        session.result(message["id"], [items.shown(item) for item in items.all()])

    def create_item(session: Session, message: dict[str, Any]) -> None:
        """Make an item."""
        items = collection(session)
        item = items.create(_data(message))
        seen(session, item["id"])
        session.result(message["id"], item)

    def update_item(session: Session, message: dict[str, Any]) -> None:
        """Change an item."""
        data, items = _data(message), collection(session)
        item_id = data.pop(id_name)
        try:
            item = items.update(item_id, data)
        except NotFound as exc:
            raise no_such(item_id) from exc
        seen(session, item_id)
        session.result(message["id"], item)

    def delete_item(session: Session, message: dict[str, Any]) -> None:
        """Delete an item."""
        try:
            collection(session).delete(message[id_name])
        except NotFound as exc:
            raise no_such(message[id_name]) from exc
        seen(session, message[id_name])
        session.result(message["id"])

    def subscribe(session: Session, message: dict[str, Any]) -> None:
        """The items now, then each change of them."""
        message_id, items = message["id"], collection(session)

        def told(change: Change) -> None:
            session.event(message_id, [_as_event(change, id_name)])

        session.subscribe(message_id, items.listen(told))
        session.result(message_id)
        session.event(message_id, [_as_event(Change("added", item["id"], item), id_name) for item in items.all()])

    by_id = {vol.Required(id_name): str}
    fields = {} if create is None else without_defaults(create)
    changes = fields if update is None else without_defaults(update)
    declared: dict[str, tuple[Handler, Fields | None, bool]] = {
        "list": (list_items, None, False),
        "create": (create_item, fields, True),
        "update": (update_item, {**changes, **by_id}, True),
        "delete": (delete_item, by_id, True),
        "subscribe": (subscribe, None, False),
    }
    if create is None:
        leave_out = (*leave_out, "create")
    return tuple(
        command_of(command(f"{prefix}/{verb}", wanted, admin=changing, waits=changing)(handler))
        for verb, (handler, wanted, changing) in declared.items()
        if verb not in leave_out
    )


def _data(message: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key not in _ENVELOPE}


def _as_event(change: Change, id_name: str) -> dict[str, Any]:
    return {"change_type": change.kind, id_name: change.item_id, "item": change.item}
