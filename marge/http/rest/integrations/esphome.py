"""`/api/integrations/esphome`: the ESPHome devices that were heard of over MQTT, their logs, and tidying up."""

from __future__ import annotations

from typing import Any

from marge.bridges.mqtt_devices.esphome.hub import EspHomeHub, hub_of
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations._books import books_of, needed
from marge.http.rest.integrations._family import DEVICES, DONE, Family, activity, asked, listed
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer


def _devices(home: Home) -> list[dict[str, Any]]:
    books = books_of(home)
    return [] if books is None else books.esphome.devices


FAMILY = Family("esphome", "ESPHome", 4, lambda home: activity(len(_devices(home))))


def _hub(home: Home) -> EspHomeHub:
    return needed(hub_of(home))


@route("GET", "/api/integrations/esphome", replies={200: Answer("The devices.", DEVICES)})
def esphome(home: Home, _request: Request) -> Reply:
    """The devices that were heard of."""
    return listed(_devices(home))


@route("GET", "/api/integrations/esphome/<device>", replies={200: Answer("The device.", OBJECT)})
def device(home: Home, request: Request) -> Reply:
    """One device, by its topics' prefix, its name, its address or the id of its entry: what it says of itself."""
    found = _hub(home).find(request.args["device"])
    return json_reply({**found.listed, "about": found.about, "announcements": sorted(found.topics)})


@route(
    "GET", "/api/integrations/esphome/<device>/log", access="admin",
    replies={200: Answer("The last lines of its log, the newest last.", OBJECT)},
)  # fmt: skip
def log(home: Home, request: Request) -> Reply:
    """What a device has logged lately."""
    found = _hub(home).find(request.args["device"])
    lines = [{"level": level, "component": component, "text": text} for level, component, text in found.lines]
    return json_reply({"prefix": found.prefix, "lines": lines})


@route("POST", "/api/integrations/esphome/discover", access="admin", replies=DONE)
def discover(home: Home, _request: Request) -> Reply:
    """Have all devices describe themselves."""
    return asked(_hub(home).discover)


@route("POST", "/api/integrations/esphome/<device>/ping", access="admin", replies=DONE)
def ping(home: Home, request: Request) -> Reply:
    """Have one device describe itself."""
    hub = _hub(home)
    found = hub.find(request.args["device"])
    return asked(lambda: hub.ping(found))


@route("POST", "/api/integrations/esphome/<device>/forget", access="admin", replies=DONE)
def forget(home: Home, request: Request) -> Reply:
    """Clear what a device that is gone for good has left on the broker; its entities go with that."""
    hub = _hub(home)
    found = hub.find(request.args["device"])
    return asked(lambda: {"cleared": hub.forget(found)})
