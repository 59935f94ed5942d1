"""`/api/devices`: Marge's native way to the device registry."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import OK, assign, fields, texts
from marge.http.routing import route
from marge.http.shapes import Answer, list_of, ref
from marge.http.turns import in_slices

PLATFORM = "marge"
"""Of the identifiers of devices that clients make."""
_DEVICE = texts(("device_id", "name"), ("manufacturer", "model", "area_id"))


@route("GET", "/api/devices", replies={200: Answer("All of them.", list_of(ref("Device")))})
def list_devices(home: Home, _request: Request) -> Reply:
    """All devices with their entities."""
    registries = home.registries
    shown = []
    for device in in_slices(registries.devices.all()):
        entities = [entry.entity_id for entry in registries.entities.for_device(device.id)]
        shown.append(
            {
                "device_id": device.id,
                "name": device.display_name or "",
                "manufacturer": device.manufacturer or "",
                "model": device.model or "",
                "area_id": device.area_id or "",
                "entity_count": len(entities),
                "entities": entities,
            }
        )
    return json_reply(shown)


@route("POST", "/api/devices", access="admin", body=_DEVICE, replies={200: Answer("Done.", ref("Ok"))})
def put_device(home: Home, request: Request) -> Reply:
    """Make a device of this id, or overwrite what is known of it."""
    wanted = fields(request, _DEVICE)
    devices, device_id = home.registries.devices, wanted["device_id"]
    if device_id not in devices:
        devices.get_or_create(identifiers=[(PLATFORM, device_id)], new_id=device_id)
    devices.update(
        device_id,
        name=wanted["name"],
        manufacturer=wanted.get("manufacturer") or None,
        model=wanted.get("model") or None,
        area_id=wanted.get("area_id") or None,
    )
    return json_reply(OK)


@route("DELETE", "/api/devices/<device_id>", access="admin", replies={200: Answer("Done.", ref("Ok"))})
def delete_device(home: Home, request: Request) -> Reply:
    """Delete a device; its entities stay, without one. An unknown one is no mistake."""
    registries, device_id = home.registries, request.args["device_id"]
    entries = registries.entities.for_device(device_id)
    if device_id in registries.devices:
        registries.remove_device(device_id)
    for entry in entries:
        assign(home, entry.entity_id, device_id=None)
    return json_reply(OK)


@route(
    "POST", "/api/devices/<device_id>/entities/<entity_id>", access="admin",
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def move_to_device(home: Home, request: Request) -> Reply:
    """Make an entity part of a device; of one at most. Neither needs to exist."""
    assign(home, request.args["entity_id"], device_id=request.args["device_id"])
    return json_reply(OK)


@route(
    "DELETE", "/api/devices/<device_id>/entities/<entity_id>", access="admin",
    replies={200: Answer("Done.", ref("Ok"))},
)  # fmt: skip
def take_from_device(home: Home, request: Request) -> Reply:
    """Take an entity out of a device, if it is part of it."""
    entry = home.registries.entities.get(request.args["entity_id"].lower())
    if entry is not None and entry.device_id == request.args["device_id"]:
        assign(home, entry.entity_id, device_id=None)
    return json_reply(OK)
