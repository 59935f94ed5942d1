"""`GET /api/integrations`: which families of devices Marge knows, and how they are."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations._family import families
from marge.http.routing import route
from marge.http.shapes import INTEGER, STRING, Answer, list_of, obj

_LIST = list_of(obj(id=STRING, name=STRING, status=STRING, device_count=INTEGER))


@route("GET", "/api/integrations", replies={200: Answer("In a fixed order.", _LIST)})
def integrations(home: Home, _request: Request) -> Reply:
    """All of them with their status and how many devices they have."""
    return json_reply([{"id": each.id, "name": each.name, **each.summary(home)._asdict()} for each in families()])
