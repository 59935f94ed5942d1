"""Things that sense yes or no: motion, open doors, smoke, carbon monoxide. All on batteries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Binary, Field, Numeric


@dataclass(frozen=True)
class Sense:
    """What a detector notices. `alarm` is the value of the property that means `on` in Home Assistant."""

    property: str
    alarm: bool
    description: str
    model: Model


MOTION = Sense(
    "occupancy", True, "Whether somebody moves", Model("Philips", "9290012607", "Hue motion sensor", mains=False)
)
# A magnet contact reports `true` while it is closed, so an open door is `false`.
CONTACT = Sense(
    "contact",
    False,
    "Whether the contact is closed",
    Model("Aqara", "MCCGQ11LM", "Door and window sensor", mains=False),
)
SMOKE = Sense("smoke", True, "Whether there is smoke", Model("Heiman", "HS1SA-E", "Smoke detector", mains=False))
CARBON_MONOXIDE = Sense(
    "carbon_monoxide",
    True,
    "Whether there is carbon monoxide",
    Model("Heiman", "HS1CA-E", "Smart carbon monoxide sensor", mains=False),
)


class Detector(Device):
    """One yes-or-no reading that only the physical world changes."""

    component = "binary_sensor"
    remembers = False

    def __init__(self, label: Label, sense: Sense, device_class: str) -> None:
        self.sense = sense
        self.device_class = device_class
        fields: dict[str, Field] = {
            sense.property: Binary(on=sense.alarm, off=not sense.alarm, description=sense.description),
            "battery": Numeric(minimum=0, maximum=100, unit="%", description="Remaining battery"),
        }
        super().__init__(label, sense.model, fields, {sense.property: not sense.alarm, "battery": 97})

    @property
    def object_name(self) -> str:
        return self.sense.property

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "device_class": self.device_class,
            "payload_on": self.sense.alarm,
            "payload_off": not self.sense.alarm,
            "value_template": f"{{{{ value_json.{self.sense.property} }}}}",
        }
