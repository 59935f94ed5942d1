"""The services of Z-Wave: `zwave_js.*` as Home Assistant's users know them, and `zwave_js_ui.*` for the network.

Administrators only, but for setting and refreshing values; automations may call all of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt_devices.rights import check_admin
from marge.bridges.mqtt_devices.zwave.actions import (
    INVOKE,
    LONG_S,
    NODE_ID,
    SET_CONFIG,
    SET_VALUE,
    Action,
    ZWaveHub,
    config_writes,
    perform,
    value_id,
)
from marge.bridges.mqtt_devices.zwave.book import Gateway
from marge.bridges.mqtt_devices.zwave.nodes import ZWaveNode
from marge.bridges.mqtt_devices.zwave.table import ACTIONS
from marge.errors import InvalidRequest, NotFound, ServiceValidationError
from marge.util.schema import boolean, ensure_list, string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall

DOMAIN, NETWORK = "zwave_js", "zwave_js_ui"
MAX_TARGETS = 100
_IDS = vol.All(ensure_list, [string], vol.Length(max=MAX_TARGETS))
_TARGETS: dict[Any, Any] = {vol.Optional("device_id"): _IDS, vol.Optional("entity_id"): _IDS}
_TARGET: dict[str, Any] = {"device": [{}], "entity": [{}]}


def register(home: Home, hub: ZWaveHub) -> None:
    """Register all of them."""

    def set_value(call: ServiceCall) -> None:
        for gateway, node in _nodes(home, hub, call):
            sent = {**call.data, "node_id": node.id}
            perform(hub, _BY_NAME["set_value"], sent, gateway.prefix)

    def multicast(call: ServiceCall) -> None:
        nodes = _nodes(home, hub, call)
        gateway = nodes[0][0]
        if any(each is not gateway for each, _node in nodes):
            raise ServiceValidationError("A multicast reaches the nodes of one network only")
        place = value_id({**call.data, "node_id": nodes[0][1].id})
        del place["nodeId"]
        hub.call(gateway, "writeMulticast", [[node.id for _gateway, node in nodes], place, call.data["value"]])

    def refresh_value(call: ServiceCall) -> None:
        for entity_id in call.data["entity_id"]:
            gateway, node, place = _place(home, hub, entity_id)
            if call.data["refresh_all_values"]:
                hub.call(gateway, "refreshValues", [node.id], LONG_S)
            else:
                hub.call(gateway, "pollValue", [place], LONG_S)

    def ping(call: ServiceCall) -> None:
        for gateway, node in _nodes(home, hub, call):
            hub.call(gateway, "pingNode", [node.id], LONG_S)

    def set_config(call: ServiceCall) -> None:
        check_admin(home, call.context)
        for gateway, node in _nodes(home, hub, call):
            for args in config_writes(node.id, call.data):
                hub.call(gateway, "writeValue", args)

    def invoke(call: ServiceCall) -> None:
        check_admin(home, call.context)
        for gateway, node in _nodes(home, hub, call):
            perform(hub, _BY_NAME["invoke_cc_api"], {**call.data, "node_id": node.id}, gateway.prefix)

    wait = {vol.Optional("wait_for_result"): boolean}
    for name, handler, schema, description, title in (
        ("set_value", set_value, {**SET_VALUE, **wait}, "Writes a value of Z-Wave devices.", "Set a value"),
        ("multicast_set_value", multicast, SET_VALUE, "Writes a value of several devices at once.", "Set many at once"),
        ("ping", ping, {}, "Asks whether Z-Wave devices can be reached.", "Ping"),
        ("set_config_parameter", set_config, SET_CONFIG, "Sets a configuration parameter.", "Set a parameter"),
        ("bulk_set_partial_config_parameters", set_config, SET_CONFIG, "Sets parts of a configuration parameter.",
         "Set parts of a parameter"),
        ("invoke_cc_api", invoke, INVOKE, "Calls a method of a command class.", "Call a command class"),
    ):  # fmt: skip
        home.services.register(
            DOMAIN, name, handler, {**_TARGETS, **schema}, description=description, name=title, target=_TARGET
        )
    refresh = {vol.Required("entity_id"): _IDS, vol.Optional("refresh_all_values", default=False): boolean}
    home.services.register(
        DOMAIN, "refresh_value", refresh_value, refresh, description="Asks Z-Wave devices how they are.",
        name="Refresh values",
    )  # fmt: skip
    for action in ACTIONS:
        own = {**action.schema, vol.Optional("gateway"): string}
        if action.for_node:
            own[vol.Required("node_id")] = vol.All(vol.Coerce(int), NODE_ID)
        home.services.register(
            NETWORK, action.name, partial(_call, home, hub, action), own, supports_response="optional",
            description=action.description, name=action.title,
        )  # fmt: skip


_BY_NAME = {action.name: action for action in ACTIONS}


def _call(home: Home, hub: ZWaveHub, action: Action, call: ServiceCall) -> dict[str, Any]:
    check_admin(home, call.context)
    try:
        return {"result": perform(hub, action, call.data, call.data.get("gateway"))}
    except (NotFound, InvalidRequest) as exc:
        raise ServiceValidationError(str(exc)) from exc


def _nodes(home: Home, hub: ZWaveHub, call: ServiceCall) -> list[tuple[Gateway, ZWaveNode]]:
    """The nodes that a call means.

    Raises:
        ServiceValidationError: none, or a device that is no Z-Wave node.
    """
    devices: list[str] = list(call.data.get("device_id", ()))
    for entity_id in call.data.get("entity_id", ()):
        entry = home.registries.entities.get(entity_id)
        if entry is None or entry.device_id is None:
            raise ServiceValidationError(f"{entity_id} is no entity of a Z-Wave device")
        devices.append(entry.device_id)
    found: dict[tuple[str, int], tuple[Gateway, ZWaveNode]] = {}
    for device_id in devices:
        node = hub.node_of_device(device_id)
        if node is None:
            raise ServiceValidationError(f"{device_id} is no Z-Wave device that is known")
        found[node[0].prefix, node[1].id] = node
    if not found:
        raise ServiceValidationError("Say which devices are meant: device_id or entity_id")
    return list(found.values())


def _place(home: Home, hub: ZWaveHub, entity_id: str) -> tuple[Gateway, ZWaveNode, dict[str, Any]]:
    """The node of an entity, and the value it shows, which stands in its unique id.

    Raises:
        ServiceValidationError: it is no entity of a Z-Wave device.
    """
    entry = home.registries.entities.get(entity_id)
    node = None if entry is None or entry.device_id is None else hub.node_of_device(entry.device_id)
    if entry is None or node is None:
        raise ServiceValidationError(f"{entity_id} is no entity of a Z-Wave device")
    parts = entry.unique_id.rpartition(f"{node[0].home_id}_")[2].split("-", 4)
    if len(parts) < 4 or not all(part.isdigit() for part in parts[:3]):
        raise ServiceValidationError(f"The value of {entity_id} cannot be told from its unique id {entry.unique_id}")
    told: dict[str, Any] = {
        "node_id": int(parts[0]), "command_class": int(parts[1]), "endpoint": int(parts[2]), "property": parts[3],
    }  # fmt: skip
    if len(parts) == 5:
        told["property_key"] = parts[4]
    return node[0], node[1], value_id(told)
