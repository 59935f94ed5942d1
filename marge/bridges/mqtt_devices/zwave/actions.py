"""Asking a Z-Wave network for something, and waiting for the answer. What there is to ask for: `table.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zwave.book import DEFAULT_PREFIX, Gateway, ZWave
from marge.bridges.mqtt_devices.zwave.nodes import ZWaveNode
from marge.bridges.mqtt_devices.zwave.requests import Refused, Requests
from marge.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "zwave_js_ui"
LONG_S = 60.0
"""For what asks a node, which may sleep or be out of reach."""
PLATFORM = "mqtt"
CONFIGURATION = 112
MAX_JSON_DEPTH = 6


class ZWaveHub:
    """What is known of the Z-Wave networks, and their API: `home.shared["zwave_js_ui"]`. It outlives the actor."""

    def __init__(self, home: Home, book: ZWave, requests: Requests) -> None:
        self.home = home
        self.book = book
        self.requests = requests
        self.offered = False
        """Whether its services are registered: since a gateway was heard of."""

    def gateway(self, name: str | None = None) -> Gateway:
        """A gateway by its prefix or name; without one the only one that is there, or the first.

        Raises:
            NotFound: there is none.
        """
        gateways = list(self.book.gateways.values())
        if name is None:
            named = [each for each in gateways if each.name]
            return next((each for each in named if each.connected), named[0] if named else self._default(gateways))
        found = next((each for each in gateways if name in (each.prefix, each.name)), None)
        if found is None:
            raise NotFound(f"No Z-Wave JS UI is known as '{name[:100]}'")
        return found

    def node(self, node_id: int, gateway: str | None = None) -> tuple[Gateway, ZWaveNode]:
        """A node.

        Raises:
            NotFound: no such gateway or node.
        """
        found = self.gateway(gateway)
        node = found.nodes.get(node_id)
        if node is None:
            raise NotFound(f"There is no node {node_id} at '{found.name or found.prefix}'")
        return found, node

    def node_of_device(self, device_id: str) -> tuple[Gateway, ZWaveNode] | None:
        """The node that an entry of the device registry stands for."""
        device = self.home.registries.devices.get(device_id)
        for platform, text in () if device is None else device.identifiers:
            if platform == PLATFORM:
                for gateway, node in self.book.all_nodes():
                    if text == identifier(gateway, node.id):
                        return gateway, node
        return None

    def call(self, gateway: Gateway, function: str, args: list[Any], timeout_s: float = 10.0) -> Any:
        """Call the API; functions that were renamed are called by their former names where the new one is unknown."""
        try:
            return self.requests.ask(gateway, function, args, timeout_s)
        except Refused as exc:
            former = _FORMER.get(function)
            if former is None or "unknown api" not in str(exc).lower():
                raise
            return self.requests.ask(gateway, former, args, timeout_s)

    @staticmethod
    def _default(gateways: list[Gateway]) -> Gateway:
        return (
            next((each for each in gateways if each.connected), None) or gateways[0]
            if gateways
            else Gateway(DEFAULT_PREFIX)
        )


def identifier(gateway: Gateway, node_id: int) -> str:
    """How zwave-js-ui's discovery identifies a node's device."""
    return f"zwavejs2mqtt_{gateway.home_id}_node{node_id}"


def hub_of(home: Home) -> ZWaveHub | None:
    """The home's Z-Wave networks; None without MQTT."""
    found: ZWaveHub | None = home.shared.get(SHARED)
    return found


_FORMER = {
    "rebuildNodeRoutes": "healNode", "beginRebuildingRoutes": "beginHealingNetwork",
    "stopRebuildingRoutes": "stopHealingNetwork",
}  # fmt: skip


@dataclass(frozen=True)
class Action:
    """One thing that can be asked for.

    Attributes:
        name: of the REST path and of the service.
        function: of zwave-js-ui's API.
        args: the arguments from the validated fields; with `for_node` the node's id is among them as `node_id`.
        for_node: it is done to one node.
    """

    name: str
    title: str
    description: str
    function: str
    args: Callable[[Mapping[str, Any]], list[Any]]
    schema: Mapping[Any, Any]
    for_node: bool = True
    timeout_s: float = 10.0


def value_id(sent: Mapping[str, Any]) -> dict[str, Any]:
    """A value's id as the API wants it."""
    found = {
        "nodeId": sent["node_id"], "commandClass": sent["command_class"], "endpoint": sent.get("endpoint", 0),
        "property": sent["property"],
    }  # fmt: skip
    if sent.get("property_key") is not None:
        found["propertyKey"] = sent["property_key"]
    return found


def config_writes(node_id: int, sent: Mapping[str, Any]) -> list[list[Any]]:
    """The calls of `writeValue` that set a configuration parameter, whole or (a mapping of masks) in parts."""
    base = {"nodeId": node_id, "commandClass": CONFIGURATION, "endpoint": sent.get("endpoint", 0)}
    base["property"] = sent["parameter"]
    value = sent["value"]
    parts = value if isinstance(value, dict) else {sent.get("bitmask"): value}
    found = []
    for mask, each in parts.items():
        place = dict(base) if mask is None else {**base, "propertyKey": mask}
        found.append([{**place, "value": each}, each])
    return found


def _shallow(value: Any, depth: int = MAX_JSON_DEPTH) -> Any:
    if depth == 0:
        raise vol.Invalid("nested too deeply")
    if isinstance(value, dict):
        return {str(key): _shallow(each, depth - 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_shallow(each, depth - 1) for each in value]
    return value


def mask(value: Any) -> int:
    """A bit mask, as a number or as hexadecimal text."""
    if isinstance(value, str):
        try:
            value = int(value, 0)
        except ValueError:
            raise vol.Invalid("expected a number, or a text such as 0xff") from None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 32:
        raise vol.Invalid("expected a number from 0 to 0xffffffff")
    return value


NODE_ID = vol.All(int, vol.Range(1, 4_000), msg="expected the number of a node")
COMMAND_CLASS = vol.All(int, vol.Range(1, 0xFFFF), msg="expected the number of a command class")
_ENDPOINT = vol.All(int, vol.Range(0, 127), msg="expected the number of an endpoint")
_PROPERTY = vol.Any(int, vol.All(str, vol.Length(1, 200)), msg="expected the name or number of a property")
NAME = vol.All(str, vol.Length(0, 100))
VALUE_ID: dict[Any, Any] = {
    vol.Required("command_class"): vol.All(vol.Coerce(int), COMMAND_CLASS),
    vol.Required("property"): _PROPERTY,
    vol.Optional("property_key"): vol.Any(None, _PROPERTY),
    vol.Optional("endpoint", default=0): vol.All(vol.Coerce(int), _ENDPOINT),
}
SET_VALUE: dict[Any, Any] = {
    **VALUE_ID, vol.Required("value"): _shallow, vol.Optional("options"): vol.All(dict, _shallow),
}  # fmt: skip
CONFIG_VALUE = vol.Any(
    vol.All(vol.Any(int, str), vol.Coerce(int)), {vol.All(vol.Any(int, str), mask): vol.Coerce(int)},
    msg="expected a number, or numbers by their masks",
)  # fmt: skip
SET_CONFIG: dict[Any, Any] = {
    vol.Required("parameter"): vol.All(vol.Coerce(int), vol.Range(1, 0xFFFF)),
    vol.Optional("bitmask"): mask,
    vol.Optional("endpoint", default=0): vol.All(vol.Coerce(int), _ENDPOINT),
    vol.Required("value"): CONFIG_VALUE,
}
INVOKE: dict[Any, Any] = {
    vol.Required("command_class"): vol.All(vol.Coerce(int), COMMAND_CLASS),
    vol.Optional("endpoint", default=0): vol.All(vol.Coerce(int), _ENDPOINT),
    vol.Required("method_name"): vol.All(str, vol.Match(r"^[A-Za-z_]\w{0,99}$")),
    vol.Optional("parameters", default=list): vol.All(list, _shallow),
}


def perform(hub: ZWaveHub, action: Action, sent: Mapping[str, Any], gateway: str | None = None) -> Any:
    """Do it, and wait for what comes of it.

    Raises:
        NotFound: no such gateway or node.
        InvalidRequest: the node is the controller itself, where that makes no sense.
        HomeError, Unavailable: as `Requests.ask`.
    """
    if not action.for_node:
        return hub.call(hub.gateway(gateway), action.function, action.args(sent), action.timeout_s)
    found, node = hub.node(sent["node_id"], gateway)
    if node.is_controller and action.name in ("remove_failed_node", "replace_failed_node"):
        raise InvalidRequest(f"Node {node.id} is the controller itself")
    return hub.call(found, action.function, action.args(sent), action.timeout_s)
