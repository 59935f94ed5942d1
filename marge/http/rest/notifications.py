"""`/api/notifications`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.rest.permissions import check_may_control
from marge.http.routing import route
from marge.http.shapes import Answer, list_of, ref
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.domains.persistent_notification import Notifications

_OK = {"result": "ok"}


def notifications(home: Home) -> Notifications:
    """The home's notifications."""
    found: Notifications = home.shared["persistent_notification"]
    return found


@route("GET", "/api/notifications", replies={200: Answer("Newest first.", list_of(ref("Notification")))})
def list_notifications(home: Home, _request: Request) -> Reply:
    """The active ones, newest first."""
    return json_reply(
        [
            {
                "notification_id": each.notification_id,
                "title": each.title or "",
                "message": each.message,
                "created_at": iso(each.created_at),
                "dismissed": False,
            }
            for each in notifications(home).newest_first()
        ]
    )


@route("POST", "/api/notifications/dismiss_all", replies={200: Answer("Done.", ref("Ok"))})
def dismiss_all(home: Home, request: Request) -> Reply:
    """Dismiss all."""
    check_may_control(request.user)
    notifications(home).dismiss_all()
    return json_reply(_OK)


@route("POST", "/api/notifications/<notification_id>/dismiss", replies={200: Answer("Done.", ref("Ok"))})
def dismiss(home: Home, request: Request) -> Reply:
    """Dismiss one: 404 when it never existed."""
    check_may_control(request.user)
    notification_id = request.args["notification_id"]
    if not notifications(home).existed(notification_id):
        return message_reply("Notification not found.", 404)
    notifications(home).dismiss(notification_id)
    return json_reply(_OK)
