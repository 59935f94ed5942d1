"""`/api/integrations/hue`: a family that Marge does not talk to itself; its devices come over MQTT, if at all."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields, texts
from marge.http.rest.integrations._family import ADDRESS, DONE, Family, activity, failed
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, Answer, Body, list_of, obj

FAMILY = Family("hue", "Philips Hue", 6, lambda _home: activity(0))

_PAIRED = texts(("ip", "username"))
_HUE = {200: Answer("No bridges.", obj(bridge_count=INTEGER, device_count=INTEGER, bridges=list_of(OBJECT)))}
_NOT_YET = "Marge does not talk to devices of this kind yet; nothing was tried."


@route("GET", "/api/integrations/hue", replies=_HUE)
@route("GET", "/api/integrations/hue/status", replies=_HUE)
def hue(_home: Home, _request: Request) -> Reply:
    """No bridges."""
    return json_reply({"bridge_count": 0, "device_count": 0, "bridges": []})


@route("POST", "/api/integrations/hue/pair", access="admin", body=Body(ADDRESS), replies=DONE)
def pair(_home: Home, request: Request) -> Reply:
    """Pair with a bridge whose button was pressed: not supported yet, and the reply says so."""
    fields(request, ADDRESS)
    return failed(_NOT_YET)


@route("POST", "/api/integrations/hue/add", access="admin", body=Body(_PAIRED), replies=DONE)
def add(_home: Home, request: Request) -> Reply:
    """Add a paired bridge: not supported yet, and the reply says so."""
    fields(request, _PAIRED)
    return failed(_NOT_YET)
