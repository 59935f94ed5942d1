"""`/api/integrations/zwave`: the gateway zwave-js-ui and its nodes."""

from __future__ import annotations

from typing import Any

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations._books import books_of
from marge.http.rest.integrations._family import Family, Summary
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, Answer, list_of, obj

_ZWAVE = obj(connected=BOOLEAN, node_count=INTEGER, nodes=list_of(OBJECT))


def _summary(home: Home) -> Summary:
    books = books_of(home)
    connected = books is not None and books.zwave.connected
    return Summary("connected" if connected else "disconnected", 0 if books is None else len(books.zwave.nodes))


FAMILY = Family("zwave", "Z-Wave JS UI", 2, _summary)


@route("GET", "/api/integrations/zwave", replies={200: Answer("The gateway and its nodes.", _ZWAVE)})
def zwave(home: Home, _request: Request) -> Reply:
    """Whether the gateway is connected, and its nodes."""
    books = books_of(home)
    nodes: list[dict[str, Any]] = [] if books is None else books.zwave.nodes
    connected = books is not None and books.zwave.connected
    return json_reply({"connected": connected, "node_count": len(nodes), "nodes": nodes})
