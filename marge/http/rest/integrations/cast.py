"""`/api/integrations/cast`: Google Cast devices, and adding one by its address."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest.integrations._family import ADDRESS, DEVICES, Family, activity, listed
from marge.http.rest.integrations._lan import FOUND, count, devices, discovered
from marge.http.routing import route
from marge.http.shapes import Answer, Body

DOMAIN = "cast"
FAMILY = Family(DOMAIN, "Google Cast", 7, lambda home: activity(count(home, DOMAIN)))


@route("GET", "/api/integrations/cast", replies={200: Answer("The devices.", DEVICES)})
@route("GET", "/api/integrations/cast/status", replies={200: Answer("The devices.", DEVICES)})
def cast(home: Home, _request: Request) -> Reply:
    """The devices that are known, and whether each answers (`online`)."""
    return listed(devices(home, DOMAIN))


@route("POST", "/api/integrations/cast/discover", access="admin", body=Body(ADDRESS), replies=FOUND)
def discover(home: Home, request: Request) -> Reply:
    """Look for a Google Cast device at an address; it is kept when there is one."""
    return discovered(home, request, DOMAIN)
