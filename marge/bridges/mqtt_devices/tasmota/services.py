"""The services `tasmota.command` and `tasmota.backlog`. Administrators only; automations may call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt_devices.rights import check_admin
from marge.bridges.mqtt_devices.tasmota import DOMAIN
from marge.bridges.mqtt_devices.tasmota.hub import BACKLOG_SCHEMA, COMMAND_SCHEMA, Address, TasmotaHub
from marge.errors import NotFound, ServiceValidationError
from marge.util.schema import ensure_list, string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall

MAX_TARGETS = 100
_TARGETS: dict[Any, Any] = {
    vol.Optional("device_id"): vol.All(ensure_list, [string], vol.Length(max=MAX_TARGETS)),
    vol.Optional("entity_id"): vol.All(ensure_list, [string], vol.Length(max=MAX_TARGETS)),
    vol.Optional("topic"): vol.All(ensure_list, [string], vol.Length(max=MAX_TARGETS)),
}
_TARGET = {"device": [{"integration": DOMAIN}], "entity": [{"integration": DOMAIN}]}
_TOPIC = {"example": "tasmota_A1B2C3", "selector": {"text": None}}


def register(home: Home, hub: TasmotaHub) -> None:
    """Register both."""

    def command(call: ServiceCall) -> dict[str, Any]:
        check_admin(home, call.context)
        answers: dict[str, Any] = {}
        for address in _addresses(home, hub, call):
            found = hub.command(address, call.data["command"], call.data["payload"], call.return_response)
            if found is not None:
                answers[address.key] = found
        return {"answers": answers}

    def backlog(call: ServiceCall) -> None:
        check_admin(home, call.context)
        for address in _addresses(home, hub, call):
            hub.backlog(address, call.data["commands"])

    home.services.register(
        DOMAIN, "command", command, {**_TARGETS, **COMMAND_SCHEMA}, supports_response="optional",
        description="Sends a command to Tasmota devices; the response holds their answers.",
        fields={
            "topic": _TOPIC,
            "command": {"required": True, "example": "PowerOnState", "selector": {"text": None}},
            "payload": {"example": "3", "selector": {"text": None}},
        },
        name="Send a command", target=_TARGET,
    )  # fmt: skip
    home.services.register(
        DOMAIN, "backlog", backlog, {**_TARGETS, **BACKLOG_SCHEMA},
        description="Sends several commands to Tasmota devices, which carry them out in order.",
        fields={
            "topic": _TOPIC,
            "commands": {"required": True, "example": '["PowerOnState 3", "LedState 0"]', "selector": {"object": None}},
        },
        name="Send commands", target=_TARGET,
    )  # fmt: skip


def _addresses(home: Home, hub: TasmotaHub, call: ServiceCall) -> list[Address]:
    names = [*call.data.get("device_id", ()), *call.data.get("topic", ())]
    for entity_id in call.data.get("entity_id", ()):
        entry = home.registries.entities.get(entity_id)
        if entry is None or entry.platform != DOMAIN or entry.device_id is None:
            raise ServiceValidationError(f"{entity_id} is no entity of a Tasmota device")
        names.append(entry.device_id)
    if not names:
        raise ServiceValidationError("Say which devices are meant: device_id, entity_id or topic")
    try:
        return list(dict.fromkeys(hub.find(name) for name in names))
    except NotFound as exc:
        raise ServiceValidationError(str(exc)) from exc
