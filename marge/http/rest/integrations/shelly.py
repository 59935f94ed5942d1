"""`/api/integrations/shelly`: the Shellys that are known, and adding one by its address."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.rest._assign import texts
from marge.http.rest.integrations._family import DEVICES, Family, activity, listed
from marge.http.rest.integrations._lan import FOUND, count, devices, discovered
from marge.http.routing import route
from marge.http.shapes import Answer, Body

DOMAIN = "shelly"
FAMILY = Family(DOMAIN, "Shelly", 5, lambda home: activity(count(home, DOMAIN)))

_WHERE = texts(("ip",), ("username", "password"))


@route("GET", "/api/integrations/shelly", replies={200: Answer("The devices.", DEVICES)})
def shelly(home: Home, _request: Request) -> Reply:
    """The devices that are known, and whether each answers (`online`)."""
    return listed(devices(home, DOMAIN))


@route("POST", "/api/integrations/shelly/discover", access="admin", body=Body(_WHERE), replies=FOUND)
def discover(home: Home, request: Request) -> Reply:
    """Look for a Shelly at an address; it is kept when there is one. `password`: where it wants one."""
    return discovered(home, request, DOMAIN, _WHERE)
