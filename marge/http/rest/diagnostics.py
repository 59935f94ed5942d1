"""`/api/diagnostics/…`: what helps to find a fault of an entry or a device, as a file; secrets are blacked out."""

from __future__ import annotations

import platform
from typing import Any

from marge.home import Home
from marge.http.manifests import manifests
from marge.http.message import Reply, Request, json_reply
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer
from marge.integrations.host import host_of
from marge.redact import HIDDEN, redact_value
from marge.registries import Device
from marge.util.slug import slugify
from marge.version import HA_VERSION, VERSION

_ENTRY = "config_entry"
_NAMES = 200
"""Characters of a file's name."""
_PLACE = ("latitude", "longitude", "gps_accuracy", "location_name")


@route(
    "GET", "/api/diagnostics/<d_type>/<d_id>", access="admin",
    replies={
        200: Answer("A document.", OBJECT),
        400: Answer("No such kind.", content_type=None),
        404: Answer("There is none.", content_type=None),
    },
)  # fmt: skip
def of_entry(home: Home, request: Request) -> Reply:
    """The diagnostics of a config entry."""
    return _answer(home, request, None)


@route(
    "GET", "/api/diagnostics/<d_type>/<d_id>/<sub_type>/<sub_id>", access="admin",
    replies={
        200: Answer("A document.", OBJECT),
        400: Answer("No such kind.", content_type=None),
        404: Answer("There is none.", content_type=None),
    },
)  # fmt: skip
def of_device(home: Home, request: Request) -> Reply:
    """The diagnostics of a device of a config entry: what is known of it, its entities and their states, and what the
    integration says of the entry."""
    return _answer(home, request, request.args["sub_type"])


def _answer(home: Home, request: Request, sub_type: str | None) -> Reply:
    if request.args["d_type"] != _ENTRY or sub_type not in (None, "device"):
        return Reply(400)
    entry = home.registries.config_entries.get(request.args["d_id"])
    integration = None if entry is None else host_of(home).integrations.get(entry.domain)
    if entry is None or integration is None or integration.diagnostics is None:
        return Reply(404)
    device = None
    if sub_type is not None:
        device = home.registries.devices.get(request.args["sub_id"])
        if device is None or entry.entry_id not in device.config_entries:
            return Reply(404)
    document: dict[str, Any] = {
        "home_assistant": {
            "installation_type": "Marge", "version": HA_VERSION, "marge": VERSION, "dev": False, "hassio": False,
            "virtualenv": True, "python_version": platform.python_version(), "docker": False,
            "arch": platform.machine(), "timezone": str(home.config.time_zone), "os_name": platform.system(),
            "os_version": platform.release(), "run_as_root": False,
        },
        "custom_components": {},
        "integration_manifest": manifests(home).get(entry.domain, {}),
        "setup_times": {},
        "data": {
            **redact_value(None, {"entry": _public(entry.as_dict()), **integration.diagnostics(home, entry)}),
            **({} if device is None else _of_device(home, device)),
        },
    }  # fmt: skip
    of = entry.entry_id if device is None else f"{slugify(device.name_by_user or device.name or '')}-{device.id}"
    name = f"{_ENTRY}-{entry.domain}-{of}.json"[:_NAMES]
    return json_reply(document, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _of_device(home: Home, device: Device) -> dict[str, Any]:
    """The device as the registry has it, and its entities, the disabled ones too. Where somebody is stays out."""
    entities = []
    for entry in home.registries.entities.for_device(device.id):
        state = home.states.get(entry.entity_id)
        shown = None if state is None else _without_place(state.as_dict())
        known = {name: value for name, value in entry.as_dict().items() if name != "options"}  # codes of locks
        entities.append({**redact_value(None, known), "state": redact_value(None, shown)})
    return {"device": redact_value(None, device.as_dict()), "entities": entities}


def _without_place(state: dict[str, Any]) -> dict[str, Any]:
    attributes = {key: HIDDEN if key in _PLACE else value for key, value in state["attributes"].items()}
    return {**state, "attributes": attributes}


def _public(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("entry_id", "domain", "title", "source", "state", "disabled_by", "reason")}
