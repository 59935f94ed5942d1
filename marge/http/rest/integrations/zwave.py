"""`/api/integrations/zwave`: Z-Wave JS UI, its nodes, and everything one can ask of the network."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zwave.actions import NODE_ID, Action, ZWaveHub, hub_of, perform
from marge.bridges.mqtt_devices.zwave.table import ACTIONS
from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._books import books_of, needed
from marge.http.rest.integrations._family import Family, Summary, asked
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, STRING, Answer, list_of, obj

_ZWAVE = obj(connected=BOOLEAN, node_count=INTEGER, nodes=list_of(OBJECT))
_DONE = {200: Answer("What came of it.", obj(result=STRING, answer_=OBJECT, message_=STRING))}
_ACTIONS = {action.name: action for action in ACTIONS}


def _summary(home: Home) -> Summary:
    books = books_of(home)
    connected = books is not None and books.zwave.connected
    return Summary("connected" if connected else "disconnected", 0 if books is None else books.zwave.node_count)


FAMILY = Family("zwave", "Z-Wave JS UI", 2, _summary)


def _hub(home: Home) -> ZWaveHub:
    return needed(hub_of(home))


@route("GET", "/api/integrations/zwave", replies={200: Answer("The gateway and its nodes.", _ZWAVE)})
def zwave(home: Home, _request: Request) -> Reply:
    """Whether the gateway is connected, and its nodes."""
    books = books_of(home)
    nodes: list[dict[str, Any]] = [] if books is None else books.zwave.nodes()
    connected = books is not None and books.zwave.connected
    return json_reply({"connected": connected, "node_count": len(nodes), "nodes": nodes})


@route("GET", "/api/integrations/zwave/gateways", replies={200: Answer("All of them.", list_of(OBJECT))})
def gateways(home: Home, _request: Request) -> Reply:
    """Each Z-Wave JS UI: its name, version, network, and whether it adds or removes devices now."""
    return json_reply(
        [
            {
                "prefix": each.prefix, "name": each.name, "version": each.version, "home_id": each.home_id,
                "connected": each.connected, "mode": each.mode, "node_count": len(each.nodes), "info": each.info,
            }
            for each in _hub(home).book.gateways.values()
        ]
    )  # fmt: skip


@route(
    "GET", "/api/integrations/zwave/nodes/<node_id>", query={"gateway": "Its name or prefix, where there are several."},
    replies={200: Answer("The node.", OBJECT)},
)  # fmt: skip
def node(home: Home, request: Request) -> Reply:
    """One node with its values, when it was heard last, and what zwave-js-ui says of it."""
    found, each = _hub(home).node(_node_id(request), request.query.get("gateway"))
    return json_reply({**each.as_dict(), "gateway": found.name})


@route("POST", "/api/integrations/zwave/<action>", access="admin", replies=_DONE)
def network_action(home: Home, request: Request) -> Reply:
    """Ask the network for something: `start_inclusion`, `stop_inclusion`, `rebuild_routes`, …"""
    return _act(home, request, for_node=False)


@route("POST", "/api/integrations/zwave/nodes/<node_id>/<action>", access="admin", replies=_DONE)
def node_action(home: Home, request: Request) -> Reply:
    """Ask something of one node: `ping`, `refresh_info`, `set_value`, `remove_failed_node`, …"""
    return _act(home, request, for_node=True)


def _act(home: Home, request: Request, *, for_node: bool) -> Reply:
    action: Action | None = _ACTIONS.get(request.args["action"])
    if action is None or action.for_node != for_node:
        known = sorted(each.name for each in ACTIONS if each.for_node == for_node)
        raise NotFound(f"There is no such action; there are {', '.join(known)}")
    schema = vol.Schema({**action.schema, vol.Optional("gateway"): vol.All(str, vol.Length(max=200))})
    sent = fields(request, schema)
    if for_node:
        sent["node_id"] = _node_id(request)
    gateway = sent.pop("gateway", None)
    hub = _hub(home)
    return asked(lambda: {"answer": perform(hub, action, sent, gateway)})


def _node_id(request: Request) -> int:
    text = request.args["node_id"]
    try:
        found: int = NODE_ID(int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text)
    except vol.Invalid as exc:
        raise InvalidRequest(str(exc)) from exc
    return found
