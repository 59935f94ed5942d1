"""`/api/integrations/hue`: the Hue bridges that are known, pairing with one by its button, adding a paired one."""

from __future__ import annotations

from typing import Any

from marge.bridges.hue.wire import OnlyPaired
from marge.errors import BridgeError, InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields, texts
from marge.http.rest.integrations._family import ADDRESS, Family, Summary, failed
from marge.http.rest.integrations._lan import devices, family_of
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, Body, list_of, obj

DOMAIN = "hue"


def _bridges(home: Home) -> list[dict[str, Any]]:
    return devices(home, DOMAIN)


def _summary(home: Home) -> Summary:
    found = _bridges(home)
    return Summary("active" if found else "inactive", _count(found))


def _count(bridges: list[dict[str, Any]]) -> int:
    return sum(int(each.get("device_count", 0)) for each in bridges)


FAMILY = Family(DOMAIN, "Philips Hue", 6, _summary)

_PAIRED = texts(("ip", "username"))
_HUE = {200: Answer("The bridges.", obj(bridge_count=INTEGER, device_count=INTEGER, bridges=list_of(OBJECT)))}
_ADDED = {
    200: Answer(
        "What came of it: the bridge, or why there is none.",
        obj(result=STRING, message_=STRING, username_=STRING, bridge_=OBJECT),
    )
}


@route("GET", "/api/integrations/hue", replies=_HUE)
@route("GET", "/api/integrations/hue/status", replies=_HUE)
def hue(home: Home, _request: Request) -> Reply:
    """The bridges that are known, and how many lights and sensors they have."""
    found = _bridges(home)
    return json_reply({"bridge_count": len(found), "device_count": _count(found), "bridges": found})


@route("POST", "/api/integrations/hue/pair", access="admin", body=Body(ADDRESS), replies=_ADDED)
def pair(home: Home, request: Request) -> Reply:
    """Pair with a bridge whose button was pressed within the last half minute, and keep it."""
    return _add(home, fields(request, ADDRESS)["ip"], {"pair": "yes"})


@route("POST", "/api/integrations/hue/add", access="admin", body=Body(_PAIRED), replies=_ADDED)
def add(home: Home, request: Request) -> Reply:
    """Keep a bridge that knows us already, by the user name that it gave us."""
    wanted = fields(request, _PAIRED)
    return _add(home, wanted["ip"], {"api_key": wanted["username"]})


def _add(home: Home, host: str, secrets: dict[str, str]) -> Reply:
    family = family_of(home, DOMAIN)
    try:
        found = family.probe(host, secrets)
    except OnlyPaired as exc:
        return json_reply({"result": "partial", "message": str(exc), "username": exc.key})
    except (BridgeError, InvalidRequest) as exc:
        return failed(str(exc))
    # Whoever paired is told the key: this once, as the native API has it.
    told = {"username": found.data["api_key"]} if "pair" in secrets else {}
    try:
        family.add(found)
    except (BridgeError, InvalidRequest) as exc:
        if not told:
            return failed(str(exc))
        return json_reply({"result": "partial", "message": str(exc), **told})
    return json_reply({"result": "ok", **told, "bridge": dict(found.shown)})
