"""Things that measure: temperature, humidity, power, voltage, current."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from marge.simulate.devices.base import Device, Label, Model, Topics
from marge.simulate.devices.fields import Field, Numeric


@dataclass(frozen=True)
class Quantity:
    """What a gauge measures. `step`: the most it moves in one tick; 0 for what follows from something else."""

    property: str
    device_class: str
    unit: str
    minimum: float
    maximum: float
    digits: int
    step: float
    reach: float
    """How far it may wander from where it began."""
    model: Model


_CLIMATE = Model("Aqara", "WSDCGQ11LM", "Temperature and humidity sensor", mains=False)
_METER = Model("Develco", "EMIZB-132", "Wattle AMS HAN power-meter sensor", mains=True)

TEMPERATURE = Quantity("temperature", "temperature", "°F", -40, 140, 1, 0.2, 3.0, _CLIMATE)
HUMIDITY = Quantity("humidity", "humidity", "%", 0, 100, 0, 1.0, 5.0, _CLIMATE)
POWER = Quantity("power", "power", "W", 0, 30_000, 0, 12.0, 60.0, _METER)
VOLTAGE = Quantity("voltage", "voltage", "V", 0, 300, 1, 0.2, 2.0, _METER)
CURRENT = Quantity("current", "current", "A", 0, 250, 2, 0.0, 0.0, _METER)


class Gauge(Device):
    """One reading that wanders a little around where it began."""

    component = "sensor"
    remembers = False

    def __init__(self, label: Label, quantity: Quantity, value: float) -> None:
        self.quantity = quantity
        self.middle = value
        self.measure = Numeric(
            minimum=quantity.minimum,
            maximum=quantity.maximum,
            digits=quantity.digits,
            unit=quantity.unit,
            description=f"Measured {quantity.property}",
        )
        fields: dict[str, Field] = {quantity.property: self.measure}
        super().__init__(label, quantity.model, fields, {quantity.property: self.measure.rounded(value)})

    @property
    def object_name(self) -> str:
        return self.quantity.property

    @property
    def value(self) -> float:
        """The reading, in the quantity's unit."""
        return float(self.state[self.quantity.property])

    @value.setter
    def value(self, reading: float) -> None:
        self.state[self.quantity.property] = self.measure.rounded(reading)

    def drift(self, random: Random) -> None:
        if not self.quantity.step:
            return
        moved = self.value + random.uniform(-self.quantity.step, self.quantity.step)
        self.value = min(max(moved, self.middle - self.quantity.reach), self.middle + self.quantity.reach)

    def announcement(self, topics: Topics) -> dict[str, Any]:
        return {
            "device_class": self.quantity.device_class,
            "unit_of_measurement": self.quantity.unit,
            "state_class": "measurement",
            "value_template": f"{{{{ value_json.{self.quantity.property} }}}}",
        }
