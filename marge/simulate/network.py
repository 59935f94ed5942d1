"""The simulated zigbee2mqtt without its sockets: a message comes in, messages (now or later) go out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import orjson
import structlog

from marge.simulate import announce
from marge.simulate.devices.base import Device
from marge.simulate.house import House
from marge.simulate.messages import Effects, Later, Message
from marge.simulate.zigbee.behaviour import DEMO, Behaviour
from marge.simulate.zigbee.firmware import STEPS
from marge.simulate.zigbee.groups import Group, Groups
from marge.simulate.zigbee.joining import Joining
from marge.simulate.zigbee.requests import Requests

log = structlog.get_logger("marge.simulate")

JITTER = 0.2
"""By which share a device is quicker or slower than its kind. Always the same for one device: its echoes keep the order
of its commands."""

GROUP_ECHO_S = 0.06
_NAMES = ("+", "+/+", "+/+/+")
"""Friendly names may have slashes."""
_PLAYS = ("power", "join", "leave", "reach")
"""Topics that only the simulated house has: what only the physical world can do."""


class Network:
    """Answers messages as zigbee2mqtt would, and the play topics that only the simulated house has.

    Not thread-safe: one loop feeds it. Nothing that arrives makes it raise.

    Attributes:
        discovery: whether devices are announced to Home Assistant now.
    """

    def __init__(
        self,
        house: House,
        random: Random,
        base: str = "zigbee2mqtt",
        prefix: str = "homeassistant",
        behaviour: Behaviour = DEMO,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.house = house
        self.base = base
        self.prefix = prefix
        self.behaviour = behaviour
        self.random = random
        self.now = now
        self.discovery = behaviour.discovery
        self.restart_required = False
        self.prefix_after_restart = prefix
        self.groups = Groups()
        self.joining = Joining(self)
        self._requests = Requests(self)
        self._echo_s: dict[str, float] = {}
        for device in house.devices:
            self.meet(device)
        self._turn = 0
        self._verbs: dict[str, Callable[[Device, str | None, bytes], Effects]] = {
            "set": self._set,
            "get": self._get,
            "simulate": self._simulate,
        }

    def meet(self, device: Device) -> None:
        """A device is there from now on: how quick it is stays the same."""
        self._echo_s[device.label.ieee] = device.echo_s * self.random.uniform(1 - JITTER, 1 + JITTER)

    @property
    def subscriptions(self) -> list[str]:
        """The topic filters that `receive` wants."""
        filters = [f"{self.base}/{names}/{verb}" for names in _NAMES for verb in self._verbs]
        filters += [f"{self.base}/{names}/{verb}/+" for names in _NAMES for verb in ("set", "get")]
        filters += [f"{self.base}/bridge/request/#"] + [f"{self.base}/simulator/{play}" for play in _PLAYS]
        return filters if self.behaviour.birth_delay_s is None else [*filters, f"{self.prefix}/status"]

    def announce(self) -> list[Message]:
        """Everything that is retained, in the order in which zigbee2mqtt says it after connecting."""
        messages = [announce.bridge_state(self.base, online=True), self.info(), self.devices(), self.group_list()]
        if self.behaviour.full:
            messages.append(announce.bridge_health(self.base))
            if self.discovery:
                messages += announce.bridge_discovery(self.base, self.prefix)
        for device in self.house.devices:
            messages += self.introduce(device)
            messages.append(announce.availability(device, self.base))
        for group in self.groups.all():
            messages += self.introduce_group(group)
        # The states come last: by then a listener has read the configs and knows where they belong.
        messages += [announce.group_report(group, self.base) for group in self.groups.all()]
        return messages + [announce.report(device, self.base) for device in self.house.devices]

    def restart(self) -> list[Message]:
        """It begins anew, with the settings that wanted that."""
        self.restart_required, self.prefix = False, self.prefix_after_restart
        return self.announce()

    def farewell(self) -> list[Message]:
        """What is said before an orderly end."""
        return [announce.bridge_state(self.base, online=False)]

    def drift(self) -> list[Message]:
        """A moment of the physical world passes: the reports of what changed."""
        return [announce.report(device, self.base) for device in self.house.drift(self.random)]

    def traffic(self, count: int) -> list[Message]:
        """So many reports, of one device after the other: what a busy network sends."""
        devices = self.house.devices
        messages = []
        for _ in range(count if devices else 0):
            device = devices[self._turn % len(devices)]
            self._turn += 1
            device.drift(self.random)
            device.link_quality = 60 + self._turn % 190
            messages.append(announce.report(device, self.base))
        return messages

    # -- what it says of itself --------------------------------------------------------------------------------------

    def info(self) -> Message:
        until = self.joining.until
        return announce.bridge_info(
            self.base, self.prefix, until, discovery_on=self.discovery, restart_required=self.restart_required
        )

    def devices(self) -> Message:
        return announce.bridge_devices(self.house, self.base)

    def group_list(self) -> Message:
        return announce.bridge_groups(self.groups.all(), self.base)

    def introduce(self, device: Device) -> list[Message]:
        """The announcements of a device's entities."""
        if not self.discovery or not device.is_known:
            return []
        found = [announce.discovery(device, self.base, self.prefix)]
        return found if device.firmware is None else [*found, announce.update_discovery(device, self.base, self.prefix)]

    def introduce_group(self, group: Group) -> list[Message]:
        """The announcement of a group's entity; a group is available while one of its members is."""
        found = announce.group_discovery(group, self.base, self.prefix) if self.discovery else None
        online = not group.members or any(member.online for member in group.members)
        topic, state = f"{self.base}/{group.name}/availability", {"state": "online" if online else "offline"}
        shown = [Message.json(topic, state, retain=True, qos=1), announce.group_report(group, self.base)]
        return shown if found is None else [found, *shown]

    def withdraw_group(self, group: Group) -> list[Message]:
        """Take the announcement of a group's entity back."""
        component = group.component
        if component is None or not self.discovery:
            return []
        return [Message.empty(announce.group_discovery_topic(group, self.base, self.prefix, component))]

    def switch_discovery(self, enabled: bool) -> list[Message]:
        """Announce devices to Home Assistant from now on, or not any more (what is retained stays)."""
        before, self.discovery = self.discovery, enabled
        if not enabled or before:
            return []
        found = [each for device in self.house.devices for each in self.introduce(device)]
        return found + [each for group in self.groups.all() for each in self.introduce_group(group)]

    def remove(self, device: Device, block: bool = False) -> list[Message]:
        """Take a device out of the network, and all that is retained about it."""
        if block:
            self.joining.blocked.add(device.label.ieee)
        self.house.remove(device)
        self.groups.forget(device)
        topics = announce.discovery_topics(device, self.prefix) if self.discovery else []
        name = f"{self.base}/{device.label.name}"
        cleared = [Message.empty(topic) for topic in (*topics, name, f"{name}/availability")]
        return [*cleared, self.group_list(), self.devices()]

    def update_firmware(self, device: Device, done: Callable[[], Message]) -> Effects:
        """Update a device's firmware step by step; `done` gives the answer at the end."""
        whole_s = self.behaviour.ota_s

        def step(number: int) -> Effects:
            if device.firmware is None or self.house.find(device.label.ieee) is not device:
                return []
            last = device.firmware.step(number, whole_s)
            report = announce.report(device, self.base)
            if last:
                return [report, self.devices(), done()]
            return [report, Later(whole_s / STEPS, lambda: step(number + 1))]

        return step(0)

    # -- what arrives ------------------------------------------------------------------------------------------------

    def receive(self, topic: str, payload: bytes) -> Effects:
        """React to one message of `subscriptions`."""
        if topic == f"{self.prefix}/status" and self.behaviour.birth_delay_s is not None:
            return [Later(self.behaviour.birth_delay_s, self.announce)] if payload == b"online" else []
        levels = topic.removeprefix(f"{self.base}/").split("/")
        if levels[0] == "bridge":
            return self._requests.answer("/".join(levels[2:]), payload)
        if levels[0] == "simulator" and len(levels) == 2 and levels[1] in _PLAYS:
            play: Effects = getattr(self, f"_{levels[1]}")(payload)
            return play
        # A friendly name may have slashes, so the verb is looked for from behind.
        for at in (len(levels) - 1, len(levels) - 2):
            verb = self._verbs.get(levels[at]) if at > 0 else None
            if verb is None:
                continue
            name, attribute = "/".join(levels[:at]), levels[at + 1] if at + 1 < len(levels) else None
            group = self.groups.find(name)
            if group is not None and levels[at] == "set":
                return self._set_group(group, attribute, payload)
            device = self.house.find(name)
            if device is None:
                return self._complain(f"Entity '{name}' is unknown")
            return verb(device, attribute, payload)
        return []

    def _set_group(self, group: Group, attribute: str | None, payload: bytes) -> Effects:
        value = _value(payload)
        if attribute is not None:
            value = {attribute: value}
        elif isinstance(value, str) and value:
            value = {"state": value}
        if not isinstance(value, dict):
            return self._complain(f"Invalid message for '{group.name}', skipping: {payload[:80]!r}")
        command = value

        def carry_out() -> list[Message]:
            moved = group.command(command)
            touched = {each.number: each for device in moved for each in self.groups.of(device)}
            touched[group.number] = group
            reports = [announce.report(device, self.base) for device in moved]
            return reports + [announce.group_report(each, self.base) for each in touched.values()]

        return [Later(GROUP_ECHO_S, carry_out)]

    def _leave(self, payload: bytes) -> Effects:
        device = self.house.find(str((_object(payload) or {}).get("device")))
        if device is None:
            return self._complain(f'simulator/leave: expected {{"device": a name}}, got {payload[:80]!r}')
        self.house.remove(device)
        self.groups.forget(device)
        data = {"friendly_name": device.label.name, "ieee_address": device.label.ieee}
        return [self.group_list(), self.devices(), announce.event(self.base, "device_leave", data)]

    def _join(self, _payload: bytes) -> Effects:
        return self.joining.join()

    def _reach(self, payload: bytes) -> Effects:
        wanted = _object(payload) or {}
        device = self.house.find(str(wanted.get("device")))
        if device is None or not isinstance(wanted.get("online"), bool):
            return self._complain(f'simulator/reach: expected {{"device": …, "online": true}}, got {payload[:80]!r}')
        device.online = wanted["online"]
        return [announce.availability(device, self.base)]

    def _set(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        if not device.online:
            return self._complain(f"Publish 'set' to '{device.label.name}' failed: no network route")
        command = self._command(device, attribute, payload)
        if command is None:
            return self._complain(f"Invalid message for '{device.label.name}', skipping: {payload[:80]!r}")

        def carry_out() -> list[Message]:
            if not device.online:
                return self.complaints(f"Publish 'set' to '{device.label.name}' failed: the device is gone")
            problems = device.set(command)
            told = self.complaints(*(f"Publish 'set' to '{device.label.name}': {problem}" for problem in problems))
            return [*told, announce.report(device, self.base), *self._group_reports(device)]

        return [Later(self._echo_s[device.label.ieee], carry_out)]

    def _get(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        if not device.online:
            return self._complain(f"Publish 'get' to '{device.label.name}' failed: no network route")
        return [Later(self._echo_s[device.label.ieee], lambda: [announce.report(device, self.base)])]

    def _simulate(self, device: Device, attribute: str | None, payload: bytes) -> Effects:
        change = _object(payload)
        if change is None:
            return self._complain(f"simulate '{device.label.name}': expected a JSON object, got {payload[:80]!r}")
        problems = device.simulate(change)
        messages = self.complaints(*(f"simulate '{device.label.name}': {problem}" for problem in problems))
        if device.online:
            messages += [announce.report(device, self.base), *self._group_reports(device)]
        return list(messages)

    def _group_reports(self, device: Device) -> list[Message]:
        return [announce.group_report(group, self.base) for group in self.groups.of(device)]

    def _power(self, payload: bytes) -> Effects:
        wanted = (_object(payload) or {}).get("state")
        if wanted not in ("on", "off"):
            return self._complain(f'simulator/power: expected {{"state": "on"}} or "off", got {payload[:80]!r}')
        effects: Effects = []
        for device in self.house.switch_power(wanted == "on"):
            if device.online:
                effects.append(announce.report(device, self.base))
            effects.append(announce.availability(device, self.base))
        return effects

    def _command(self, device: Device, attribute: str | None, payload: bytes) -> Mapping[str, Any] | None:
        """The command as an object; None: nothing that could be one."""
        if not payload:
            return None
        value = _value(payload)
        if attribute is not None:
            return {attribute: value}
        if isinstance(value, str):
            return {device.plain_key: value}
        return value if isinstance(value, dict) else None

    def _complain(self, text: str) -> Effects:
        return list(self.complaints(text))

    def complaints(self, *texts: str) -> list[Message]:
        """Log as zigbee2mqtt does: here, and on `bridge/logging`."""
        for text in texts:
            log.warning("refused", reason=text)
        return [
            Message.json(f"{self.base}/bridge/logging", {"level": "error", "message": f"z2m: {text}"}) for text in texts
        ]


def _object(payload: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def _value(payload: bytes) -> Any:
    """JSON, or else the text itself."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return payload.decode("utf-8", "replace")
