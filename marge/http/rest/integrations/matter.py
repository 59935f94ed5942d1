"""`/api/integrations/matter`: the Matter server and the nodes of its network."""

from __future__ import annotations

from typing import cast

from marge.bridges.matter.device import MatterFamily, MatterServer
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations._family import Family, Summary
from marge.http.rest.integrations._lan import family_of
from marge.http.routing import route
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, list_of, maybe, obj
from marge.integrations.matter import DOMAIN, url_of

_LISTED = {"connected": "active", "connecting": "connecting", "disconnected": "disconnected"}
"""The list has words of its own; a server that was never there is `inactive`."""


def _server(home: Home) -> MatterServer | None:
    return cast("MatterFamily", family_of(home, DOMAIN)).server()


def _status(home: Home, server: MatterServer | None) -> str:
    if server is not None:
        return server.server_status
    entries = home.registries.config_entries.for_domain(DOMAIN)
    is_configured = home.config.marge.matter_url or any(url_of(home, entry) for entry in entries)
    return "not_running" if is_configured else "not_configured"


def _summary(home: Home) -> Summary:
    server = _server(home)
    count = 0 if server is None else len(server.listed())
    return Summary(_LISTED.get(_status(home, server), "inactive"), count)


FAMILY = Family(DOMAIN, "Matter", 9, _summary)

_MATTER = {
    200: Answer(
        "The server and its nodes.",
        obj(status=STRING, device_count=INTEGER, devices=list_of(OBJECT), server_version=maybe(STRING)),
    )
}


@route("GET", "/api/integrations/matter", replies=_MATTER)
@route("GET", "/api/integrations/matter/status", replies=_MATTER)
def matter(home: Home, _request: Request) -> Reply:
    """How the connection to the Matter server is, its version, and its nodes."""
    server = _server(home)
    devices = [] if server is None else server.listed()
    version = None if server is None or server.server_status != "connected" else server.server_version
    return json_reply(
        {
            "status": _status(home, server), "server_version": version,
            "device_count": len(devices), "devices": devices,
        }
    )  # fmt: skip
