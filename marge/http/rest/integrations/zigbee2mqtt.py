"""`/api/integrations/zigbee2mqtt`: the bridge, its devices, and letting more of them join."""

from __future__ import annotations

from typing import Any

import pykka
import voluptuous as vol

from marge.bridges.mqtt import PATH as MQTT
from marge.bridges.mqtt.messages import Publish
from marge.bridges.mqtt_devices.zigbee2mqtt import BASE
from marge.errors import MargeError
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._books import books_of
from marge.http.rest.integrations._family import Family, Summary, failed
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, STRING, Answer, Body, list_of, obj
from marge.model import dumps

PERMIT_JOIN_S = 120
MAX_PERMIT_JOIN_S = 254
"""The Zigbee protocol counts these seconds in one byte; 255 would mean for ever."""

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
_ZIGBEE = obj(bridge_state=STRING, permit_join=BOOLEAN, device_count=INTEGER, devices=list_of(OBJECT))


def _summary(home: Home) -> Summary:
    books = books_of(home)
    if books is None:
        return Summary("offline", 0)
    book = books.zigbee2mqtt
    return Summary("online" if book.state == "online" else "offline", len(book.devices))


FAMILY = Family("zigbee2mqtt", "Zigbee2MQTT", 1, _summary)


@route("GET", "/api/integrations/zigbee2mqtt", replies={200: Answer("The bridge and its devices.", _ZIGBEE)})
def zigbee2mqtt(home: Home, _request: Request) -> Reply:
    """The bridge's state ("unknown" until it says something), its devices, whether more may join."""
    books = books_of(home)
    state, permit_join, devices = "unknown", False, list[dict[str, Any]]()
    if books is not None:
        book = books.zigbee2mqtt
        state, permit_join, devices = book.state, book.permit_join, book.devices
    return json_reply(
        {"bridge_state": state, "permit_join": permit_join, "device_count": len(devices), "devices": devices}
    )


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
        return failed(f"The message could not be sent: {exc}")
    books = books_of(home)
    if books is not None:
        books.zigbee2mqtt.asked_to_join(enable, seconds)
    return json_reply({"result": "ok", "permit_join": enable})
