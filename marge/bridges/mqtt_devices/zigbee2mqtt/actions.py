"""Asking a zigbee2mqtt for something: find the network and the device, ask, give what the answer says.

All of it waits in the caller's greenlet. Not here: which actions there are (`table.py`), who may ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from marge.bridges.mqtt_devices.zigbee2mqtt.log_lines import CHANNEL
from marge.bridges.mqtt_devices.zigbee2mqtt.network import MAX_PERMIT_JOIN_S
from marge.bridges.mqtt_devices.zigbee2mqtt.renaming import rename_entities
from marge.bridges.mqtt_devices.zigbee2mqtt.requests import NoAnswer
from marge.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice
    from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
    from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
    from marge.home import Home

QUICK_S, RADIO_S, INTERVIEW_S, MAP_S, MAX_MAP_S = 10.0, 30.0, 90.0, 180.0, 600.0
"""zigbee2mqtt answers by itself; a device has to answer; a device tells all of itself; each router is asked in turn."""
STARTED_S = 5.0
"""A firmware update is refused at once or it has begun; its end is an hour away."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of an action.

    Attributes:
        data: validated.
        device: the one that `device` names, if the action has such a field.
    """

    home: Home
    hub: Zigbee2Mqtt
    network: Network
    data: Mapping[str, Any]
    device: ZigbeeDevice | None

    @property
    def address(self) -> str:
        assert self.device is not None
        return self.device.ieee_address

    def ask(self, what: str, payload: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        return self.hub.requests.ask(self.network, what, payload, timeout_s) or {}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to ask for.

    Attributes:
        name: of the service, of the REST path, and of the WebSocket command.
        schema: voluptuous fields.
        run: does it; gives what the caller is told.
        timeout_s: how long it may take.
    """

    name: str
    title: str
    description: str
    fields: Fields
    schema: Mapping[Any, Any]
    run: Callable[[Asked], dict[str, Any]]
    timeout_s: float = QUICK_S


# -- devices -----------------------------------------------------------------------------------------------------------


def permit_join(asked: Asked) -> dict[str, Any]:
    data = asked.data
    enable, seconds = data["enable"], min(int(data["time"]), MAX_PERMIT_JOIN_S)
    # Both spellings: releases before 2.0 read `value`, later ones `time`.
    wish: dict[str, Any] = {"value": enable, "time": seconds if enable else 0}
    if asked.device is not None:
        wish["device"] = asked.device.friendly_name
    answer = asked.ask("permit_join", wish, QUICK_S)
    permit = asked.network.permit_join
    return {"permit_join": enable, "time": wish["time"], "until": permit.until, "answer": answer}


def rename(asked: Asked) -> dict[str, Any]:
    device = asked.device
    assert device is not None
    wish = {"from": asked.address, "to": asked.data["name"], "homeassistant_rename": False}
    answer = asked.ask("device/rename", wish, QUICK_S)
    renamed: dict[str, str] = {}
    if asked.data["rename_entities"]:
        renamed = rename_entities(asked.home, asked.address, device.friendly_name, asked.data["name"])
    return {"from": device.friendly_name, "to": asked.data["name"], "entities": renamed, "answer": answer}


def remove(asked: Asked) -> dict[str, Any]:
    wish = {"id": asked.address, "force": asked.data["force"], "block": asked.data["block"]}
    return {"answer": asked.ask("device/remove", wish, RADIO_S)}


def of_device(what: str, timeout_s: float, asked: Asked) -> dict[str, Any]:
    """Requests that name a device and nothing else."""
    return {"answer": asked.ask(what, {"id": asked.address}, timeout_s)}


def of_firmware(what: str, timeout_s: float, asked: Asked) -> dict[str, Any]:
    answer = asked.ask(_ota(what, asked), {"id": asked.address}, timeout_s)
    return {"update_available": answer.get("update_available"), "answer": answer}


def ota_update(asked: Asked) -> dict[str, Any]:
    """The answer comes when the device has its firmware; what comes then is logged, and told as an event."""
    device = asked.device
    assert device is not None
    log = structlog.get_logger(CHANNEL).bind(base_topic=asked.network.base, device=device.friendly_name)

    def later(answer: Mapping[str, Any]) -> None:
        if answer.get("status") == "error":
            log.error("the firmware was not updated", reason=str(answer.get("error"))[:500])
        else:
            log.info("the firmware was updated")

    answer = asked.hub.requests.ask(asked.network, _ota("update", asked), {"id": asked.address}, STARTED_S, late=later)
    return {"state": "updating" if answer is None else "done", "answer": answer or {}}


def _ota(what: str, asked: Asked) -> str:
    device = asked.device
    if device is not None and not device.supports_ota:
        raise InvalidRequest(f"Device '{device.friendly_name}' does not support OTA updates")
    return f"device/ota_update/{what}" + ("/downgrade" if asked.data.get("downgrade") else "")


def device_options(asked: Asked) -> dict[str, Any]:
    return {"answer": asked.ask("device/options", {"id": asked.address, "options": asked.data["options"]}, QUICK_S)}


def bind(what: str, asked: Asked) -> dict[str, Any]:
    wish: dict[str, Any] = {"from": asked.address, "to": asked.data["to"]}
    if asked.data.get("clusters"):
        wish["clusters"] = asked.data["clusters"]
    return {"answer": asked.ask(what, wish, RADIO_S)}


# -- groups ------------------------------------------------------------------------------------------------------------


def group_add(asked: Asked) -> dict[str, Any]:
    wish = {"friendly_name": asked.data["name"]} | ({"id": asked.data["id"]} if "id" in asked.data else {})
    return {"answer": asked.ask("group/add", wish, QUICK_S)}


def group_remove(asked: Asked) -> dict[str, Any]:
    return {"answer": asked.ask("group/remove", {"id": _known_group(asked), "force": asked.data["force"]}, RADIO_S)}


def group_rename(asked: Asked) -> dict[str, Any]:
    wish = {"from": _known_group(asked), "to": asked.data["name"], "homeassistant_rename": False}
    return {"answer": asked.ask("group/rename", wish, QUICK_S)}


def group_options(asked: Asked) -> dict[str, Any]:
    wish = {"id": _known_group(asked), "options": asked.data["options"]}
    return {"answer": asked.ask("group/options", wish, QUICK_S)}


def group_member(what: str, asked: Asked) -> dict[str, Any]:
    wish: dict[str, Any] = {"group": _known_group(asked), "device": asked.address}
    if "endpoint" in asked.data:
        wish["endpoint"] = asked.data["endpoint"]
    return {"answer": asked.ask(what, wish, RADIO_S)}


def _known_group(asked: Asked) -> str:
    group = asked.network.find_group(asked.data["group"])
    if group is None:
        raise NotFound(f"zigbee2mqtt has no group '{asked.data['group']}'")
    return group.friendly_name


# -- the bridge --------------------------------------------------------------------------------------------------------


def network_map(asked: Asked) -> dict[str, Any]:
    network, data = asked.network, asked.data
    if network.mapping:
        raise InvalidRequest("A network map is being made already; it takes some minutes")
    network.begin_map(MAX_MAP_S)
    wish = {"type": data["type"], "routes": data["routes"]}
    try:
        answer = asked.ask("networkmap", wish, float(data["timeout"]))
    except NoAnswer:
        raise  # it is still being made, and kept when it comes
    except BaseException:
        network.mapping_until = 0.0
        raise
    return {"type": data["type"], "routes": data["routes"], "value": answer.get("value")}


def of_bridge(what: str, asked: Asked) -> dict[str, Any]:
    """Requests without anything to say."""
    return {"answer": asked.ask(what, {}, QUICK_S)}


def options(asked: Asked) -> dict[str, Any]:
    answer = asked.ask("options", {"options": asked.data["options"]}, QUICK_S)
    return {"restart_required": answer.get("restart_required") is True, "answer": answer}


def perform(home: Home, hub: Zigbee2Mqtt, action: Action, data: Mapping[str, Any]) -> dict[str, Any]:
    """Do it with validated data, and wait. What it says, with the network's base topic.

    Raises:
        NotFound: no such network, device or group.
        InvalidRequest: more than one is meant, or the device cannot do that.
        RequestRefused, NoAnswer, Unavailable, Overloaded: as `Requests.ask`.
    """
    device: ZigbeeDevice | None = None
    if "device" in data:
        network, device = hub.device(data["device"], data.get("network"))
    else:
        network = hub.network(data.get("network"))
    return {"network": network.base, **action.run(Asked(home, hub, network, data, device))}
