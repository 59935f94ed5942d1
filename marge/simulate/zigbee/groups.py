"""Zigbee groups: several devices under one address. They have the state of the last command that reached them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marge.simulate.devices.base import Device
from marge.simulate.devices.light import BRIGHTNESS_MAX, MIREDS_MAX, MIREDS_MIN, Light
from marge.simulate.devices.switch import Switch

SHARED = ("state", "brightness", "color_temp", "color", "color_mode")
"""What a group shows of its members."""
_KINDS: tuple[type[Device], ...] = (Light, Switch)
"""Kinds that Home Assistant gets a group entity for."""


@dataclass
class Group:
    """One group. `number`: its Zigbee address, 1 to 65527."""

    number: int
    name: str
    members: list[Device] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def component(self) -> str | None:
        """The Home Assistant component of its entity; None: it gets none."""
        kinds = [kind.component for kind in _KINDS if any(isinstance(member, kind) for member in self.members)]
        return kinds[0] if kinds else None

    @property
    def object_id(self) -> str:
        return self.name.lower().replace(" ", "_").replace("/", "_")

    def report(self) -> dict[str, Any]:
        """Its state: on as long as one member is; the rest as the first member that is on has it."""
        states = [member.state for member in self.members if "state" in member.state]
        if not states:
            return {}
        lit = next((state for state in states if state["state"] == "ON"), states[0])
        return {name: lit[name] for name in SHARED if name in lit}

    def entry(self) -> dict[str, Any]:
        """As `bridge/groups` shows it."""
        members = [{"endpoint": 1, "ieee_address": member.label.ieee} for member in self.members]
        return {"id": self.number, "friendly_name": self.name, "scenes": [], "members": members}

    def command(self, values: Mapping[str, Any]) -> list[Device]:
        """Carry out what each member can. Those that did something."""
        moved = []
        for member in self.members:
            fitting = {name: value for name, value in values.items() if name in member.fields}
            if fitting and member.online:
                member.set(fitting)
                moved.append(member)
        return moved

    def announcement(self, set_topic: str) -> dict[str, Any]:
        """The part of the discovery payload that is particular to its component."""
        if self.component == "switch":
            shown = {"payload_on": "ON", "payload_off": "OFF", "value_template": "{{ value_json.state }}"}
            return {"command_topic": set_topic, **shown}
        lights = [member for member in self.members if isinstance(member, Light)]
        modes = [mode for mode, able in (
            ("xy", any(light.coloured for light in lights)), ("color_temp", any(light.white_tones for light in lights)),
        ) if able] or ["brightness"]  # fmt: skip
        found = {
            "schema": "json", "brightness": True, "brightness_scale": BRIGHTNESS_MAX, "command_topic": set_topic,
            "supported_color_modes": modes,
        }  # fmt: skip
        if "color_temp" in modes:
            found |= {"min_mireds": MIREDS_MIN, "max_mireds": MIREDS_MAX}
        return found


class Groups:
    """All groups of a network."""

    def __init__(self) -> None:
        self._groups: dict[int, Group] = {}

    def all(self) -> list[Group]:
        return list(self._groups.values())

    def find(self, name: Any) -> Group | None:
        """A group by number or name."""
        if isinstance(name, int) or (isinstance(name, str) and name.isdecimal()):
            return self._groups.get(int(name))
        return next((group for group in self._groups.values() if group.name == name), None)

    def add(self, name: str, number: int | None = None, members: Iterable[Device] = ()) -> Group:
        """A new group.

        Raises:
            ValueError: the name or the number is taken.
        """
        if self.find(name) is not None:
            raise ValueError(f"friendly_name '{name}' is already in use")
        if number is None:
            number = next(each for each in range(1, 65_528) if each not in self._groups)
        if number in self._groups:
            raise ValueError(f"Group ID '{number}' is already in use")
        group = self._groups[number] = Group(number, name, list(members))
        return group

    def remove(self, group: Group) -> None:
        self._groups.pop(group.number, None)

    def of(self, device: Device) -> list[Group]:
        """The groups that a device is in."""
        return [group for group in self._groups.values() if device in group.members]

    def forget(self, device: Device) -> None:
        """The device has left the network."""
        for group in self.of(device):
            group.members.remove(device)
