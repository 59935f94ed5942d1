"""Devices that come: while joining is open new ones join, are interviewed, and become members of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from marge.simulate import announce
from marge.simulate.devices.base import Device, Label
from marge.simulate.devices.detector import CONTACT, MOTION, Detector
from marge.simulate.devices.gauge import TEMPERATURE, Gauge
from marge.simulate.devices.light import WHITE_TONES, Light
from marge.simulate.devices.switch import Switch
from marge.simulate.messages import Effects, Later, Message
from marge.simulate.zigbee.firmware import Firmware

if TYPE_CHECKING:
    from marge.simulate.network import Network

NEWCOMER_PREFIX = "0x00158d0002"
"""The first five bytes of newcomers' addresses; one that stands for the network and a running number follow."""
_KINDS: tuple[Callable[[Label], Device], ...] = (
    Switch,
    lambda label: Light(label, WHITE_TONES),
    lambda label: Detector(label, CONTACT, "door"),
    lambda label: Gauge(label, TEMPERATURE, 68.0),
    lambda label: Detector(label, MOTION, "motion"),
)
"""In this order, again and again."""


class Joining:
    """Who may join, who joined last, and how interviews go."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._round = 0
        self._came = 0
        self.until: float | None = None
        self.last: Device | None = None
        self.blocked: set[str] = set()

    def permit(self, seconds: int) -> Effects:
        """Open joining for so long, or close it (0)."""
        network = self._network
        self._round += 1
        number = self._round
        self.until = network.now() + seconds if seconds > 0 else None
        effects: Effects = [network.info()]
        if seconds > 0:
            effects.append(Later(seconds, lambda: self._close(number)))
            pause = network.behaviour.join_s
            effects += [
                Later(pause * (each + 1), lambda: self._join(number)) for each in range(network.behaviour.newcomers)
            ]
        return effects

    def _close(self, number: int) -> Sequence[Message | Later]:
        if number != self._round or self.until is None:
            return []
        self.until = None
        return [self._network.info()]

    def _join(self, number: int) -> Sequence[Message | Later]:
        return self.join() if number == self._round and self.until is not None else []

    def join(self) -> Effects:
        """The next newcomer joins now."""
        network = self._network
        self._came += 1
        address = f"{NEWCOMER_PREFIX}{crc32(network.base.encode()) & 0xFF:02x}{self._came:04x}"
        if address in self.blocked:
            return []
        device = _KINDS[(self._came - 1) % len(_KINDS)](Label(address, address, address))
        if network.behaviour.full and device.model.mains:
            device.firmware = Firmware()
        device.interview = "PENDING"
        network.house.add(device)
        network.meet(device)
        self.last = device
        effects: Effects = [network.devices(), self._event("device_joined", device)]
        return [*effects, *self.interview(device)]

    def interview(self, device: Device, done: Callable[[], Sequence[Message]] | None = None) -> Effects:
        """Ask a device what it can do; that takes a while and may fail. `done` gives what is said afterwards."""
        network = self._network
        device.interview = "IN_PROGRESS"

        def over() -> list[Message]:
            if network.house.find(device.label.ieee) is not device:
                return []  # it left meanwhile
            fails = not device.online or network.random.random() < network.behaviour.interview_failures
            device.interview = "FAILED" if fails else "SUCCESSFUL"
            found = [network.devices(), self._event("device_interview", device)]
            if not fails:
                found += [*network.introduce(device), announce.availability(device, network.base),
                          announce.report(device, network.base)]  # fmt: skip
            return [*found, *(done() if done is not None else ())]

        return [
            network.devices(), self._event("device_interview", device), Later(network.behaviour.interview_s, over),
        ]  # fmt: skip

    def _event(self, kind: str, device: Device) -> Message:
        data: dict[str, object] = {"friendly_name": device.label.name, "ieee_address": device.label.ieee}
        if kind == "device_interview":
            words = {"IN_PROGRESS": "started", "SUCCESSFUL": "successful", "FAILED": "failed"}
            data["status"] = words[device.interview]
            if device.is_known:
                data |= {"supported": True, "definition": announce.definition(device)}
        return announce.event(self._network.base, kind, data)
