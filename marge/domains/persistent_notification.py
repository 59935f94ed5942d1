"""Notifications that stay until somebody dismisses them. They are kept across restarts.

Other parts reach them as `home.shared["persistent_notification"]`, a `Notifications`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
import voluptuous as vol

from marge.domains._catalog import fields_of
from marge.domains._validators import string
from marge.entities import Domain
from marge.util.dt import iso
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.persistent_notification")

SHARED = "persistent_notification"
_STORAGE_KEY = "persistent_notification"
MAX_NOTIFICATIONS = 500
"""What comes beyond drops the oldest: an automation that runs wild must not fill the memory."""
_REMEMBERED_IDS = 2_000


class Notification(NamedTuple):
    """One notification. `created_at`: UTC epoch seconds."""

    notification_id: str
    title: str | None
    message: str
    created_at: float

    def as_dict(self) -> dict[str, Any]:
        """As HA's WebSocket commands show it."""
        return {
            "message": self.message,
            "notification_id": self.notification_id,
            "title": self.title,
            "created_at": iso(self.created_at),
        }


Listener = Callable[[str, Mapping[str, Notification]], None]
"""`(kind, notifications by id)`; kind is `added`, `updated` or `removed`. Called on the hub; must not wait."""


class Notifications:
    """The active notifications, in memory and in the key-value store. Changing them waits for the store."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._active: dict[str, Notification] = {}
        self._known: dict[str, None] = {}
        self._listeners: list[Listener] = []
        self._load()

    def _load(self) -> None:
        stored = self._home.storage.load(_STORAGE_KEY)
        items = stored.get("notifications", []) if isinstance(stored, dict) else []
        for item in items:
            try:
                title = item.get("title")
                notification = Notification(
                    str(item["notification_id"]),
                    None if title is None else str(title),
                    str(item["message"]),
                    float(item["created_at"]),
                )
            except (AttributeError, KeyError, TypeError, ValueError) as exc:
                log.warning("a stored notification cannot be read", error=repr(exc))
                continue
            self._active[notification.notification_id] = notification
            self._remember(notification.notification_id)

    def _remember(self, notification_id: str) -> None:
        self._known.pop(notification_id, None)
        self._known[notification_id] = None
        while len(self._known) > _REMEMBERED_IDS:
            del self._known[next(iter(self._known))]

    def _save(self) -> None:
        self._home.storage.save(_STORAGE_KEY, {"notifications": [each._asdict() for each in self._active.values()]})

    def _tell(self, kind: str, changed: Mapping[str, Notification]) -> None:
        for listener in list(self._listeners):
            listener(kind, changed)

    # -- for everybody -----------------------------------------------------------------------------------------------

    def all(self) -> list[Notification]:
        """The active ones, oldest first (an updated one keeps its place)."""
        return list(self._active.values())

    def newest_first(self) -> list[Notification]:
        return sorted(self._active.values(), key=lambda each: each.created_at, reverse=True)

    def existed(self, notification_id: str) -> bool:
        """Whether there is one with this id, or there was one (of the last few thousand)."""
        return notification_id in self._known

    def create(self, message: str, title: str | None = None, notification_id: str | None = None) -> str:
        """Add a notification, or replace the one with this id. Returns its id. Waits for the store."""
        notification_id = notification_id or ulid().lower()
        kind = "updated" if notification_id in self._active else "added"
        made = Notification(notification_id, title, message, self._home.clock.now())
        self._active[notification_id] = made
        self._remember(notification_id)
        while len(self._active) > MAX_NOTIFICATIONS:
            dropped = next(iter(self._active))
            log.warning("too many notifications, the oldest is dropped", notification_id=dropped)
            self._tell("removed", {dropped: self._active.pop(dropped)})
        self._tell(kind, {notification_id: made})
        self._save()
        return notification_id

    def dismiss(self, notification_id: str) -> bool:
        """Remove one. False when it is not active. Waits for the store."""
        gone = self._active.pop(notification_id, None)
        if gone is None:
            return False
        self._tell("removed", {notification_id: gone})
        self._save()
        return True

    def dismiss_all(self) -> None:
        """Remove all. Waits for the store."""
        if not self._active:
            return
        gone, self._active = self._active, {}
        self._tell("removed", gone)
        self._save()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` at each change; returns the function that ends it."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end


_CREATE = {
    vol.Required("message"): string,
    vol.Optional("title"): vol.Any(None, string),
    vol.Optional("notification_id"): string,
}
_NATIVE_CREATE = {
    vol.Optional("message", default=""): string,
    **{key: value for key, value in _CREATE.items() if key != "message"},
}


def _setup(home: Home, _section: Any) -> None:
    notifications = Notifications(home)
    home.shared[SHARED] = notifications

    def create(call: ServiceCall) -> None:
        data = call.data
        notifications.create(data["message"], data.get("title"), data.get("notification_id"))

    def dismiss(call: ServiceCall) -> None:
        notifications.dismiss(call.data["notification_id"])

    def dismiss_all(_call: ServiceCall) -> None:
        notifications.dismiss_all()

    native = home.config.marge.profile == "native"
    for name, handler, schema, description in (
        ("create", create, _NATIVE_CREATE if native else _CREATE, "Shows a notification until somebody dismisses it."),
        ("dismiss", dismiss, {vol.Required("notification_id"): string}, "Removes a notification."),
        ("dismiss_all", dismiss_all, {}, "Removes all notifications."),
    ):
        home.services.register(
            SHARED, name, handler, schema, description=description, fields=fields_of(SHARED, name)
        )


DOMAIN = Domain("persistent_notification", setup=_setup)
