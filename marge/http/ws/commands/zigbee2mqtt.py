"""zigbee2mqtt over WebSocket: networks, devices, groups, what happens there, and everything that can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.bridges.mqtt_devices.zigbee2mqtt.actions import Action, perform
from marge.bridges.mqtt_devices.zigbee2mqtt.table import ACTIONS
from marge.http.rest.integrations.zigbee2mqtt import describe_device, needed
from marge.http.ws.registry import Command, command, command_of
from marge.http.ws.session import Session
from marge.util.breathe import in_turns

_NETWORK = {vol.Optional("network"): str}
_RENAMED = {"id": "group_id", "type": "map_type"}
"""Fields of services that mean something else in a message."""


@command("zigbee2mqtt/networks", admin=True)
def networks(session: Session, message: dict[str, Any]) -> None:
    """Each zigbee2mqtt that was heard of."""
    session.result(message["id"], [network.describe() for network in needed(session.home).known()])


@command("zigbee2mqtt/devices", _NETWORK, admin=True, waits=True)
def devices(session: Session, message: dict[str, Any]) -> None:
    """All devices, or those of one network, without what they expose."""
    hub = needed(session.home)
    wanted = [hub.network(message["network"])] if "network" in message else hub.known()
    found = [
        describe_device(session.home, network, device, short=True)
        for network in wanted
        for device in in_turns(list(network.members()))
    ]
    session.result(message["id"], found)


@command("zigbee2mqtt/device", {vol.Required("device"): str, **_NETWORK}, admin=True)
def device(session: Session, message: dict[str, Any]) -> None:
    """One device with all that it exposes."""
    network, found = needed(session.home).device(message["device"], message.get("network"))
    session.result(message["id"], describe_device(session.home, network, found))


@command("zigbee2mqtt/groups", _NETWORK, admin=True)
def groups(session: Session, message: dict[str, Any]) -> None:
    """All groups, or those of one network."""
    hub = needed(session.home)
    wanted = [hub.network(message["network"])] if "network" in message else hub.known()
    found = [{"base_topic": each.base, **group.as_dict()} for each in wanted for group in each.groups.values()]
    session.result(message["id"], found)


@command("zigbee2mqtt/subscribe", admin=True)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """What happens in the networks: devices join, are interviewed and leave; firmware; joining opens and closes."""
    end = needed(session.home).listen(lambda event: session.event(message["id"], event.as_dict()))
    session.subscribe(message["id"], end)
    session.result(message["id"])


def _asker(action: Action) -> Callable[[Session, dict[str, Any]], None]:
    def ask(session: Session, message: dict[str, Any]) -> None:
        data = {name: value for name, value in message.items() if name not in _RENAMED}
        data |= {name: data.pop(here) for name, here in _RENAMED.items() if here in data}
        session.result(message["id"], perform(session.home, needed(session.home), action, data))

    ask.__doc__ = action.description
    return ask


def _fields(action: Action) -> dict[Any, Any]:
    """The service's, under names that a message has free."""
    found: dict[Any, Any] = {}
    for key, valid in action.schema.items():
        name = _RENAMED.get(str(key))
        found[key if name is None else type(key)(name, default=getattr(key, "default", vol.UNDEFINED))] = valid
    return found


COMMANDS: list[Command] = [
    command_of(command(f"zigbee2mqtt/{action.name}", _fields(action), admin=True, waits=True)(_asker(action)))
    for action in ACTIONS
]
"""Each action of the table. Fields as the service's, but `group_id` for `id` and `map_type` for `type`."""
