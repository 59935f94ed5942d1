"""`POST /api/integrations/zigbee2mqtt/<action>`: everything that can be asked of a zigbee2mqtt, with its answer."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zigbee2mqtt.actions import perform
from marge.bridges.mqtt_devices.zigbee2mqtt.requests import NoAnswer, RequestRefused
from marge.bridges.mqtt_devices.zigbee2mqtt.table import ACTIONS
from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.integrations.zigbee2mqtt import needed
from marge.http.routing import route
from marge.http.shapes import OBJECT, STRING, Answer, Body, obj
from marge.util.schema import LateSchema

_ACTIONS = {action.name: (action, LateSchema(dict(action.schema))) for action in ACTIONS}
_BODY = LateSchema({vol.Optional("network"): str, vol.Optional("device"): str}, extra=vol.ALLOW_EXTRA)


@route(
    "POST", "/api/integrations/zigbee2mqtt/<action>", access="admin", body=Body(_BODY, required=False),
    replies={
        200: Answer("It is done; what zigbee2mqtt answered.", obj(result=STRING, response=OBJECT)),
        404: "No such action, network, device or group.",
        502: "zigbee2mqtt refused; the message is its own.",
        503: "zigbee2mqtt is offline, or the broker cannot be reached.",
        504: "zigbee2mqtt did not answer in time.",
    },
)  # fmt: skip
def act(home: Home, request: Request) -> Reply:
    """Ask zigbee2mqtt for something and wait for its answer. The actions and their fields are those of the services
    `zigbee2mqtt.*`: rename, remove, interview, configure, ota_check, ota_update, group_add, network_map, restart, …"""
    hub = needed(home)
    found = _ACTIONS.get(request.args["action"])
    if found is None:
        raise NotFound(f"zigbee2mqtt knows no action '{request.args['action'][:100]}'")
    action, schema = found
    body: Any = request.json() if request.body else {}
    try:
        valid = schema(body)
    except vol.Invalid as exc:
        raise InvalidRequest(str(exc)) from exc
    try:
        return json_reply({"result": "ok", "response": perform(home, hub, action, valid)})
    except RequestRefused as exc:
        raise HttpError(502, str(exc)) from exc
    except NoAnswer as exc:
        raise HttpError(504, str(exc)) from exc
