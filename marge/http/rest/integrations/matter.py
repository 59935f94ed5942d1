"""`/api/integrations/matter`: a family that Marge does not talk to itself; its devices come over MQTT, if at all."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations._family import Family, activity
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, list_of, maybe, obj

FAMILY = Family("matter", "Matter", 9, lambda _home: activity(0))

_MATTER = {
    200: Answer(
        "No server.",
        obj(status=STRING, device_count=INTEGER, devices=list_of(OBJECT), server_version=maybe(STRING)),
    )
}


@route("GET", "/api/integrations/matter", replies=_MATTER)
@route("GET", "/api/integrations/matter/status", replies=_MATTER)
def matter(_home: Home, _request: Request) -> Reply:
    """No server."""
    return json_reply({"status": "not_configured", "server_version": None, "device_count": 0, "devices": []})
