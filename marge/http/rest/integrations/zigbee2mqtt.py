"""`/api/integrations/zigbee2mqtt`: the networks, their devices and groups, and letting more devices join.

Not here: the other requests to zigbee2mqtt (`zigbee2mqtt_actions.py`).
"""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices import TOPICS
from marge.bridges.mqtt_devices.zigbee2mqtt import hub_of
from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice
from marge.bridges.mqtt_devices.zigbee2mqtt.hub import Zigbee2Mqtt
from marge.bridges.mqtt_devices.zigbee2mqtt.network import MAX_PERMIT_JOIN_S, PERMIT_JOIN_S, Network
from marge.bridges.mqtt_devices.zigbee2mqtt.registry import identifier
from marge.errors import MargeError, NotFound
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest._assign import fields
from marge.http.rest.integrations._family import Family, Summary, failed
from marge.http.routing import route
from marge.http.shapes import BOOLEAN, INTEGER, OBJECT, STRING, Answer, Body, Query, list_of, obj
from marge.model import dumps
from marge.util.breathe import in_turns

_SECONDS = vol.Any(
    None, vol.All(vol.Any(int, float), vol.Range(0, 86_400, min_included=False)),
    msg="duration must be a number of seconds.",
)  # fmt: skip
_NAME = "{} must be a text of at most 200 characters."
_JOIN = vol.Schema(
    {
        vol.Required("enable", msg="enable must be true or false."): vol.All(bool, msg="enable must be true or false."),
        vol.Optional("duration"): _SECONDS,
        vol.Optional("network"): vol.Any(None, vol.All(str, vol.Length(1, 200)), msg=_NAME.format("network")),
        vol.Optional("device"): vol.Any(None, vol.All(str, vol.Length(1, 200)), msg=_NAME.format("device")),
    },
    extra=vol.REMOVE_EXTRA,
)
_ZIGBEE = obj(bridge_state=STRING, permit_join=BOOLEAN, device_count=INTEGER, devices=list_of(OBJECT))
NETWORK_QUERY = {"network": Query("Base topic of one network; all unless given.")}


def _summary(home: Home) -> Summary:
    hub = hub_of(home)
    if hub is None:
        return Summary("offline", 0)
    networks = list(hub.networks.values())
    online = any(network.state == "online" for network in networks)
    return Summary("online" if online else "offline", sum(network.device_count for network in networks))


FAMILY = Family("zigbee2mqtt", "Zigbee2MQTT", 1, _summary)


@route("GET", "/api/integrations/zigbee2mqtt", replies={200: Answer("The bridge and its devices.", _ZIGBEE)})
def zigbee2mqtt(home: Home, _request: Request) -> Reply:
    """The bridge's state ("unknown" until it says something), its devices, whether more may join. Of several bridges:
    the best state, and all devices."""
    hub = hub_of(home)
    networks = [] if hub is None else list(hub.networks.values())
    states = {network.state for network in networks}
    state = next((each for each in ("online", "offline") if each in states), "unknown")
    devices = [device.listed() for network in networks for device in in_turns(list(network.members()))]
    permit_join = any(network.permit_join.open for network in networks)
    return json_reply(
        {"bridge_state": state, "permit_join": permit_join, "device_count": len(devices), "devices": devices}
    )


@route(
    "POST", "/api/integrations/zigbee2mqtt/permit_join", access="admin", body=Body(_JOIN),
    replies={200: Answer("Asked, or why not.", obj(result=STRING, permit_join_=BOOLEAN, message_=STRING))},
)  # fmt: skip
def permit_join(home: Home, request: Request) -> Reply:
    """Ask zigbee2mqtt to let devices join for `duration` seconds (`enable`), or not any more. Does not wait for its
    answer; the service `zigbee2mqtt.permit_join` does."""
    sent = fields(request, _JOIN)
    enable = sent["enable"]
    duration = sent.get("duration") or PERMIT_JOIN_S
    seconds = min(int(duration) or 1, MAX_PERMIT_JOIN_S)
    wish: dict[str, Any] = {"value": enable, "time": seconds if enable else 0}
    hub, topics = hub_of(home), home.shared.get(TOPICS)
    if hub is None or topics is None:
        return failed("The message could not be sent: there is no MQTT in this home")
    try:
        network = hub.network(sent.get("network"))
        if sent.get("device"):
            wish["device"] = hub.device(sent["device"], network.base)[1].friendly_name
        topics.publish_now(f"{network.base}/bridge/request/permit_join", dumps(wish))
    except MargeError as exc:
        return failed(f"The message could not be sent: {exc}")
    network.asked_to_join(enable, seconds, wish.get("device"))
    return json_reply({"result": "ok", "permit_join": enable})


@route(
    "GET", "/api/integrations/zigbee2mqtt/networks", access="admin",
    replies={200: Answer("Those that were heard of.", list_of(OBJECT))},
)  # fmt: skip
def networks(home: Home, _request: Request) -> Reply:
    """Each zigbee2mqtt: state, version, coordinator, whether devices may join and until when, its health."""
    hub = hub_of(home)
    return json_reply([] if hub is None else [network.describe() for network in hub.known()])


@route(
    "GET", "/api/integrations/zigbee2mqtt/devices", access="admin", query=NETWORK_QUERY,
    replies={200: Answer("All devices, without what they can do.", list_of(OBJECT))},
)  # fmt: skip
def devices(home: Home, request: Request) -> Reply:
    """All devices with availability, interview state, firmware and groups; `definition` without `exposes`."""
    found = [
        describe_device(home, network, device, short=True)
        for network in _wanted(home, request)
        for device in in_turns(list(network.members()))
    ]
    return json_reply(found)


@route(
    "GET", "/api/integrations/zigbee2mqtt/devices/<path:device>", access="admin", query=NETWORK_QUERY,
    replies={200: Answer("The device.", OBJECT)},
)  # fmt: skip
def device(home: Home, request: Request) -> Reply:
    """One device, by IEEE address, friendly name or device id, with all that it exposes."""
    hub = needed(home)
    network, found = hub.device(request.args["device"], request.query.get("network"))
    return json_reply(describe_device(home, network, found))


@route(
    "GET", "/api/integrations/zigbee2mqtt/groups", access="admin", query=NETWORK_QUERY,
    replies={200: Answer("All groups.", list_of(OBJECT))},
)  # fmt: skip
def groups(home: Home, request: Request) -> Reply:
    """The Zigbee groups with their members and scenes."""
    wanted = _wanted(home, request)
    return json_reply(
        [{"base_topic": each.base, **group.as_dict()} for each in wanted for group in each.groups.values()]
    )


@route(
    "GET", "/api/integrations/zigbee2mqtt/network_map", access="admin", query=NETWORK_QUERY,
    replies={200: Answer("The last one, and whether one is being made.", OBJECT)},
)  # fmt: skip
def network_map(home: Home, request: Request) -> Reply:
    """The last network map that was made. POST makes a new one, which takes minutes."""
    network = needed(home).network(request.query.get("network"))
    last = network.map
    shown = None if last is None else last._asdict()
    return json_reply({"network": network.base, "in_progress": network.mapping, "map": shown})


def needed(home: Home) -> Zigbee2Mqtt:
    """The home's zigbee2mqtts.

    Raises:
        NotFound: it has no MQTT.
    """
    hub = hub_of(home)
    if hub is None:
        raise NotFound("There is no MQTT in this home")
    return hub


def describe_device(home: Home, network: Network, found: ZigbeeDevice, short: bool = False) -> dict[str, Any]:
    """A device as the API shows it, with the id of its entry in the device registry.

    Args:
        short: without what it exposes and can be set to, which is long.
    """
    shown = network.describe_device(found)
    if short and shown["definition"] is not None:
        shown["definition"] = {k: v for k, v in shown["definition"].items() if k not in ("exposes", "options")}
    entry = home.registries.devices.find([identifier(found.ieee_address)])
    return {**shown, "device_id": None if entry is None else entry.id}


def _wanted(home: Home, request: Request) -> list[Network]:
    hub = hub_of(home)
    base = request.query.get("network")
    if base is not None:
        return [needed(home).network(base)]
    return [] if hub is None else hub.known()
