"""Which Z-Wave JS UIs there are, their nodes and values: what they said last. Written in the MQTT bridge's greenlet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeGuard

from marge.bridges.mqtt_devices.books import Message, Topics, a_dict, a_list
from marge.bridges.mqtt_devices.zwave.nodes import (
    MAX_NODES,
    ZWaveNode,
    home_hex,
    topic_part,
    value_path,
    value_told,
)
from marge.util.breathe import in_turns

CLIENT = "ZWAVE_GATEWAY-"
DEFAULT_PREFIX = "zwave"
MAX_GATEWAYS = 8
_NODE_TOPICS = ("status", "lastActive", "nodeinfo")

Tell = Callable[[str, "Gateway", Any], None]
"""`tell(what, gateway, content)`: `connected`, `lost`, `nodes`, `node`, `answer` or `event`."""


class Gateway:
    """One Z-Wave JS UI.

    Attributes:
        prefix: how its topics begin. name: as it is called in them; "" until it is heard of.
        connected: whether it is there.
        mode: what its controller is doing: `idle`, `including` or `excluding`.
    """

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.name = ""
        self.version = ""
        self.home_id = ""
        self.connected = False
        self.mode = "idle"
        self.info: dict[str, Any] = {}
        self.nodes: dict[int, ZWaveNode] = {}
        self._paths: dict[str, ZWaveNode] = {}

    def node_at(self, levels: list[str]) -> tuple[ZWaveNode, list[str]] | None:
        """The node whose topics begin so, and the other levels."""
        for count in (2, 1):
            node = self._paths.get("/".join(levels[:count])) if len(levels) > count else None
            if node is not None:
                return node, levels[count:]
        return None

    def learn_all(self, listed: list[Any]) -> None:
        """The whole list of nodes: those that are not in it are gone."""
        nodes: dict[int, ZWaveNode] = {}
        for sent in listed[:MAX_NODES]:
            if isinstance(sent, dict) and _is_id(sent.get("id")):
                node = nodes[sent["id"]] = self.nodes.get(sent["id"]) or ZWaveNode(sent["id"])
                before = node.paths()
                node.learn(sent)
                self._place(node, before)
                if sent.get("values") is not None:
                    node.told["raw_values"] = sent["values"]
        for gone in self.nodes.keys() - nodes.keys():
            self.forget(gone)
        self.nodes = nodes

    def learn_one(self, sent: dict[str, Any]) -> ZWaveNode | None:
        """One node, known or new."""
        node_id = sent.get("id")
        if not _is_id(node_id):
            return None
        node = self.nodes.get(node_id)
        if node is None:
            if len(self.nodes) >= MAX_NODES:
                return None
            node = self.nodes[node_id] = ZWaveNode(node_id)
        before = node.paths()
        node.learn(sent)
        self._place(node, before)
        return node

    def forget(self, node_id: int) -> None:
        """The node has left."""
        node = self.nodes.pop(node_id, None)
        if node is not None:
            self._displace(node, node.paths())

    def _place(self, node: ZWaveNode, before: Iterable[str] = ()) -> None:
        """The node's topics begin so now."""
        paths = node.paths()
        if paths is not before:
            self._displace(node, before)
        for path in paths:
            self._paths[path] = node

    def _displace(self, node: ZWaveNode, paths: Iterable[str]) -> None:
        for path in paths:
            if self._paths.get(path) is node:
                del self._paths[path]


class ZWave:
    """The gateways of a home.

    Attributes:
        listener: is told what happens.
    """

    def __init__(self) -> None:
        self.gateways: dict[str, Gateway] = {}
        self.listener: Tell | None = None
        self._topics: Topics | None = None

    @property
    def connected(self) -> bool:
        return any(each.connected for each in self.gateways.values())

    @property
    def gateway(self) -> str:
        """The first one's name; "" while there is none."""
        return next((each.name for each in self.gateways.values() if each.name), "")

    @property
    def node_count(self) -> int:
        return sum(len(each.nodes) for each in self.gateways.values())

    def nodes(self) -> list[dict[str, Any]]:
        """All of them as they are listed. In a request's greenlet: others get their turns."""
        found = [node for _gateway, node in self.all_nodes()]
        return [node.as_listed() for node in in_turns(found)]

    def all_nodes(self) -> Iterator[tuple[Gateway, ZWaveNode]]:
        """Every node with its gateway."""
        for gateway in self.gateways.values():
            for node in gateway.nodes.values():
                yield gateway, node

    def follow(self, topics: Topics) -> None:
        """Hear the gateways and their nodes."""
        self._topics = topics
        self._gateway(DEFAULT_PREFIX)
        for what in ("status", "version"):
            topics.follow(f"+/_CLIENTS/+/{what}", self._on_client)

    def _gateway(self, prefix: str) -> Gateway | None:
        found = self.gateways.get(prefix)
        if found is None and self._topics is not None and len(self.gateways) < MAX_GATEWAYS:
            found = self.gateways[prefix] = Gateway(prefix)
            self._topics.follow(f"{prefix}/#", self._on_message)
        return found

    def _tell(self, what: str, gateway: Gateway, content: Any = None) -> None:
        if self.listener is not None:
            self.listener(what, gateway, content)

    # -- messages ----------------------------------------------------------------------------------------------------

    def _on_client(self, message: Message) -> None:
        prefix, _clients, client, what = message.topic.split("/")
        if not client.startswith(CLIENT) or not message.payload:
            return
        gateway = self._gateway(prefix)
        if gateway is None:
            return
        gateway.name = client.removeprefix(CLIENT)
        if what == "version":
            told = _value(message)
            gateway.version = told[:100] if isinstance(told, str) else ""
            self._present(gateway, True)
        else:
            self._present(gateway, _truth(message))

    def _present(self, gateway: Gateway, connected: bool) -> None:
        before, gateway.connected = gateway.connected, connected
        if connected != before:
            self._tell("connected" if connected else "lost", gateway)

    def out_of_reach(self) -> None:
        """There is no connection to the broker: who is there is told anew after one was made."""
        for gateway in self.gateways.values():
            self._present(gateway, False)

    def _on_message(self, message: Message) -> None:
        levels = message.topic.split("/")
        gateway = self.gateways.get(levels[0])
        if gateway is None or len(levels) < 2 or levels[-1] == "set":
            return
        match levels[1]:
            case "_CLIENTS":
                if len(levels) == 5 and levels[3] == "api" and levels[2] == f"{CLIENT}{gateway.name}":
                    self._tell("answer", gateway, (levels[4], a_dict(message)))
            case "_NODES":
                gateway.learn_all(a_list(message))
                self._present(gateway, True)
                self._tell("nodes", gateway)
            case "_EVENTS" | "_EVENTS_":
                if len(levels) == 5:
                    self._event(gateway, levels[3], levels[4], message)
            case _:
                self._node_message(gateway, levels[1:], message)

    def _node_message(self, gateway: Gateway, levels: list[str], message: Message) -> None:
        what = levels[-1]
        if what in _NODE_TOPICS and len(levels) in (2, 3):
            found = gateway.node_at(levels)
            node = found[0] if found is not None and len(found[1]) == 1 else None
            if what == "nodeinfo":
                if message.payload:
                    self._node_info(gateway, message)
            elif what == "status":
                self._status(gateway, node, message)
            elif node is not None:
                node.active(_value(message))
            return
        found = gateway.node_at(levels)
        if found is not None and message.payload:
            node, rest = found
            place = value_path(rest)
            if place is not None:
                told, value_id = value_told(_content(message))
                node.set_value(value_id or place[0], {**place[1], **told})

    def _node_info(self, gateway: Gateway, message: Message) -> None:
        node = gateway.learn_one(a_dict(message))
        if node is None:
            raise ValueError(f"{message.topic} names no node")
        self._tell("node", gateway, node)

    def _status(self, gateway: Gateway, node: ZWaveNode | None, message: Message) -> None:
        sent = message.json
        if isinstance(sent, dict):
            status, ready = sent.get("status"), sent.get("value")
            if node is None and _is_id(sent.get("nodeId")):
                node = gateway.nodes.get(sent["nodeId"])
            if not isinstance(status, str):
                raise ValueError(f"{message.topic} names no status")
        elif isinstance(sent, bool):
            status, ready = None, sent
        else:
            status, ready = message.text, None
            if status is None or sent or status.startswith(("{", "[")):
                raise ValueError(f"{message.topic} names no status")
        if node is None:
            return
        if status is not None:
            node.told["status"] = status[:100]
        if isinstance(ready, bool):
            node.told["available"] = ready
        self._tell("node", gateway, node)

    def _event(self, gateway: Gateway, source: str, name: str, message: Message) -> None:
        sent = message.json
        data = sent.get("data") if isinstance(sent, dict) else None
        name = topic_part(name).lower()
        if name.startswith(("inclusion_", "exclusion_")):
            way = "including" if name.startswith("inclusion") else "excluding"
            gateway.mode = way if name.endswith("_started") else "idle"
        if source == "controller" and name == "node_removed" and isinstance(data, list) and data:
            gone = data[0].get("id") if isinstance(data[0], dict) else data[0]
            if _is_id(gone):
                gateway.forget(gone)
        self._tell("event", gateway, (source, name, data if isinstance(data, list) else []))

    def learn_info(self, gateway: Gateway, info: Any) -> None:
        """The answer to `getInfo`."""
        if isinstance(info, dict):
            gateway.info = {key: info[key] for key in list(info)[:50]}
            gateway.home_id = home_hex(info.get("name")) or home_hex(info.get("homeid")) or gateway.home_id


def _is_id(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 0xFFFF


def _content(message: Message) -> Any:
    """JSON, or the text of what is none."""
    found = message.json
    return message.text if type(found).__name__ == "NotJson" else found


def _value(message: Message) -> Any:
    sent = _content(message)
    return sent.get("value") if isinstance(sent, dict) else sent


def _truth(message: Message) -> bool:
    value = _value(message)
    return value is True or str(value).strip().lower() in ("true", "online")
