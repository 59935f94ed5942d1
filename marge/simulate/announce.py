"""What a zigbee2mqtt network says about itself: discovery configs, the bridge's topics, the list of devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

import orjson

from marge.simulate.devices.base import Device, Topics
from marge.simulate.house import House
from marge.simulate.messages import Message
from marge.simulate.zigbee.groups import Group
from marge.version import VERSION

COORDINATOR_PREFIX = "0x00124b0001"
USUAL_BASE = "zigbee2mqtt"
SPOKEN_VERSION = "2.6.0"
"""The zigbee2mqtt release whose message shapes are spoken here."""

ORIGIN = {"name": "Marge simulator", "sw": VERSION}
JSON_STATE = "{{ value_json.state }}"


def coordinator_of(base: str) -> str:
    """The address of a network's coordinator."""
    return f"{COORDINATOR_PREFIX}{0 if base == USUAL_BASE else crc32(base.encode()) & 0xFFFFFF:06x}"


def bridge_identifier(base: str) -> str:
    """What discovery calls the bridge."""
    return f"zigbee2mqtt_bridge_{coordinator_of(base)}"


def topics_of(device: Device, base: str) -> Topics:
    """The topics of a device below the base topic."""
    state = f"{base}/{device.label.name}"
    return Topics(state=state, set=f"{state}/set", availability=f"{state}/availability")


def discovery(device: Device, base: str, prefix: str) -> Message:
    """The retained Home Assistant discovery config of the device's entity."""
    label, topics = device.label, topics_of(device, base)
    payload: dict[str, Any] = {
        "name": None,
        "object_id": label.object_id,
        "unique_id": f"{label.ieee}_{device.object_name}_zigbee2mqtt",
        "state_topic": topics.state,
        "availability": [
            {"topic": f"{base}/bridge/state", "value_template": JSON_STATE},
            {"topic": topics.availability, "value_template": JSON_STATE},
        ],
        "availability_mode": "all",
        "device": {
            "identifiers": [f"zigbee2mqtt_{label.ieee}"],
            "manufacturer": device.model.vendor,
            "model": device.model.description,
            "model_id": device.model.model_id,
            "name": label.name,
            "sw_version": "1.0",
            "via_device": bridge_identifier(base),
        },
        "enabled_by_default": True,
        "origin": ORIGIN,
    }
    if label.room is not None:
        payload["device"]["suggested_area"] = label.room
    payload |= device.announcement(topics)
    if device.component == "climate":
        # The climate component has a topic for each of its values and none for "the" state.
        del payload["state_topic"]
    return Message.json(discovery_topics(device, prefix)[0], payload, retain=True, qos=1)


def discovery_topics(device: Device, prefix: str) -> list[str]:
    """Where the device's entities are announced; its own first."""
    topics = [f"{prefix}/{device.component}/{device.label.ieee}/{device.object_name}/config"]
    return topics if device.firmware is None else [*topics, f"{prefix}/update/{device.label.ieee}/update/config"]


def update_discovery(device: Device, base: str, prefix: str) -> Message:
    """The announcement of the entity for the device's firmware."""
    entity = orjson.loads(discovery(device, base, prefix).payload)
    kept = {name: entity[name] for name in ("availability", "availability_mode", "device", "origin")}
    payload = {
        **kept, "name": None, "object_id": device.label.object_id,
        "unique_id": f"{device.label.ieee}_update_zigbee2mqtt", "device_class": "firmware", "entity_category": "config",
        "state_topic": topics_of(device, base).state, "latest_version_topic": topics_of(device, base).state,
        "command_topic": f"{base}/bridge/request/device/ota_update/update",
        "payload_install": f'{{"id": "{device.label.ieee}"}}', "enabled_by_default": True,
        "value_template": (
            "{\"latest_version\":\"{{ value_json['update']['latest_version'] }}\","
            "\"installed_version\":\"{{ value_json['update']['installed_version'] }}\","
            "\"update_percentage\":{{ value_json['update'].get('progress', 'null') }},"
            "\"in_progress\":{{ (value_json['update']['state'] == 'updating')|lower }}}"
        ),
    }  # fmt: skip
    del payload["latest_version_topic"]
    return Message.json(discovery_topics(device, prefix)[-1], payload, retain=True, qos=1)


def encoded(base: str) -> str:
    """The base topic in digits: tells the groups of several networks apart."""
    return "".join(str(ord(letter)) for letter in base)


def group_discovery_topic(group: Group, base: str, prefix: str, component: str) -> str:
    return f"{prefix}/{component}/{encoded(base)}_{group.number}/{component}/config"


def group_discovery(group: Group, base: str, prefix: str) -> Message | None:
    """The announcement of a group's entity; None: its members have nothing in common."""
    component = group.component
    if component is None:
        return None
    payload: dict[str, Any] = {
        "name": None,
        "object_id": group.object_id,
        "unique_id": f"{group.number}_{component}_{base}",
        "state_topic": f"{base}/{group.name}",
        "availability": [
            {"topic": f"{base}/bridge/state", "value_template": JSON_STATE},
            {"topic": f"{base}/{group.name}/availability", "value_template": JSON_STATE},
        ],
        "availability_mode": "all",
        "device": {
            "identifiers": [f"zigbee2mqtt_{encoded(base)}_{group.number}"], "manufacturer": "Zigbee2MQTT",
            "model": "Group", "name": group.name, "sw_version": SPOKEN_VERSION, "via_device": bridge_identifier(base),
        },
        "origin": ORIGIN,
        **group.announcement(f"{base}/{group.name}/set"),
    }  # fmt: skip
    return Message.json(group_discovery_topic(group, base, prefix, component), payload, retain=True, qos=1)


def bridge_discovery(base: str, prefix: str) -> list[Message]:
    """The announcements of the bridge's own entities."""
    common: dict[str, Any] = {
        "availability": [{"topic": f"{base}/bridge/state", "value_template": JSON_STATE}],
        "availability_mode": "all",
        "device": {
            "identifiers": [bridge_identifier(base)], "manufacturer": "Zigbee2MQTT", "model": "Bridge",
            "name": "Zigbee2MQTT Bridge", "hw_version": "zStack3x0 20210708", "sw_version": SPOKEN_VERSION,
        },
        "origin": ORIGIN,
    }  # fmt: skip
    request, info = f"{base}/bridge/request", f"{base}/bridge/info"
    entities: list[tuple[str, str, dict[str, Any]]] = [
        ("binary_sensor", "connection_state", {
            "name": "Connection state", "device_class": "connectivity", "entity_category": "diagnostic",
            "state_topic": f"{base}/bridge/state", "value_template": JSON_STATE, "payload_on": "online",
            "payload_off": "offline", "availability": [],
        }),
        ("button", "restart", {
            "name": "Restart", "device_class": "restart", "command_topic": f"{request}/restart", "payload_press": "",
        }),
        ("switch", "permit_join", {
            "name": "Permit join", "icon": "mdi:human-greeting-proximity", "state_topic": info,
            "command_topic": f"{request}/permit_join", "value_template": "{{ value_json.permit_join | lower }}",
            "state_on": "true", "state_off": "false", "payload_on": '{"time": 254}', "payload_off": '{"time": 0}',
        }),
        ("sensor", "version", {
            "name": "Version", "icon": "mdi:zigbee", "entity_category": "diagnostic", "state_topic": info,
            "value_template": "{{ value_json.version }}",
        }),
    ]  # fmt: skip
    found = []
    for component, name, own in entities:
        payload = {
            **common, "object_id": f"zigbee2mqtt_bridge_{name}",
            "unique_id": f"bridge_{coordinator_of(base)}_{name}_{base}", **own,
        }  # fmt: skip
        if not payload["availability"]:
            del payload["availability"], payload["availability_mode"]
        topic = f"{prefix}/{component}/{coordinator_of(base)}/{name}/config"
        found.append(Message.json(topic, payload, retain=True, qos=1))
    return found


def bridge_state(base: str, online: bool) -> Message:
    """Whether the bridge is there; the offline one is also its last will."""
    return Message.json(f"{base}/bridge/state", {"state": "online" if online else "offline"}, retain=True, qos=1)


def bridge_info(
    base: str, prefix: str, permit_until: float | None, *, discovery_on: bool = True, restart_required: bool = False
) -> Message:
    """The bridge about itself. `permit_until`: UTC epoch seconds; None: nobody may join."""
    info: dict[str, Any] = {
        "version": SPOKEN_VERSION,
        "commit": "simulator",
        "coordinator": {"type": "zStack3x0", "ieee_address": coordinator_of(base), "meta": {"revision": 20210708}},
        "network": {"channel": 11, "pan_id": 6754, "extended_pan_id": "0xdddddddddddddddd"},
        "log_level": "info",
        "permit_join": permit_until is not None,
        "restart_required": restart_required,
        "config": {
            "mqtt": {"base_topic": base},
            "homeassistant": {"enabled": discovery_on, "discovery_topic": prefix, "status_topic": f"{prefix}/status"},
            "availability": {"enabled": True},
        },
    }
    if permit_until is not None:
        info["permit_join_end"] = round(permit_until * 1000)
    return Message.json(f"{base}/bridge/info", info, retain=True)


def bridge_health(base: str) -> Message:
    """The bridge about how it is."""
    health = {
        "response_time": 0, "os": {"load_average": [0.1, 0.1, 0.1], "memory_used_mb": 900, "memory_percent": 45.2},
        "process": {"uptime_sec": 60, "memory_used_mb": 120, "memory_percent": 6.1},
        "mqtt": {"connected": True, "queued": 0, "published": 0, "received": 0}, "devices": {},
    }  # fmt: skip
    return Message.json(f"{base}/bridge/health", health, retain=True)


def event(base: str, kind: str, data: Mapping[str, Any]) -> Message:
    """Something has happened in the network."""
    return Message.json(f"{base}/bridge/event", {"type": kind, "data": dict(data)})


def bridge_devices(house: House, base: str) -> Message:
    """Every device with its definition, the coordinator first."""
    coordinator = {
        "ieee_address": coordinator_of(base), "type": "Coordinator", "network_address": 0, "supported": True,
        "friendly_name": "Coordinator", "disabled": False, "definition": None, "interviewing": False,
        "interview_completed": True, "interview_state": "SUCCESSFUL", "endpoints": {},
    }  # fmt: skip
    listed = [coordinator] + [_device_entry(device, number + 1) for number, device in enumerate(house.devices)]
    return Message.json(f"{base}/bridge/devices", listed, retain=True)


def _device_entry(device: Device, network_address: int) -> dict[str, Any]:
    model = device.model
    return {
        "ieee_address": device.label.ieee,
        "type": "Router" if model.mains else "EndDevice",
        "network_address": network_address,
        "supported": device.is_known,
        "friendly_name": device.label.name,
        "disabled": False,
        "definition": definition(device) if device.is_known else None,
        "power_source": "Mains (single phase)" if model.mains else "Battery",
        "software_build_id": None if device.firmware is None else device.firmware.build,
        "model_id": model.model_id,
        "manufacturer": model.vendor,
        "interviewing": device.interview == "IN_PROGRESS",
        "interview_completed": device.is_known,
        "interview_state": device.interview,
        "endpoints": {"1": {"bindings": [], "configured_reportings": [], "clusters": {"input": [], "output": []}}},
    }


def definition(device: Device) -> dict[str, Any]:
    """What kind of device it is."""
    return {
        "model": device.model.model_id,
        "vendor": device.model.vendor,
        "description": device.model.description,
        "exposes": device.exposes(),
        "options": [],
        "supports_ota": device.firmware is not None,
    }


def bridge_groups(groups: Iterable[Group], base: str) -> Message:
    """The Zigbee groups with their members."""
    return Message.json(f"{base}/bridge/groups", [group.entry() for group in groups], retain=True)


def group_report(group: Group, base: str) -> Message:
    """The group's state."""
    return Message.json(f"{base}/{group.name}", group.report(), retain=True)


def availability(device: Device, base: str) -> Message:
    """Whether the device can be reached."""
    state = {"state": "online" if device.online else "offline"}
    return Message.json(topics_of(device, base).availability, state, retain=True, qos=1)


def report(device: Device, base: str) -> Message:
    """The device's state. Retained, so that a server that comes later knows it at once."""
    return Message.json(topics_of(device, base).state, device.report(), retain=True)
