"""The table of what one can ask of a Z-Wave network, for REST and for services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zwave.actions import (
    COMMAND_CLASS,
    INVOKE,
    LONG_S,
    NAME,
    SET_VALUE,
    VALUE_ID,
    Action,
    value_id,
)
from marge.util.schema import boolean

STRATEGIES = {"default": 0, "smart_start": 1, "insecure": 2, "s0": 3, "s2": 4}
EXCLUSIONS = {"exclude_only": 0, "disable_provisioning_entry": 1, "unprovision": 2}
_KEYS = vol.All([vol.All(int, vol.Range(0, 7))], vol.Length(max=4))
_QR = vol.All(str, vol.Length(1, 500))


def _write(sent: Mapping[str, Any]) -> list[Any]:
    written = {**value_id(sent), "value": sent["value"]}
    return [written, sent["value"], *([sent["options"]] if sent.get("options") else [])]


def _inclusion(sent: Mapping[str, Any]) -> list[Any]:
    names = {
        "name": "name",
        "location": "location",
        "dsk": "dsk",
        "qr_code": "qrString",
        "force_security": "forceSecurity",
    }
    options = {theirs: sent[ours] for ours, theirs in names.items() if sent.get(ours) is not None}
    return [STRATEGIES[sent["strategy"]], *([options] if options else [])]


def _node(sent: Mapping[str, Any]) -> list[Any]:
    return [sent["node_id"]]


def _none(_sent: Mapping[str, Any]) -> list[Any]:
    return []


ACTIONS: tuple[Action, ...] = (
    Action(
        "start_inclusion",
        "Add a device",
        "Lets devices join the Z-Wave network.",
        "startInclusion",
        _inclusion,
        {
            vol.Optional("strategy", default="default"): vol.In(sorted(STRATEGIES)),
            vol.Optional("name"): NAME,
            vol.Optional("location"): NAME,
            vol.Optional("dsk"): NAME,
            vol.Optional("qr_code"): _QR,
            vol.Optional("force_security"): boolean,
        },
        False,
    ),
    Action("stop_inclusion", "Stop adding", "Lets no more devices join.", "stopInclusion", _none, {}, False),
    Action(
        "start_exclusion",
        "Remove a device",
        "Lets devices leave the Z-Wave network.",
        "startExclusion",
        lambda sent: [{"strategy": EXCLUSIONS[sent["strategy"]]}],
        {vol.Optional("strategy", default="disable_provisioning_entry"): vol.In(sorted(EXCLUSIONS))},
        False,
    ),
    Action("stop_exclusion", "Stop removing", "Lets no more devices leave.", "stopExclusion", _none, {}, False),
    Action(
        "grant_security_classes",
        "Grant keys",
        "Answers which keys a joining device gets.",
        "grantSecurityClasses",
        lambda sent: [{"securityClasses": sent["security_classes"], "clientSideAuth": sent["client_side_auth"]}],
        {
            vol.Required("security_classes"): _KEYS,
            vol.Optional("client_side_auth", default=False): boolean,
        },
        False,
    ),
    Action(
        "validate_dsk",
        "Confirm a device's key",
        "Sends the first five digits of a joining device's key.",
        "validateDSK",
        lambda sent: [sent["pin"]],
        {vol.Required("pin"): vol.All(str, vol.Match(r"^\d{5}$"))},
        False,
    ),
    Action(
        "abort_inclusion", "Give up adding", "Gives up a device that is joining.", "abortInclusion", _none, {}, False
    ),
    Action(
        "rebuild_routes",
        "Rebuild all routes",
        "Has the whole network look for its routes anew.",
        "beginRebuildingRoutes",
        lambda sent: [{"includeSleeping": sent["include_sleeping"]}],
        {vol.Optional("include_sleeping", default=False): boolean},
        False,
    ),
    Action("stop_rebuilding_routes", "Stop rebuilding routes", "Ends it.", "stopRebuildingRoutes", _none, {}, False),
    Action("ping", "Ping a node", "Asks whether a node can be reached.", "pingNode", _node, {}, timeout_s=LONG_S),
    Action(
        "refresh_info", "Interview a node", "Has a node interviewed anew.", "refreshInfo", _node, {}, timeout_s=LONG_S
    ),
    Action(
        "refresh_values",
        "Refresh a node's values",
        "Asks a node for all of its values.",
        "refreshValues",
        _node,
        {},
        timeout_s=LONG_S,
    ),
    Action(
        "refresh_command_class",
        "Refresh a command class",
        "Asks a node for the values of one command class.",
        "refreshCCValues",
        lambda sent: [sent["node_id"], sent["command_class"]],
        {vol.Required("command_class"): COMMAND_CLASS},
        timeout_s=LONG_S,
    ),
    Action(
        "poll_value",
        "Refresh a value",
        "Asks a node for one value.",
        "pollValue",
        lambda sent: [value_id(sent)],
        VALUE_ID,
        timeout_s=LONG_S,
    ),
    Action("set_value", "Set a value", "Writes a value of a node.", "writeValue", _write, SET_VALUE),
    Action(
        "remove_failed_node",
        "Remove a dead node",
        "Removes a node that cannot be reached any more.",
        "removeFailedNode",
        _node,
        {},
        timeout_s=LONG_S,
    ),
    Action(
        "replace_failed_node",
        "Replace a dead node",
        "Lets a new device take a dead node's place.",
        "replaceFailedNode",
        lambda sent: [sent["node_id"], STRATEGIES[sent["strategy"]]],
        {vol.Optional("strategy", default="s2"): vol.In(sorted(STRATEGIES))},
        timeout_s=LONG_S,
    ),
    Action(
        "rebuild_node_routes",
        "Rebuild a node's routes",
        "Has a node look for its routes anew.",
        "rebuildNodeRoutes",
        _node,
        {},
        timeout_s=LONG_S,
    ),
    Action(
        "set_node_name",
        "Name a node",
        "Names a node, in Z-Wave JS UI and its topics.",
        "setNodeName",
        lambda sent: [sent["node_id"], sent["name"]],
        {vol.Required("name"): NAME},
    ),
    Action(
        "set_node_location",
        "Place a node",
        "Says where a node is, in Z-Wave JS UI and its topics.",
        "setNodeLocation",
        lambda sent: [sent["node_id"], sent["location"]],
        {vol.Required("location"): NAME},
    ),
    Action(
        "invoke_cc_api",
        "Call a command class",
        "Calls a method of a command class.",
        "sendCommand",
        lambda sent: [
            {"nodeId": sent["node_id"], "endpoint": sent["endpoint"], "commandClass": sent["command_class"]},
            sent["method_name"],
            sent["parameters"],
        ],
        INVOKE,
        timeout_s=LONG_S,
    ),
    Action(
        "firmware_updates",
        "Look for firmware",
        "Which firmware there is for a node.",
        "getAvailableFirmwareUpdates",
        _node,
        {},
        timeout_s=LONG_S,
    ),
    Action(
        "abort_firmware_update",
        "Stop a firmware update",
        "Gives up a node's firmware update.",
        "abortFirmwareUpdate",
        _node,
        {},
        timeout_s=LONG_S,
    ),
)
