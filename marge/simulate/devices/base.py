"""What every simulated device has: a name, a model, fields with values, and a report. No kind in particular."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar

from marge.simulate.devices.fields import BadValue, Field
from marge.simulate.zigbee.firmware import Firmware

LINK_QUALITY = 112
"""What the simulated radio reports (LQI, 0–255). It does not change, so that it makes no traffic."""


@dataclass(frozen=True)
class Model:
    """What is printed on the box. `mains`: hangs on the wire and is gone in a power outage."""

    vendor: str
    model_id: str
    description: str
    mains: bool


@dataclass(frozen=True)
class Label:
    """Who a device is: its name, the object id of its entity, its IEEE address; and the room that it stands in."""

    name: str
    object_id: str
    ieee: str
    room: str | None = None


@dataclass(frozen=True)
class Topics:
    """Where a device speaks and listens."""

    state: str
    set: str
    availability: str


class Device:
    """One device with one entity. Subclasses say which fields it has and how its entity is announced."""

    component: ClassVar[str]
    """The Home Assistant component of its entity."""
    composite: ClassVar[str | None] = None
    """The word that zigbee2mqtt groups the fields under (`light`, `lock`, …), if it does."""
    plain_key: ClassVar[str] = "state"
    """The field that a command without JSON is meant for: `ON` instead of `{"state": "ON"}`."""
    remembers: ClassVar[bool] = True
    """Whether its state outlives a restart of the house. What measures the present has nothing to remember."""
    echo_s: ClassVar[float] = 0.04
    """Seconds from a command to the report of its effect."""

    def __init__(self, label: Label, model: Model, fields: Mapping[str, Field], initial: Mapping[str, Any]) -> None:
        self.label = label
        self.model = model
        self.fields = dict(fields)
        self.state: dict[str, Any] = dict(initial)
        self.online = True
        self.link_quality = LINK_QUALITY
        self.interview = "SUCCESSFUL"
        """PENDING, IN_PROGRESS, SUCCESSFUL or FAILED."""
        self.firmware: Firmware | None = None
        """None: it cannot be updated."""
        self.options: dict[str, Any] = {}

    @property
    def is_known(self) -> bool:
        """Whether zigbee2mqtt has found out what it is."""
        return self.interview == "SUCCESSFUL"

    def rename(self, name: str) -> None:
        """Give it another name; its entity is suggested to be called like that."""
        self.label = replace(self.label, name=name, object_id=name.lower().replace(" ", "_").replace("/", "_"))

    @property
    def object_name(self) -> str:
        """The last part of the discovery topic and the middle of the unique id."""
        return self.component

    def set(self, command: Mapping[str, Any]) -> list[str]:
        """Carry out a command. What is wrong in it comes back as texts; the rest of it is carried out."""
        accepted, problems = self._parse(command, lambda field: field.settable)
        self.apply(accepted)
        return problems

    def simulate(self, change: Mapping[str, Any]) -> list[str]:
        """Somebody or something physical changes the device: every field may be written. Problems as in `set`."""
        accepted, problems = self._parse(change, lambda field: True)
        self.operate(accepted)
        return problems

    def apply(self, accepted: Mapping[str, Any]) -> None:
        """Take the values of a command over. The values are good already."""
        self.state.update(accepted)

    def operate(self, accepted: Mapping[str, Any]) -> None:
        """Take the values of a physical change over; the same as a command unless a kind says otherwise."""
        self.apply(accepted)

    def drift(self, random: Random) -> None:
        """A moment of the physical world passes. Most devices do not care."""

    def report(self) -> dict[str, Any]:
        """The state as the device publishes it."""
        shown = {name: self.state[name] for name, field in self.fields.items() if field.reported and name in self.state}
        if self.firmware is not None:
            shown["update"] = self.firmware.report()
        return shown | {"linkquality": self.link_quality}

    def announcement(self, topics: Topics) -> dict[str, Any]:
        """The part of the discovery payload that is particular to this kind of device."""
        raise NotImplementedError

    def exposes(self) -> list[dict[str, Any]]:
        """The fields as zigbee2mqtt's `exposes`."""
        features = [field.expose(name) for name, field in self.fields.items() if field.reported or field.settable]
        return features if self.composite is None else [{"type": self.composite, "features": features}]

    def _parse(self, values: Mapping[str, Any], allowed: Callable[[Field], bool]) -> tuple[dict[str, Any], list[str]]:
        accepted: dict[str, Any] = {}
        problems: list[str] = []
        for name, value in values.items():
            field = self.fields.get(name)
            if field is None or not allowed(field):
                problems.append(f"no converter available for {name!r:.80}")
                continue
            try:
                accepted[name] = field.parse(value, self.state.get(name))
            except BadValue as error:
                problems.append(f"{name}: {error}")
        return accepted, problems
