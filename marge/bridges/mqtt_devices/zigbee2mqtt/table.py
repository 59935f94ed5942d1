"""What can be asked of a zigbee2mqtt, as a table: services, REST paths and WebSocket commands are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zigbee2mqtt.actions import (
    INTERVIEW_S,
    MAP_S,
    MAX_MAP_S,
    QUICK_S,
    RADIO_S,
    STARTED_S,
    Action,
    Asked,
    Fields,
    bind,
    device_options,
    group_add,
    group_member,
    group_options,
    group_remove,
    group_rename,
    network_map,
    of_bridge,
    of_device,
    of_firmware,
    options,
    ota_update,
    permit_join,
    remove,
    rename,
)
from marge.bridges.mqtt_devices.zigbee2mqtt.network import MAX_PERMIT_JOIN_S, PERMIT_JOIN_S

MAX_NAME, MAX_OPTIONS = 200, 100


def _name(value: Any) -> str:
    """A friendly name that can be part of a topic."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_NAME:
        raise vol.Invalid(f"a name of 1 to {MAX_NAME} characters is wanted")
    name = value.strip()
    if any(char in "+#\0" or ord(char) < 32 for char in name) or name.startswith("/") or name.endswith("/"):
        raise vol.Invalid("a name must not hold + or # or begin or end with a slash")
    return name


def _reference(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MAX_NAME:
        raise vol.Invalid("a text is wanted")
    return value.strip()


def _group(value: Any) -> str | int:
    if type(value) is int and 0 <= value <= 65535:
        return value
    return _reference(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise vol.Invalid("true or false is wanted")


def _options(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not 0 < len(value) <= MAX_OPTIONS or not all(isinstance(k, str) for k in value):
        raise vol.Invalid("a mapping of options is wanted")
    return value


def _endpoint(value: Any) -> str | int:
    return value if type(value) is int and 0 < value < 255 else _reference(value)


_NETWORK: dict[Any, Any] = {vol.Optional("network"): _reference}
_DEVICE: dict[Any, Any] = {vol.Required("device"): _reference, **_NETWORK}
_GROUP: dict[Any, Any] = {vol.Required("group"): _group, **_NETWORK}
_TEXT: Fields = {"selector": {"text": None}}
_SWITCH: Fields = {"default": False, "selector": {"boolean": None}}
_NETWORK_FIELD: Fields = {
    "network": {
        "name": "Network",
        "description": "Base topic, if there are several.",
        "example": "zigbee2mqtt",
        **_TEXT,
    }
}
_DEVICE_FIELD: Fields = {
    "device": {
        "name": "Device", "description": "Friendly name, IEEE address, or device ID.", "required": True,
        "example": "0x00158d00018255df", **_TEXT,
    }
}  # fmt: skip
_GROUP_FIELD: Fields = {
    "group": {"name": "Group", "description": "Name or number of the group.", "required": True, **_TEXT}
}


def _of_device(
    name: str,
    title: str,
    description: str,
    run: Callable[[Asked], dict[str, Any]],
    timeout_s: float,
    schema: Mapping[Any, Any] | None = None,
    fields: Fields | None = None,
) -> Action:
    return Action(
        name, title, description, {**_DEVICE_FIELD, **(fields or {}), **_NETWORK_FIELD},
        {**_DEVICE, **(schema or {})}, run, timeout_s,
    )  # fmt: skip


def _of_group(
    name: str,
    title: str,
    description: str,
    run: Callable[[Asked], dict[str, Any]],
    timeout_s: float,
    schema: Mapping[Any, Any] | None = None,
    fields: Fields | None = None,
) -> Action:
    return Action(
        name, title, description, {**_GROUP_FIELD, **(fields or {}), **_NETWORK_FIELD},
        {**_GROUP, **(schema or {})}, run, timeout_s,
    )  # fmt: skip


_DOWNGRADE = {vol.Optional("downgrade", default=False): _boolean}
_DOWNGRADE_FIELD: Fields = {
    "downgrade": {"name": "Downgrade", "description": "The release before, instead of the latest one.", **_SWITCH}
}
_NAMED = {vol.Required("name"): _name}
_NAME_FIELD: Fields = {
    "name": {"name": "Name", "description": "From now on.", "required": True, "example": "hall_lamp", **_TEXT}
}
_OPTIONS = {vol.Required("options"): _options}
_OPTIONS_FIELD: Fields = {
    "options": {
        "name": "Options", "description": "What changes, by name.", "required": True, "example": '{"retain": true}',
        "selector": {"object": None},
    }
}  # fmt: skip
_FORCED = {vol.Optional("force", default=False): _boolean}
_FORCE_FIELD: Fields = {"force": {"name": "Force", "description": "Forget it even if it does not answer.", **_SWITCH}}
_MEMBER = {**_DEVICE, vol.Optional("endpoint"): _endpoint}
_MEMBER_FIELDS: Fields = {
    **_DEVICE_FIELD, "endpoint": {"name": "Endpoint", "description": "The first one unless given.", **_TEXT}
}  # fmt: skip
_BOUND = {vol.Required("to"): _reference, vol.Optional("clusters"): vol.All([_reference], vol.Length(max=50))}
_BOUND_FIELDS: Fields = {
    "to": {"name": "To", "description": "Device or group that is to be controlled.", "required": True, **_TEXT},
    "clusters": {"name": "Clusters", "description": "All that fit unless given.", "selector": {"object": None}},
}
_SECONDS = vol.All(vol.Any(int, float), vol.Range(min=1, max=MAX_PERMIT_JOIN_S))

ACTIONS: tuple[Action, ...] = (
    Action(
        "permit_join", "Permit joining", "Lets devices join for a while, or not any more.",
        {
            "enable": {"name": "Enable", "description": "Whether devices may join.", "default": True,
                       "selector": {"boolean": None}},
            "time": {"name": "Time", "description": "Seconds; at most 254.", "default": PERMIT_JOIN_S,
                     "selector": {"number": {"min": 1, "max": MAX_PERMIT_JOIN_S, "unit_of_measurement": "seconds"}}},
            "device": {"name": "Device", "description": "Join through this device only.", **_TEXT},
            **_NETWORK_FIELD,
        },
        {
            vol.Optional("enable", default=True): _boolean, vol.Optional("time", default=PERMIT_JOIN_S): _SECONDS,
            vol.Optional("device"): _reference, **_NETWORK,
        },
        permit_join,
    ),
    _of_device(
        "rename", "Rename device", "Gives a device another name. Its history and settings stay.", rename, QUICK_S,
        {**_NAMED, vol.Optional("rename_entities", default=False): _boolean},
        {
            **_NAME_FIELD,
            "rename_entities": {"name": "Rename entities", "description": "Entity IDs follow the new name.", **_SWITCH},
        },
    ),
    _of_device(
        "remove", "Remove device", "Takes a device out of the network.", remove, RADIO_S,
        {**_FORCED, vol.Optional("block", default=False): _boolean},
        {**_FORCE_FIELD, "block": {"name": "Block", "description": "Never let it join again.", **_SWITCH}},
    ),
    _of_device("interview", "Interview device", "Asks a device again what it can do.",
               partial(of_device, "device/interview", INTERVIEW_S), INTERVIEW_S),
    _of_device("configure", "Configure device", "Sets a device's reporting up again.",
               partial(of_device, "device/configure", RADIO_S), RADIO_S),
    _of_device("ota_check", "Check for new firmware", "Looks for newer firmware of a device.",
               partial(of_firmware, "check", INTERVIEW_S), INTERVIEW_S, _DOWNGRADE, _DOWNGRADE_FIELD),
    _of_device("ota_update", "Update firmware", "Starts to update a device's firmware. It may take an hour.",
               ota_update, STARTED_S, _DOWNGRADE, _DOWNGRADE_FIELD),
    _of_device("ota_schedule", "Schedule firmware update", "Updates a device's firmware when it asks for it.",
               partial(of_firmware, "schedule", QUICK_S), QUICK_S, _DOWNGRADE, _DOWNGRADE_FIELD),
    _of_device("ota_unschedule", "Unschedule firmware update", "Takes a scheduled firmware update back.",
               partial(of_firmware, "unschedule", QUICK_S), QUICK_S),
    _of_device("device_options", "Set device options", "Changes zigbee2mqtt's options of a device.",
               device_options, QUICK_S, _OPTIONS, _OPTIONS_FIELD),
    _of_device("bind", "Bind", "Lets a device control another device or a group directly.",
               partial(bind, "device/bind"), RADIO_S, _BOUND, _BOUND_FIELDS),
    _of_device("unbind", "Unbind", "Ends the direct control of a device or a group.",
               partial(bind, "device/unbind"), RADIO_S, _BOUND, _BOUND_FIELDS),
    Action(
        "group_add", "Add group", "Makes a new group.",
        {**_NAME_FIELD, "id": {"name": "Number", "description": "The next free one unless given.",
                               "selector": {"number": {"min": 1, "max": 65527}}}, **_NETWORK_FIELD},
        {**_NAMED, vol.Optional("id"): vol.All(int, vol.Range(1, 65527)), **_NETWORK}, group_add,
    ),
    _of_group("group_remove", "Remove group", "Removes a group; its devices stay.", group_remove, RADIO_S,
              _FORCED, _FORCE_FIELD),
    _of_group("group_rename", "Rename group", "Gives a group another name.", group_rename, QUICK_S,
              _NAMED, _NAME_FIELD),
    _of_group("group_options", "Set group options", "Changes zigbee2mqtt's options of a group.", group_options, QUICK_S,
              _OPTIONS, _OPTIONS_FIELD),
    _of_group("group_member_add", "Add to group", "Adds a device to a group.",
              partial(group_member, "group/members/add"), RADIO_S, _MEMBER, _MEMBER_FIELDS),
    _of_group("group_member_remove", "Remove from group", "Takes a device out of a group.",
              partial(group_member, "group/members/remove"), RADIO_S, _MEMBER, _MEMBER_FIELDS),
    Action(
        "network_map", "Network map", "Asks all routers whom they hear. Takes minutes and slows the network down.",
        {
            "type": {"name": "Type", "description": "Data, or a drawing's source.", "default": "raw",
                     "selector": {"select": {"options": ["raw", "graphviz", "plantuml"]}}},
            "routes": {"name": "Routes", "description": "Routing tables, too.", **_SWITCH},
            "timeout": {"name": "Timeout", "description": "Seconds to wait.", "default": int(MAP_S),
                        "selector": {"number": {"min": 1, "max": int(MAX_MAP_S), "unit_of_measurement": "seconds"}}},
            **_NETWORK_FIELD,
        },
        {
            vol.Optional("type", default="raw"): vol.In(("raw", "graphviz", "plantuml")),
            vol.Optional("routes", default=False): _boolean,
            vol.Optional("timeout", default=MAP_S): vol.All(vol.Any(int, float), vol.Range(1, MAX_MAP_S)), **_NETWORK,
        },
        network_map, MAX_MAP_S,
    ),
    Action("options", "Set bridge options", "Changes zigbee2mqtt's own settings.", {**_OPTIONS_FIELD, **_NETWORK_FIELD},
           {**_OPTIONS, **_NETWORK}, options),
    Action("restart", "Restart", "Restarts zigbee2mqtt.", _NETWORK_FIELD, _NETWORK, partial(of_bridge, "restart")),
    Action("health_check", "Health check", "Asks zigbee2mqtt whether it is well.", _NETWORK_FIELD, _NETWORK,
           partial(of_bridge, "health_check")),
    Action("coordinator_check", "Coordinator check", "Looks for routers that the coordinator has lost.", _NETWORK_FIELD,
           _NETWORK, partial(of_bridge, "coordinator_check")),
)  # fmt: skip
