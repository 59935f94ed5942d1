"""What a zigbee2mqtt network says about itself: discovery configs, the bridge's topics, the list of devices."""

from __future__ import annotations

from typing import Any

from marge.simulate.devices.base import Device, Topics
from marge.simulate.house import House
from marge.simulate.messages import Message
from marge.version import VERSION

COORDINATOR_IEEE = "0x00124b0001000000"
BRIDGE_IDENTIFIER = f"zigbee2mqtt_bridge_{COORDINATOR_IEEE}"
SPOKEN_VERSION = "2.1.3"
"""The zigbee2mqtt release whose message shapes are spoken here."""

ORIGIN = {"name": "Marge simulator", "sw": VERSION}
JSON_STATE = "{{ value_json.state }}"


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
            "via_device": BRIDGE_IDENTIFIER,
        },
        "enabled_by_default": True,
        "origin": ORIGIN,
    }
    payload |= device.announcement(topics)
    if device.component == "climate":
        # The climate component has a topic for each of its values and none for "the" state.
        del payload["state_topic"]
    topic = f"{prefix}/{device.component}/{label.ieee}/{device.object_name}/config"
    return Message.json(topic, payload, retain=True, qos=1)


def bridge_state(base: str, online: bool) -> Message:
    """Whether the bridge is there; the offline one is also its last will."""
    return Message.json(f"{base}/bridge/state", {"state": "online" if online else "offline"}, retain=True, qos=1)


def bridge_info(base: str, prefix: str, permit_join: bool) -> Message:
    """The bridge about itself."""
    info = {
        "version": SPOKEN_VERSION,
        "commit": "simulator",
        "coordinator": {"type": "zStack3x0", "ieee_address": COORDINATOR_IEEE, "meta": {"revision": 20210708}},
        "network": {"channel": 11, "pan_id": 6754, "extended_pan_id": "0xdddddddddddddddd"},
        "log_level": "info",
        "permit_join": permit_join,
        "restart_required": False,
        "config": {
            "mqtt": {"base_topic": base},
            "homeassistant": {"enabled": True, "discovery_topic": prefix},
            "availability": {"enabled": True},
        },
    }
    return Message.json(f"{base}/bridge/info", info, retain=True)


def bridge_devices(house: House, base: str) -> Message:
    """Every device with its definition, the coordinator first."""
    coordinator = {
        "ieee_address": COORDINATOR_IEEE, "type": "Coordinator", "network_address": 0, "supported": True,
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
        "supported": True,
        "friendly_name": device.label.name,
        "disabled": False,
        "definition": {
            "model": model.model_id,
            "vendor": model.vendor,
            "description": model.description,
            "exposes": device.exposes(),
            "options": [],
            "supports_ota": False,
        },
        "power_source": "Mains (single phase)" if model.mains else "Battery",
        "model_id": model.model_id,
        "manufacturer": model.vendor,
        "interviewing": False,
        "interview_completed": True,
        "interview_state": "SUCCESSFUL",
        "endpoints": {"1": {"bindings": [], "configured_reportings": [], "clusters": {"input": [], "output": []}}},
    }


def bridge_groups(base: str) -> Message:
    """The simulated network has no Zigbee groups."""
    return Message.json(f"{base}/bridge/groups", [], retain=True)


def availability(device: Device, base: str) -> Message:
    """Whether the device can be reached."""
    state = {"state": "online" if device.online else "offline"}
    return Message.json(topics_of(device, base).availability, state, retain=True, qos=1)


def report(device: Device, base: str) -> Message:
    """The device's state. Retained, so that a server that comes later knows it at once."""
    return Message.json(topics_of(device, base).state, device.report(), retain=True)
