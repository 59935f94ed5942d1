"""`/api/integrations/tasmota`: the Tasmota devices that were heard of over MQTT, and commands to them."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.tasmota.hub import BACKLOG_SCHEMA, COMMAND_SCHEMA, TasmotaHub, hub_of
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._books import books_of, needed
from marge.http.rest.integrations._family import DEVICES, DONE, Family, activity, asked, listed
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer, Body, obj

_DEVICE: dict[Any, Any] = {vol.Required("device", msg="device must be a text."): vol.All(str, vol.Length(1, 200))}
_COMMAND = vol.Schema({**_DEVICE, **COMMAND_SCHEMA}, extra=vol.REMOVE_EXTRA)
_BACKLOG = vol.Schema({**_DEVICE, **BACKLOG_SCHEMA}, extra=vol.REMOVE_EXTRA)


def _devices(home: Home) -> list[dict[str, Any]]:
    books = books_of(home)
    return [] if books is None else books.tasmota.devices


FAMILY = Family("tasmota", "Tasmota", 3, lambda home: activity(len(_devices(home))))


def _hub(home: Home) -> TasmotaHub:
    return needed(hub_of(home))


@route("GET", "/api/integrations/tasmota", replies={200: Answer("The devices.", DEVICES)})
def tasmota(home: Home, _request: Request) -> Reply:
    """The devices that were heard of."""
    return listed(_devices(home))


@route("GET", "/api/integrations/tasmota/<device>", replies={200: Answer("The device.", OBJECT)})
def device(home: Home, request: Request) -> Reply:
    """One device, by its topic, its address or the id of its entry: what it says of itself."""
    hub = _hub(home)
    address = hub.find(request.args["device"])
    announced = next((each for each in hub.announced.values() if each.key == address.key), None)
    told = hub.book.find(address.key) or {}
    about = None
    if announced is not None:
        about = {
            "mac": announced.mac, "name": announced.name, "model": announced.model, "version": announced.version,
            "command_topic": announced.command, "relays": list(announced.relays), "light": announced.light,
            "switches": list(announced.switches), "sensors": dict(announced.sensors),
        }  # fmt: skip
    return json_reply({**told, "announced": about})


@route(
    "POST", "/api/integrations/tasmota/command", access="admin", body=Body(_COMMAND),
    replies={200: Answer("What the device answered, or why not.", obj(result=OBJECT, answer_=OBJECT))},
)  # fmt: skip
def command(home: Home, request: Request) -> Reply:
    """Send one command and wait for the answer."""
    sent = fields(request, _COMMAND)
    hub = _hub(home)
    address = hub.find(sent["device"])
    return asked(lambda: {"answer": hub.command(address, sent["command"], sent["payload"], wait=True)})


@route("POST", "/api/integrations/tasmota/backlog", access="admin", body=Body(_BACKLOG), replies=DONE)
def backlog(home: Home, request: Request) -> Reply:
    """Send several commands, which the device carries out in this order."""
    sent = fields(request, _BACKLOG)
    hub = _hub(home)
    address = hub.find(sent["device"])
    return asked(lambda: hub.backlog(address, sent["commands"]))
