"""Houses of any size: the demo house, or as many devices as wanted, of the same kinds again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice

from marge.simulate.devices.base import Device, Label
from marge.simulate.devices.detector import CONTACT, MOTION, Detector
from marge.simulate.devices.gauge import HUMIDITY, POWER, TEMPERATURE, Gauge
from marge.simulate.devices.light import COLOURED, WHITE_TONES, Light
from marge.simulate.devices.switch import Switch
from marge.simulate.house import House, demo_house
from marge.simulate.zigbee.firmware import Firmware
from marge.simulate.zigbee.groups import Groups

IEEE_PREFIX = "0x00158d0003"
MAX_DEVICES = 50_000
LIGHTS_A_GROUP = 10
_KINDS: tuple[tuple[str, Callable[[Label], Device]], ...] = (
    ("Light", lambda label: Light(label, WHITE_TONES)),
    ("Temperature", lambda label: Gauge(label, TEMPERATURE, 68.0)),
    ("Contact", lambda label: Detector(label, CONTACT, "door")),
    ("Plug", Switch),
    ("Humidity", lambda label: Gauge(label, HUMIDITY, 45)),
    ("Motion", lambda label: Detector(label, MOTION, "motion")),
    ("Power", lambda label: Gauge(label, POWER, 100)),
    ("Colour Light", lambda label: Light(label, COLOURED)),
)


def house_of(devices: int | None, network: int = 1) -> House:
    """The demo house, or one of so many devices.

    Args:
        network: from 1; the devices of several networks have addresses of their own.
    """
    if devices is None and network == 1:
        return demo_house()
    return House(islice(_devices(network), devices if devices is not None else len(_KINDS)))


def _devices(network: int) -> Iterator[Device]:
    for number in count(1):
        kind, make = _KINDS[(number - 1) % len(_KINDS)]
        name = f"{kind} {number}" if network == 1 else f"{kind} {network}-{number}"
        object_id = name.lower().replace(" ", "_").replace("-", "_")
        yield make(Label(name, object_id, f"{IEEE_PREFIX}{network:02x}{number:04x}"))


def furnish(house: House, groups: Groups) -> None:
    """Give what hangs on the mains firmware that can be updated, and put lights into groups."""
    for device in house.devices:
        if isinstance(device, Light | Switch):
            device.firmware = Firmware()
    lights = [device for device in house.devices if isinstance(device, Light)]
    living = [device for device in lights if device.label.name.startswith("Living Room")]
    plugs = [device for device in house.devices if isinstance(device, Switch)]
    if living:
        groups.add("Living Room Lights", members=living)
        groups.add("Outside Lights", members=[d for d in lights if d.label.name in ("Porch", "Pathway")])
    else:
        for number, at in enumerate(range(0, len(lights), LIGHTS_A_GROUP), 1):
            name = f"Lights {lights[at].label.object_id}" if number > 1 else "Lights"
            groups.add(name, members=lights[at : at + LIGHTS_A_GROUP])
    if plugs:
        groups.add("Plugs", members=plugs[:LIGHTS_A_GROUP])
