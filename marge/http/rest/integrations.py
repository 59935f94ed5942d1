"""`/api/integrations`: which families of devices Marge knows, how they are, and what can be asked of them."""

from __future__ import annotations

from typing import Any

import pykka
import voluptuous as vol

from marge.bridges.mqtt import PATH as MQTT
from marge.bridges.mqtt.messages import Publish
from marge.bridges.mqtt_devices import SHARED
from marge.bridges.mqtt_devices.books import Books
from marge.bridges.mqtt_devices.zigbee2mqtt import BASE
from marge.errors import MargeError
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields, texts
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, STRING, Answer, Body, list_of, maybe, obj
from marge.model import dumps

PERMIT_JOIN_S = 120
MAX_PERMIT_JOIN_S = 254
"""The Zigbee protocol counts these seconds in one byte; 255 would mean for ever."""
_NO_DEVICES: dict[str, Any] = {"device_count": 0, "devices": []}

_SECONDS = vol.Any(
    None, vol.All(vol.Any(int, float), vol.Range(0, 86_400, min_included=False)),
    msg="duration must be a number of seconds.",
)  # fmt: skip
_JOIN = vol.Schema(
    {
        vol.Required("enable", msg="enable must be true or false."): vol.All(bool, msg="enable must be true or false."),
        vol.Optional("duration"): _SECONDS,
    },
    extra=vol.REMOVE_EXTRA,
)
_ADDRESS = texts(("ip",))
_PAIRED = texts(("ip", "username"))

_LIST = list_of(obj(id=STRING, name=STRING, status=STRING, device_count=INTEGER))
_DEVICES = obj(device_count=INTEGER, devices=list_of(OBJECT))
_RESULT = obj(result=STRING, message_=STRING)
_DONE = {200: Answer("What came of it.", _RESULT)}


def _books(home: Home) -> Books | None:
    found = home.shared.get(SHARED)
    return found if isinstance(found, Books) else None


@route("GET", "/api/integrations", replies={200: Answer("In a fixed order.", _LIST)})
def integrations(home: Home, _request: Request) -> Reply:
    """All of them with their status and how many devices they have."""
    books = _books(home)
    counts = {"zigbee2mqtt": 0, "zwave": 0, "tasmota": 0, "esphome": 0}
    zigbee, zwave = "offline", "disconnected"
    if books is not None:
        counts = {
            "zigbee2mqtt": len(books.zigbee2mqtt.devices), "zwave": len(books.zwave.nodes),
            "tasmota": len(books.tasmota.devices), "esphome": len(books.esphome.devices),
        }  # fmt: skip
        zigbee = "online" if books.zigbee2mqtt.state == "online" else "offline"
        zwave = "connected" if books.zwave.connected else "disconnected"
    rows = [
        ("zigbee2mqtt", "Zigbee2MQTT", zigbee, counts["zigbee2mqtt"]),
        ("zwave", "Z-Wave JS UI", zwave, counts["zwave"]),
        ("tasmota", "Tasmota", _activity(counts["tasmota"]), counts["tasmota"]),
        ("esphome", "ESPHome", _activity(counts["esphome"]), counts["esphome"]),
        *((each, name, "inactive", 0) for each, name in _WITHOUT_DRIVER),
    ]
    return json_reply(
        [{"id": each, "name": name, "status": status, "device_count": count} for each, name, status, count in rows]
    )


_WITHOUT_DRIVER = (
    ("shelly", "Shelly"), ("hue", "Philips Hue"), ("cast", "Google Cast"), ("sonos", "Sonos"), ("matter", "Matter"),
)  # fmt: skip
"""Families that Marge does not talk to itself: their devices come over MQTT, if at all."""


def _activity(count: int) -> str:
    return "active" if count else "inactive"


def _listed(devices: list[dict[str, Any]]) -> Reply:
    return json_reply({"device_count": len(devices), "devices": devices})


_ZIGBEE = obj(bridge_state=STRING, permit_join=BOOLEAN, device_count=INTEGER, devices=list_of(OBJECT))


@route("GET", "/api/integrations/zigbee2mqtt", replies={200: Answer("The bridge and its devices.", _ZIGBEE)})
def zigbee2mqtt(home: Home, _request: Request) -> Reply:
    """The bridge's state ("unknown" until it says something), its devices, whether more may join."""
    books = _books(home)
    if books is None:
        return json_reply({"bridge_state": "unknown", "permit_join": False, **_NO_DEVICES})
    book = books.zigbee2mqtt
    return json_reply(
        {
            "bridge_state": book.state,
            "permit_join": book.permit_join,
            "device_count": len(book.devices),
            "devices": book.devices,
        }
    )


_ZWAVE = obj(connected=BOOLEAN, node_count=INTEGER, nodes=list_of(OBJECT))


@route("GET", "/api/integrations/zwave", replies={200: Answer("The gateway and its nodes.", _ZWAVE)})
def zwave(home: Home, _request: Request) -> Reply:
    """Whether the gateway is connected, and its nodes."""
    books = _books(home)
    nodes = [] if books is None else books.zwave.nodes
    connected = books is not None and books.zwave.connected
    return json_reply({"connected": connected, "node_count": len(nodes), "nodes": nodes})


@route("GET", "/api/integrations/tasmota", replies={200: Answer("The devices.", _DEVICES)})
def tasmota(home: Home, _request: Request) -> Reply:
    """The devices that were heard of."""
    books = _books(home)
    return _listed([] if books is None else books.tasmota.devices)


@route("GET", "/api/integrations/esphome", replies={200: Answer("The devices.", _DEVICES)})
def esphome(home: Home, _request: Request) -> Reply:
    """The devices that were heard of."""
    books = _books(home)
    return _listed([] if books is None else books.esphome.devices)


@route("GET", "/api/integrations/shelly", replies={200: Answer("No devices.", _DEVICES)})
@route("GET", "/api/integrations/cast", replies={200: Answer("No devices.", _DEVICES)})
@route("GET", "/api/integrations/cast/status", replies={200: Answer("No devices.", _DEVICES)})
@route("GET", "/api/integrations/sonos", replies={200: Answer("No devices.", _DEVICES)})
@route("GET", "/api/integrations/sonos/status", replies={200: Answer("No devices.", _DEVICES)})
def without_devices(_home: Home, _request: Request) -> Reply:
    """Families that Marge does not talk to: no devices."""
    return json_reply(_NO_DEVICES)


_HUE = {200: Answer("No bridges.", obj(bridge_count=INTEGER, device_count=INTEGER, bridges=list_of(OBJECT)))}


@route("GET", "/api/integrations/hue", replies=_HUE)
@route("GET", "/api/integrations/hue/status", replies=_HUE)
def hue(_home: Home, _request: Request) -> Reply:
    """No bridges."""
    return json_reply({"bridge_count": 0, "device_count": 0, "bridges": []})


_MATTER = {
    200: Answer(
        "No server.",
        obj(status=STRING, device_count=INTEGER, devices=list_of(OBJECT), server_version=maybe(STRING)),
    )
}


@route("GET", "/api/integrations/matter", replies=_MATTER)
@route("GET", "/api/integrations/matter/status", replies=_MATTER)
def matter(_home: Home, _request: Request) -> Reply:
    """No server."""
    return json_reply({"status": "not_configured", "server_version": None, **_NO_DEVICES})


@route(
    "POST", "/api/integrations/zigbee2mqtt/permit_join", access="admin", body=Body(_JOIN),
    replies={200: Answer("Asked, or why not.", obj(result=STRING, permit_join_=BOOLEAN, message_=STRING))},
)  # fmt: skip
def permit_join(home: Home, request: Request) -> Reply:
    """Ask zigbee2mqtt to let devices join for `duration` seconds (`enable`), or not any more."""
    sent = fields(request, _JOIN)
    enable = sent["enable"]
    duration = sent.get("duration") or PERMIT_JOIN_S
    seconds = min(int(duration) or 1, MAX_PERMIT_JOIN_S)
    wish = dumps({"value": enable, "time": seconds if enable else 0})
    try:
        home.system.ask(MQTT, Publish(f"{BASE}/request/permit_join", wish, must=True))
    except (MargeError, pykka.ActorDeadError, pykka.Timeout) as exc:
        return _error(f"The message could not be sent: {exc}")
    books = _books(home)
    if books is not None:
        books.zigbee2mqtt.asked_to_join(enable, seconds)
    return json_reply({"result": "ok", "permit_join": enable})


@route("POST", "/api/integrations/shelly/discover", access="admin", body=Body(_ADDRESS), replies=_DONE)
@route("POST", "/api/integrations/cast/discover", access="admin", body=Body(_ADDRESS), replies=_DONE)
@route("POST", "/api/integrations/sonos/discover", access="admin", body=Body(_ADDRESS), replies=_DONE)
@route("POST", "/api/integrations/hue/pair", access="admin", body=Body(_ADDRESS), replies=_DONE)
def discover(_home: Home, request: Request) -> Reply:
    """Look for a device at an address: not supported yet, and the reply says so."""
    fields(request, _ADDRESS)
    return _error(_NOT_YET)


@route("POST", "/api/integrations/hue/add", access="admin", body=Body(_PAIRED), replies=_DONE)
def add_hue(_home: Home, request: Request) -> Reply:
    """Add a paired bridge: not supported yet, and the reply says so."""
    fields(request, _PAIRED)
    return _error(_NOT_YET)


_NOT_YET = "Marge does not talk to devices of this kind yet; nothing was tried."


def _error(text: str) -> Reply:
    return json_reply({"result": "error", "message": text})
