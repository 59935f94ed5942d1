"""`/api/integrations/shelly`: a family that Marge does not talk to itself; its devices come over MQTT, if at all."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest._assign import fields
from marge.http.rest.integrations._family import ADDRESS, DEVICES, DONE, Family, activity, failed, listed
from marge.http.routing import route
from marge.http.shapes import Answer, Body

FAMILY = Family("shelly", "Shelly", 5, lambda _home: activity(0))


@route("GET", "/api/integrations/shelly", replies={200: Answer("No devices.", DEVICES)})
def shelly(_home: Home, _request: Request) -> Reply:
    """No devices."""
    return listed([])


@route("POST", "/api/integrations/shelly/discover", access="admin", body=Body(ADDRESS), replies=DONE)
def discover(_home: Home, request: Request) -> Reply:
    """Look for a device at an address: not supported yet, and the reply says so."""
    fields(request, ADDRESS)
    return failed("Marge does not talk to devices of this kind yet; nothing was tried.")
