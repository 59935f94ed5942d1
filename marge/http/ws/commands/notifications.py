"""Commands about notifications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.http.rest.notifications import notifications
from marge.http.rest.permissions import check_may_control
from marge.http.ws import errors
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.domains.persistent_notification import Notification


@command("persistent_notification/get")
def get(session: Session, message: dict[str, Any]) -> None:
    """The active ones."""
    session.result(message["id"], [each.as_dict() for each in notifications(session.home).all()])


@command("persistent_notification/subscribe")
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """The active ones, then each that is added or removed; one that replaces another is an added one, as in HA."""
    message_id, found = message["id"], notifications(session.home)

    def tell(kind: str, changed: Mapping[str, Notification]) -> None:
        shown = {notification_id: each.as_dict() for notification_id, each in changed.items()}
        session.event(message_id, {"type": "added" if kind == "updated" else kind, "notifications": shown})

    session.subscribe(message_id, found.listen(tell))
    session.result(message_id)
    tell("current", {each.notification_id: each for each in found.all()})


@command("get_notifications")
def get_native(session: Session, message: dict[str, Any]) -> None:
    """As `GET /api/notifications`."""
    shown = [
        {
            "notification_id": each.notification_id,
            "title": each.title or "",
            "message": each.message,
            "created_at": iso(each.created_at),
            "dismissed": False,
        }
        for each in notifications(session.home).newest_first()
    ]
    session.result(message["id"], shown)


@command("persistent_notification/dismiss", {vol.Required("notification_id"): str}, waits=True)
def dismiss(session: Session, message: dict[str, Any]) -> None:
    """Dismiss one."""
    check_may_control(session.user)
    found = notifications(session.home)
    if not found.existed(message["notification_id"]):
        session.error(message["id"], errors.NOT_FOUND, "Notification not found.")
        return
    found.dismiss(message["notification_id"])
    session.result(message["id"])
