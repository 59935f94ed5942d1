"""`marge simulate zwave-js-ui`: a Z-Wave network behind Z-Wave JS UI. Not here: what one node says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import click
import orjson

from marge.simulate.families._fleet import options, run_fleet
from marge.simulate.families._zwave_node import KINDS, SimulatedNode
from marge.simulate.messages import Effects, Later, Message

MAX_DEVICES = 4_000
HOME_ID = 0xE7B2D1F5
HOME_HEX = f"0x{HOME_ID:08x}"
VERSION = "9.31.0"
JOIN_S = 0.2
SIMULATE = "zwave-simulator"
"""First level of the topics that only simulated nodes have: what the physical world does to them."""


class ZWaveNetwork:
    """A controller and its nodes."""

    name = "zwave-js-ui"

    def __init__(
        self, devices: int, seed: int = 1, prefix: str = "zwave", gateway: str = "home", named: bool = False,
        payload: str = "time", discovery: bool = True,
    ) -> None:  # fmt: skip
        self.prefix, self.gateway = prefix, gateway
        self._named, self._payload, self._discovery = named, payload, discovery
        self._random = Random(seed)
        self.nodes: dict[int, SimulatedNode] = {1: SimulatedNode(1, None, Random(seed), HOME_HEX, name="Controller")}
        self._client = f"{prefix}/_CLIENTS/ZWAVE_GATEWAY-{gateway}"
        self._mode = "idle"
        self._turn = 0
        for _ in range(devices):
            self._add()
        self._api: dict[str, Callable[[list[Any]], tuple[Any, Effects]]] = {
            "getNodes": lambda args: ([each.as_listed() for each in self.nodes.values()], []),
            "getInfo": lambda args: ({"homeid": HOME_ID, "name": HOME_HEX, "controllerId": 1, "version": VERSION,
                                      "zwaveVersion": "14.3.0", "appVersion": VERSION, "uptime": 60}, []),
            "writeValue": self._write_value,
            "writeMulticast": self._multicast,
            "pollValue": self._poll,
            "sendCommand": lambda args: (None, []) if self._need(args[0]["nodeId"]) else (None, []),
            "pingNode": lambda args: (self._need(args[0]).status != "Dead", []),
            "refreshInfo": lambda args: (None, self._told(self._need(args[0]))),
            "refreshValues": lambda args: (None, self._all_values(self._need(args[0]))),
            "refreshCCValues": lambda args: (None, self._all_values(self._need(args[0]))),
            "startInclusion": self._include,
            "stopInclusion": lambda args: self._stop("inclusion"),
            "startExclusion": self._exclude,
            "stopExclusion": lambda args: self._stop("exclusion"),
            "removeFailedNode": self._remove_failed,
            "rebuildNodeRoutes": lambda args: (self._need(args[0]).status != "Dead", []),
            "beginRebuildingRoutes": lambda args: (True, []),
            "stopRebuildingRoutes": lambda args: (True, []),
            "setNodeName": lambda args: self._rename(args, "name"),
            "setNodeLocation": lambda args: self._rename(args, "location"),
            "getAvailableFirmwareUpdates": lambda args: ([], []),
        }  # fmt: skip

    # -- fleet -------------------------------------------------------------------------------------------------------

    @property
    def subscriptions(self) -> list[str]:
        return [f"{self._client}/api/+/set", *(f"{self.prefix}/{'+/' * count}set" for count in (4, 5)), f"{SIMULATE}/+",
                "homeassistant/status"]  # fmt: skip

    @property
    def will(self) -> Message:
        return self._status(False)

    def announce(self) -> Effects:
        effects: Effects = [
            self._status(True),
            Message.json(f"{self._client}/version", {"value": VERSION, "time": 1_767_225_600_000}, retain=True),
        ]
        for node in self.nodes.values():
            effects += [*self._told(node), *self._all_values(node), *self._discover(node)]
        return effects

    def receive(self, topic: str, payload: bytes) -> Effects:
        levels = topic.split("/")
        if topic == "homeassistant/status":
            return [m for node in self.nodes.values() for m in self._discover(node)] if payload == b"online" else []
        sent = _json(payload)
        if levels[0] == SIMULATE:
            return self._physical(levels[1], sent)
        if topic.startswith(f"{self._client}/api/"):
            return self._call(levels[-2], sent)
        return self._set(levels, sent)

    def report(self) -> Effects:
        ids = list(self.nodes)
        self._turn = (self._turn + 1) % len(ids)
        node = self.nodes[ids[self._turn]]
        return [] if node.status == "Dead" else [self._value(node, place) for place in node.drift()]

    def farewell(self) -> list[Message]:
        return [self._status(False)]

    # -- what is said ------------------------------------------------------------------------------------------------

    def _status(self, online: bool) -> Message:
        return Message.json(f"{self._client}/status", {"value": online, "time": 1_767_225_600_000}, retain=True, qos=1)

    def _told(self, node: SimulatedNode) -> Effects:
        base = f"{self.prefix}/{node.path}"
        active = {"time": node.last_active, "value": node.last_active}
        return [
            Message.json(f"{base}/nodeinfo", node.info(), retain=True),
            Message.json(f"{base}/status", node.status_told(), retain=True),
            Message.json(f"{base}/lastActive", active, retain=True),
        ]

    def _topic(self, node: SimulatedNode, place: str) -> str:
        told = node.values[place]
        name = str(told["property"]).replace(" ", "_")
        key = f"/{told['propertyKey']}" if "propertyKey" in told else ""
        if self._named:
            group = told["commandClassName"].lower().replace(" ", "_")
            return f"{self.prefix}/{node.path}/{group}/endpoint_0/{name}{key}"
        return f"{self.prefix}/{node.path}/{told['commandClass']}/0/{name}{key}"

    def _value(self, node: SimulatedNode, place: str) -> Message:
        told = node.values[place]
        sent: Any = {"time": node.last_active, "value": told["value"]}
        if self._payload == "object":
            sent = {**told, "lastUpdate": node.last_active}
        elif self._payload == "raw":
            sent = told["value"]
        return Message.json(self._topic(node, place), sent, retain=True)

    def _all_values(self, node: SimulatedNode) -> Effects:
        return [self._value(node, place) for place in node.values]

    def _discover(self, node: SimulatedNode) -> Effects:
        if not self._discovery:
            return []
        topics = {place: self._topic(node, place) for place in node.values}
        found: Effects = []
        for topic, payload in node.discoveries(self.prefix, self.gateway, topics):
            if "brightness_state_topic" in payload:
                payload |= {
                    "brightness_state_topic": payload["state_topic"],
                    "brightness_command_topic": payload["command_topic"],
                }
            found.append(Message.json(topic, payload, retain=True, qos=1))
        return found

    def _event(self, source: str, name: str, *data: Any) -> Message:
        topic = f"{self.prefix}/_EVENTS/ZWAVE_GATEWAY-{self.gateway}/{source}/{name}"
        return Message.json(topic, {"data": list(data)})

    # -- what is asked for -------------------------------------------------------------------------------------------

    def _call(self, function: str, sent: Any) -> Effects:
        args = sent.get("args") if isinstance(sent, dict) else None
        answer: dict[str, Any]
        effects: Effects = []
        if not isinstance(args, list):
            answer = {"success": False, "message": "Args must be an array"}
        elif function not in self._api:
            answer = {"success": False, "message": "Unknown API", "args": args}
        else:
            try:
                result, effects = self._api[function](args)
                answer = {"success": True, "message": "Success zwave api call", "result": result, "args": args}
            except (LookupError, TypeError, ValueError) as error:
                answer = {"success": False, "message": str(error) or repr(error), "args": args}
        topic = f"{self._client}/api/{function.replace('+', '').replace('#', '')}"
        return [*effects, Message.json(topic, {**answer, "origin": sent})]

    def _need(self, node_id: Any) -> SimulatedNode:
        found = self.nodes.get(node_id) if isinstance(node_id, int) else None
        if found is None:
            raise ValueError(f"Node {node_id} not found")
        return found

    def _write_value(self, args: list[Any]) -> tuple[Any, Effects]:
        place = args[0]
        node = self._need(place["nodeId"])
        if node.status == "Dead":
            raise ValueError(f"Failed to write value: Node {node.id} did not respond")
        changed = node.write(int(place["commandClass"]), str(place["property"]), args[1])
        if not changed:
            raise ValueError("No value found to write")
        return True, [self._value(node, each) for each in changed]

    def _multicast(self, args: list[Any]) -> tuple[Any, Effects]:
        effects: Effects = []
        for node_id in args[0]:
            effects += self._write_value([{**args[1], "nodeId": node_id}, args[2]])[1]
        return True, effects

    def _poll(self, args: list[Any]) -> tuple[Any, Effects]:
        node = self._need(args[0]["nodeId"])
        key = args[0].get("propertyKey")
        name = str(args[0]["property"]).replace("_", " ")
        for place in (f"{args[0]['commandClass']}-0-{args[0]['property']}", f"{args[0]['commandClass']}-0-{name}"):
            place += f"-{key}" if key is not None else ""
            if place in node.values:
                return node.values[place]["value"], [self._value(node, place)]
        raise ValueError("ValueId not found")

    def _include(self, args: list[Any]) -> tuple[Any, Effects]:
        if self._mode != "idle":
            return False, []
        self._mode = "including"
        return True, [self._event("controller", "inclusion_started", False), Later(JOIN_S, self._joined)]

    def _joined(self) -> list[Message]:
        if self._mode != "including":
            return []
        self._mode = "idle"
        node = self._add()
        found = [*self._told(node), *self._all_values(node), *self._discover(node)]
        return [
            self._event("controller", "inclusion_stopped"), self._event("controller", "node_added", {"id": node.id}),
            *(each for each in found if isinstance(each, Message)),
        ]  # fmt: skip

    def _exclude(self, args: list[Any]) -> tuple[Any, Effects]:
        if self._mode != "idle":
            return False, []
        self._mode = "excluding"
        return True, [self._event("controller", "exclusion_started"), Later(JOIN_S, self._left)]

    def _left(self) -> list[Message]:
        if self._mode != "excluding":
            return []
        self._mode = "idle"
        gone = self._remove(max(self.nodes))
        return [self._event("controller", "exclusion_stopped"), *gone]

    def _stop(self, what: str) -> tuple[Any, Effects]:
        self._mode = "idle"
        return True, [self._event("controller", f"{what}_stopped")]

    def _remove_failed(self, args: list[Any]) -> tuple[Any, Effects]:
        node = self._need(args[0])
        if node.status != "Dead":
            raise ValueError("The node removal process could not be started: the node is still responding")
        return None, list(self._remove(node.id))

    def _remove(self, node_id: int) -> list[Message]:
        if node_id == 1:
            return []
        node = self.nodes.pop(node_id)
        said = [*self._told(node), *self._all_values(node), *self._discover(node)]
        cleared = [Message(each.topic, b"", True, 1) for each in said if isinstance(each, Message)]
        return [*cleared, self._event("controller", "node_removed", {"id": node_id})]

    def _rename(self, args: list[Any], what: str) -> tuple[Any, Effects]:
        node = self._need(args[0])
        before = [Message(each.topic, b"", True) for each in self._told(node) if isinstance(each, Message)]
        setattr(node, what, str(args[1])[:100])
        return True, [*before, *self._told(node), *self._all_values(node), *self._discover(node)]

    def _set(self, levels: list[str], sent: Any) -> Effects:
        """`<node>/<class>/<endpoint>/<property>/set`."""
        path = "/".join(levels[1:-4])
        node = next((each for each in self.nodes.values() if each.path == path), None)
        value = sent["value"] if isinstance(sent, dict) and "value" in sent else sent
        if node is None or node.status == "Dead" or not levels[-4].isdigit():
            return []
        return [self._value(node, each) for each in node.write(int(levels[-4]), levels[-2], value)]

    def _physical(self, name: str, sent: Any) -> Effects:
        """`{"status": "Dead"}` (`Alive`, `Asleep`, `Awake`) or `{"value": ["48-0-Any", true]}`; `name`: a node's id."""
        node = self.nodes.get(int(name)) if name.isdigit() else None
        if node is None or not isinstance(sent, dict):
            return []
        effects: Effects = []
        if sent.get("status") in ("Dead", "Alive", "Asleep", "Awake"):
            node.status = sent["status"]
            effects += self._told(node)
        value = sent.get("value")
        if isinstance(value, list) and len(value) == 2 and value[0] in node.values:
            node.values[value[0]]["value"] = value[1]
            effects.append(self._value(node, value[0]))
        return effects

    def _add(self) -> SimulatedNode:
        node_id = max(self.nodes) + 1
        kind = KINDS[(node_id - 2) % len(KINDS)]
        node = SimulatedNode(node_id, kind, Random(self._random.random()), HOME_HEX, name=f"{kind.name} {node_id}")
        self.nodes[node_id] = node
        return node


def _json(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload.decode("utf-8", "replace")


@click.command("zwave-js-ui")
@options(8, MAX_DEVICES - 1)
@click.option("--prefix", default="zwave", show_default=True, help="First level of its topics.")
@click.option("--gateway", default="home", show_default=True, help="Its name in the topics.")
@click.option("--named-topics", is_flag=True, help="Topics with names of command classes instead of their numbers.")
@click.option(
    "--payload", default="time", show_default=True, type=click.Choice(["time", "object", "raw"]),
    help="Values with their time, everything about them, or just the value.",
)  # fmt: skip
@click.option("--no-discovery", is_flag=True, help="Without Home Assistant discovery.")
def command(
    host: str, port: int, username: str | None, password_file: Path | None, devices: int, rate: float, seed: int,
    exit_with_parent: bool, prefix: str, gateway: str, named_topics: bool, payload: str, no_discovery: bool,
) -> None:  # fmt: skip
    """Z-Wave JS UI: switches, dimmers, sensors, locks; adding and removing, dead nodes, its API."""
    network = ZWaveNetwork(devices, seed, prefix, gateway, named_topics, payload, not no_discovery)
    run_fleet(
        network, host=host, port=port, username=username, password_file=password_file, rate=rate,
        exit_with_parent=exit_with_parent,
    )  # fmt: skip
