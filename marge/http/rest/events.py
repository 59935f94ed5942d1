"""`/api/events`: who listens to what, and firing events."""

from __future__ import annotations

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.model import Context, Event
from marge.model.event import REMOTE

ALWAYS_LISTED = (
    "state_changed", "call_service", "automation_triggered", "scene_activated", "homeassistant_start",
    "homeassistant_stop",
)
"""Listed even if nobody listens."""
MAX_TYPE_LENGTH = 64


@route("GET", "/api/events")
def list_events(home: Home, _request: Request) -> Reply:
    """Event types with their numbers of listeners."""
    counts = dict.fromkeys(ALWAYS_LISTED, 0) | home.bus.listener_counts()
    return json_reply([{"event": kind, "listener_count": count} for kind, count in counts.items()])


@route("POST", "/api/events/<event_type>", hot=True, access="admin")
def fire_event(home: Home, request: Request) -> Reply:
    """Fire an event with the body as its data."""
    event_type = request.args["event_type"]
    if len(event_type) > MAX_TYPE_LENGTH:
        raise InvalidRequest(f"Event types have at most {MAX_TYPE_LENGTH} characters.")
    data = request.json("Event data should be valid JSON.") if request.body else {}
    if data is not None and not isinstance(data, dict):
        raise InvalidRequest("Event data should be a JSON object")
    context = Context(user_id=None if request.user is None else request.user.id)
    home.bus.publish(Event(event_type, data or {}, context, home.clock.now(), REMOTE))
    return message_reply(f"Event {event_type} fired.")
