"""The devices of the demo house, as data, and what they have in common: the wire, the drift of a minute."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from marge.simulate.devices.alarm import AlarmPanel
from marge.simulate.devices.base import Device, Label
from marge.simulate.devices.climate import Thermostat
from marge.simulate.devices.detector import CARBON_MONOXIDE, CONTACT, MOTION, SMOKE, Detector
from marge.simulate.devices.gauge import CURRENT, HUMIDITY, POWER, TEMPERATURE, VOLTAGE, Gauge
from marge.simulate.devices.light import BRIGHTNESS_MAX, COLOURED, DIMMABLE, WHITE_TONES, Light
from marge.simulate.devices.lock import Lock
from marge.simulate.devices.switch import Switch

LAMP_W = 9.0
"""What one lamp draws at full brightness."""
COFFEE_MAKER_W = 900.0

IEEE_PREFIX = "0x00158d0001"
"""The first five bytes of the simulated devices' addresses; three bytes of a running number follow."""


ROOMS = ("Living Room", "Kitchen", "Bedroom", "Bathroom", "Entryway")
"""A device whose name begins with one of these stands there."""
OTHER_ROOMS = {
    "Coffee Maker": "Kitchen", "CO Detector": "Kitchen", "Back Door": "Kitchen", "Back Door Contact": "Kitchen",
    "Thermostat": "Living Room", "Front Door": "Entryway", "Front Door Contact": "Entryway", "Home Alarm": "Entryway",
    "Smoke Detector": "Bedroom", "Garage Door": "Garage", "Porch": "Outside", "Pathway": "Outside",
    "Exterior Temperature": "Outside", "Exterior Humidity": "Outside", "Power Consumption": "Garage",
    "Voltage": "Garage", "Current": "Garage",
}  # fmt: skip


def room_of(name: str) -> str | None:
    """The room of a device of the demo house, which discovery suggests; None: that of no device there."""
    return OTHER_ROOMS.get(name) or next((room for room in ROOMS if name.startswith(room)), None)


class House:
    """All devices by name, and the power that they hang on."""

    def __init__(self, devices: Iterable[Device]) -> None:
        self.devices = list(devices)
        self._by_name: dict[str, Device] = {}
        self._index()
        self.powered = True
        self._base_w = self._reading("power_consumption")

    def find(self, name: str) -> Device | None:
        """A device by its friendly name or its IEEE address."""
        return self._by_name.get(name)

    def add(self, device: Device) -> None:
        """A device has joined."""
        self.devices.append(device)
        self._index()

    def remove(self, device: Device) -> None:
        """A device is gone."""
        self.devices.remove(device)
        self._index()

    def rename(self, device: Device, name: str) -> None:
        """Give a device another name.

        Raises:
            ValueError: another one has it.
        """
        if self.find(name) not in (None, device):
            raise ValueError(f"friendly_name '{name}' is already in use")
        device.rename(name)
        self._index()

    def _index(self) -> None:
        self._by_name = {key: device for device in self.devices for key in (device.label.name, device.label.ieee)}

    def switch_power(self, powered: bool) -> list[Device]:
        """The power fails or comes back: the devices whose availability changed. They keep what they remember."""
        self.powered = powered
        changed = [device for device in self.devices if device.model.mains and device.online is not powered]
        for device in changed:
            device.online = powered
        return changed

    def drift(self, random: Random) -> list[Device]:
        """One tick of the physical world: the devices that have something new to report."""
        before = [(device, dict(device.state)) for device in self.devices if device.online]
        meter = self._gauge("power_consumption")
        if meter is not None:
            meter.value = self._base_w
        for device, _ in before:
            device.drift(random)
        if meter is not None:
            self._base_w = meter.value
            meter.value = self._base_w + self.load_w()
            self._follow_power(meter.value)
        return [device for device, state in before if device.state != state]

    def load_w(self) -> float:
        """What the lamps and the coffee maker draw now, in watts."""
        lamps = (d for d in self.devices if isinstance(d, Light) and d.state["state"] == "ON")
        plugs = (d for d in self.devices if isinstance(d, Switch) and d.state["state"] == "ON")
        return sum(LAMP_W * lamp.state["brightness"] / BRIGHTNESS_MAX for lamp in lamps) + sum(
            COFFEE_MAKER_W for _ in plugs
        )

    def _follow_power(self, power_w: float) -> None:
        voltage, current = self._reading("voltage"), self._gauge("current")
        if current is not None and voltage > 0:
            current.value = power_w / voltage

    def _gauge(self, object_id: str) -> Gauge | None:
        return next((d for d in self.devices if isinstance(d, Gauge) and d.label.object_id == object_id), None)

    def _reading(self, object_id: str) -> float:
        gauge = self._gauge(object_id)
        return gauge.value if gauge is not None else 0.0


def demo_house() -> House:
    """The house of the demo home: 37 devices with one entity each, all at rest."""
    number = 0

    def label(name: str, object_id: str | None = None) -> Label:
        nonlocal number
        number += 1
        ieee = f"{IEEE_PREFIX}{number:06x}"
        return Label(name, object_id or name.lower().replace(" ", "_"), ieee, room_of(name))

    devices: list[Device] = [
        Light(label("Bedroom"), WHITE_TONES, color_temp=400),
        Light(label("Bathroom"), DIMMABLE),
        Light(label("Kitchen"), WHITE_TONES),
        Light(label("Living Room Main"), WHITE_TONES),
        Light(label("Living Room Accent"), COLOURED),
        Light(label("Living Room Lamp"), WHITE_TONES),
        Light(label("Living Room Floor"), DIMMABLE),
        Light(label("Porch"), DIMMABLE),
        Light(label("Pathway"), DIMMABLE),
        Switch(label("Coffee Maker")),
        Thermostat(label("Thermostat"), local_temperature=67.2, setpoint=66),
        Lock(label("Front Door")),
        Lock(label("Back Door")),
        AlarmPanel(label("Home Alarm", "home")),
        Detector(label("Entryway Motion"), MOTION, "motion"),
        Detector(label("Kitchen Motion"), MOTION, "motion"),
        Detector(label("Living Room Motion"), MOTION, "motion"),
        Detector(label("Bedroom Motion"), MOTION, "motion"),
        Detector(label("Front Door Contact"), CONTACT, "door"),
        Detector(label("Back Door Contact"), CONTACT, "door"),
        Detector(label("Garage Door", "garage_door_contact"), CONTACT, "garage_door"),
        Detector(label("Smoke Detector"), SMOKE, "smoke"),
        Detector(label("CO Detector"), CARBON_MONOXIDE, "carbon_monoxide"),
    ]
    for room, fahrenheit, percent in (
        ("Bedroom", 67.2, 48), ("Kitchen", 66.8, 45), ("Living Room", 67.5, 46), ("Bathroom", 68.2, 52),
        ("Entryway", 65.1, None), ("Exterior", 42.1, 78),
    ):  # fmt: skip
        devices.append(Gauge(label(f"{room} Temperature"), TEMPERATURE, fahrenheit))
        if percent is not None:
            devices.append(Gauge(label(f"{room} Humidity"), HUMIDITY, percent))
    devices += [
        Gauge(label("Power Consumption"), POWER, 487),
        Gauge(label("Voltage"), VOLTAGE, 120.1),
        Gauge(label("Current"), CURRENT, 4.06),
    ]
    return House(devices)
