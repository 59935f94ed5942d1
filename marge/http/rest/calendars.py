"""`/api/calendars`: which there are, and their events. Changing events is WebSocket."""

from __future__ import annotations

import datetime as dt

from marge.domains.calendar import CalendarEntity
from marge.errors import HomeError
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer, Query, list_of, obj, ref
from marge.util.dt import parse_local


@route("GET", "/api/calendars", replies={200: Answer("By name.", list_of(obj(name=STRING, entity_id=STRING)))})
def list_calendars(home: Home, _request: Request) -> Reply:
    """Name and entity id of each, by name."""
    found = [
        {"name": state.name, "entity_id": state.entity_id}
        for state in home.states.domain("calendar")
        if isinstance(home.entities.owned.get(state.entity_id), CalendarEntity)
    ]
    return json_reply(sorted(found, key=lambda each: each["name"]))


@route(
    "GET", "/api/calendars/<entity_id>",
    query={
        "start": Query("Beginning, ISO 8601.", STRING, required=True),
        "end": Query("End, ISO 8601.", STRING, required=True),
    },
    replies={
        200: Answer("The events.", list_of(ref("CalendarEvent"))),
        400: Answer("No such calendar, or no such times.", content_type=None),
    },
)  # fmt: skip
def events(home: Home, request: Request) -> Reply:
    """The events between `start` and `end`; 400 without a body when that cannot be answered."""
    calendar = home.entities.owned.get(request.args["entity_id"])
    zone = home.config.time_zone
    start, end = (parse_local(request.query.get(key, ""), zone) for key in ("start", "end"))
    if not isinstance(calendar, CalendarEntity) or start is None or end is None or start > end:
        return Reply(400)
    try:
        found = calendar.events_between(_utc(start), _utc(end))
    except HomeError as exc:
        return message_reply(f"Error reading events: {exc}", 500)
    return json_reply([each.as_dict(zone) for each in found])


def _utc(time: dt.datetime) -> dt.datetime:
    return time.astimezone(dt.UTC)
