"""`/api/integrations/sonos`: Sonos speakers, and adding one by its address."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest.integrations._family import ADDRESS, DEVICES, Family, activity, listed
from marge.http.rest.integrations._lan import FOUND, count, devices, discovered
from marge.http.routing import route
from marge.http.shapes import Answer, Body

DOMAIN = "sonos"
FAMILY = Family(DOMAIN, "Sonos", 8, lambda home: activity(count(home, DOMAIN)))


@route("GET", "/api/integrations/sonos", replies={200: Answer("The devices.", DEVICES)})
@route("GET", "/api/integrations/sonos/status", replies={200: Answer("The devices.", DEVICES)})
def sonos(home: Home, _request: Request) -> Reply:
    """The devices that are known, and whether each answers (`online`)."""
    return listed(devices(home, DOMAIN))


@route("POST", "/api/integrations/sonos/discover", access="admin", body=Body(ADDRESS), replies=FOUND)
def discover(home: Home, request: Request) -> Reply:
    """Look for a Sonos speaker at an address; it is kept when there is one."""
    return discovered(home, request, DOMAIN)
