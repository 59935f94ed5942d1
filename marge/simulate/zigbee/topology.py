"""The network map: who hears whom. Routers stand around the coordinator, end devices hang on the router before them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marge.simulate.devices.base import Device

_CHILD, _SIBLING = 1, 2
_PARENTS_APART = 4
"""Every so many routers one stands next to the coordinator; the others reach it through that one."""


def raw(coordinator: str, devices: Sequence[Device], routes: bool) -> dict[str, Any]:
    """The map as data, in zigbee2mqtt's words."""
    nodes: list[dict[str, Any]] = [
        {
            "ieeeAddr": coordinator, "friendlyName": "Coordinator", "type": "Coordinator", "networkAddress": 0,
            "failed": [], "lastSeen": None,
        }
    ]  # fmt: skip
    links = []
    near = far = coordinator
    near_address = far_address = 0
    routers = 0
    for number, device in enumerate(devices, 1):
        nodes.append(
            {
                "ieeeAddr": device.label.ieee,
                "friendlyName": device.label.name,
                "networkAddress": number,
                "type": "Router" if device.model.mains else "EndDevice",
                "manufacturerName": device.model.vendor,
                "modelID": device.model.model_id,
                "failed": [] if device.online else ["lqi"],
                "lastSeen": None,
                "definition": {
                    "model": device.model.model_id,
                    "vendor": device.model.vendor,
                    "description": device.model.description,
                    "supports": ", ".join(device.fields),
                },
            }  # fmt: skip
        )
        if device.model.mains:
            if routers % _PARENTS_APART == 0:
                near, near_address = coordinator, 0
            links.append(_link(device, number, near, near_address, _SIBLING, routes))
            if routers % _PARENTS_APART == 0:
                near, near_address = device.label.ieee, number
            far, far_address = device.label.ieee, number
            routers += 1
        else:
            links.append(_link(device, number, far, far_address, _CHILD, routes))
    return {"nodes": nodes, "links": links}


def _link(device: Device, number: int, target: str, address: int, relationship: int, routes: bool) -> dict[str, Any]:
    route = [{"destinationAddress": 0, "nextHopAddress": address, "status": "ACTIVE"}] if routes and address else []
    return {
        "source": {"ieeeAddr": device.label.ieee, "networkAddress": number},
        "target": {"ieeeAddr": target, "networkAddress": address},
        "sourceIeeeAddr": device.label.ieee, "targetIeeeAddr": target, "sourceNwkAddr": number,
        "deviceType": 1 if device.model.mains else 2, "relationship": relationship, "depth": 1 if address == 0 else 2,
        "lqi": device.link_quality, "linkquality": device.link_quality, "routes": route,
    }  # fmt: skip


def graphviz(topology: dict[str, Any]) -> str:
    """The map as a drawing's source."""
    lines = ["digraph G {", "node[shape=record];"]
    for node in topology["nodes"]:
        name = node["friendlyName"].replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'  "{node["ieeeAddr"]}" [label="{{{name}|{node["ieeeAddr"]}}}"];')
    for link in topology["links"]:
        lines.append(f'  "{link["sourceIeeeAddr"]}" -> "{link["targetIeeeAddr"]}" [label="{link["lqi"]}"]')
    return "\n".join([*lines, "}"])


def plantuml(topology: dict[str, Any]) -> str:
    """The map as another drawing's source."""
    lines = ["@startuml"]
    for node in topology["nodes"]:
        lines += [f"card {node['ieeeAddr']} [", node["friendlyName"], "]"]
    lines += [f"{link['sourceIeeeAddr']} --> {link['targetIeeeAddr']}: {link['lqi']}" for link in topology["links"]]
    return "\n".join([*lines, "@enduml"])
