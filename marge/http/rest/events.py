"""`/api/events`: who listens to what, and firing events."""

from __future__ import annotations

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import INTEGER, STRING, Answer, Body, list_of, obj, ref
from marge.model import MAX_DEPTH, Context, Event, is_too_deep
from marge.model.event import REMOTE

ALWAYS_LISTED = (
    "state_changed", "call_service", "automation_triggered", "scene_activated", "homeassistant_start",
    "homeassistant_stop",
)
"""Listed even if nobody listens."""
MAX_TYPE_LENGTH = 64


INTERNAL = frozenset({"state_changed", "state_reported"})
"""Types whose data the home's own listeners rely on: only entities publish them."""
_DATA = vol.Schema(vol.Any(dict, None, msg="Event data should be a JSON object"))


def publish_from_client(home: Home, event: Event) -> None:
    """Publish what a client fired; a made-up event of an internal type reaches other clients only.

    Raises:
        InvalidRequest: the data is nested too deeply to be sent on.
    """
    if is_too_deep(event.data):
        raise InvalidRequest(f"Event data may be nested at most {MAX_DEPTH} levels deep.")
    if event.event_type in INTERNAL:
        home.bus.publish_foreign(event)
    else:
        home.bus.publish(event)


@route(
    "GET", "/api/events",
    replies={200: Answer("Types and listeners.", list_of(obj(event=STRING, listener_count=INTEGER)))},
)  # fmt: skip
def list_events(home: Home, _request: Request) -> Reply:
    """Event types with their numbers of listeners."""
    counts = dict.fromkeys(ALWAYS_LISTED, 0) | home.bus.listener_counts()
    return json_reply([{"event": kind, "listener_count": count} for kind, count in counts.items()])


@route(
    "POST", "/api/events/<event_type>", hot=True, access="admin",
    body=Body(_DATA, required=False),
    replies={200: Answer("It was fired.", ref("Message"))},
)  # fmt: skip
def fire_event(home: Home, request: Request) -> Reply:
    """Fire an event with the body as its data."""
    event_type = request.args["event_type"]
    if len(event_type) > MAX_TYPE_LENGTH:
        raise InvalidRequest(f"Event types have at most {MAX_TYPE_LENGTH} characters.")
    data = request.json("Event data should be valid JSON.") if request.body else {}
    try:
        _DATA(data)
    except vol.Invalid as exc:
        raise InvalidRequest(exc.msg) from exc
    context = Context(user_id=None if request.user is None else request.user.id)
    publish_from_client(home, Event(event_type, data or {}, context, home.clock.now(), REMOTE))
    return message_reply(f"Event {event_type} fired.")
