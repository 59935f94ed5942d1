"""Z-Wave JS UI: whether its gateway is connected, and which nodes there are."""

from __future__ import annotations

import re
from typing import Any

from marge.bridges.mqtt_devices.books import MAX_DEVICES, Message, Topics, a_list

_GATEWAY = "ZWAVE_GATEWAY-"
_FIELDS = (
    "id", "name", "loc", "manufacturer", "product_description", "product_label", "status", "ready", "interview_stage",
    "values",
)  # fmt: skip
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class ZWave:
    """What the gateway said last.

    Attributes:
        gateway: its name; "" until it is heard of.
    """

    def __init__(self) -> None:
        self.connected = False
        self.gateway = ""
        self.nodes: list[dict[str, Any]] = []

    def follow(self, topics: Topics) -> None:
        """Hear the gateway and its nodes."""
        topics.follow("zwave/_CLIENTS/+/status", self._on_gateway)
        topics.follow("zwave/_CLIENTS/+/version", self._on_gateway)
        topics.follow("zwave/_NODES", self._on_nodes)
        topics.follow("zwave/+/status", self._on_node_status)

    def _on_gateway(self, message: Message) -> None:
        _zwave, _clients, client, what = message.topic.split("/")
        if not client.startswith(_GATEWAY):
            return
        self.gateway = client.removeprefix(_GATEWAY)
        self.connected = what != "status" or _truth(message)

    def _on_nodes(self, message: Message) -> None:
        self.nodes = [_node(each) for each in a_list(message)[:MAX_DEVICES] if isinstance(each, dict)]
        self.connected = True

    def _on_node_status(self, message: Message) -> None:
        name = message.topic.split("/")[1]
        sent = message.json
        status = sent.get("status") if isinstance(sent, dict) else message.text
        if not isinstance(status, str):
            raise ValueError(f"{message.topic} names no status")
        for node in self.nodes:
            if name in (node["name"], f"nodeID_{node['id']}", str(node["id"])):
                node["status"] = status[:100]


def _truth(message: Message) -> bool:
    sent = message.json
    value = sent.get("value") if isinstance(sent, dict) else message.text
    return value is True or str(value).strip().lower() in ("true", "online")


def _node(sent: dict[str, Any]) -> dict[str, Any]:
    snake = {_HUMP.sub("_", str(key)).lower(): value for key, value in sent.items()}
    return {name: snake.get(name) for name in _FIELDS}
