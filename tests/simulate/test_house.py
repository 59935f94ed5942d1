"""The demo house: which devices there are, how they drift together, what a power cut does."""

from __future__ import annotations

from collections import Counter
from random import Random

from marge.simulate.house import COFFEE_MAKER_W, House, demo_house


def reading(house: House, name: str) -> float:
    """A gauge's value."""
    device = house.find(name)
    assert device is not None
    return float(next(value for key, value in device.report().items() if key != "linkquality"))


def test_the_house_has_thirty_seven_devices_of_the_promised_kinds() -> None:
    """9 lights, 1 switch, 1 climate, 2 locks, 1 alarm, 9 binary sensors, 14 sensors; all names and addresses differ."""
    devices = demo_house().devices

    assert Counter(device.component for device in devices) == {
        "light": 9, "switch": 1, "climate": 1, "lock": 2, "alarm_control_panel": 1, "binary_sensor": 9, "sensor": 14,
    }  # fmt: skip
    for identity in ("name", "ieee"):
        assert len({getattr(device.label, identity) for device in devices}) == 37
    assert len({(device.component, device.label.object_id) for device in devices}) == 37


def test_a_device_is_found_by_name_and_by_address() -> None:
    """Both are ways to address a device, as in the real gateway."""
    house = demo_house()

    assert house.find("Porch") is house.find(house.devices[7].label.ieee) is house.devices[7]
    assert house.find("Attic") is None


def test_the_same_seed_gives_the_same_drift() -> None:
    """A house can be played again."""
    readings = []
    for _ in range(2):
        house, random = demo_house(), Random(7)
        for _ in range(10):
            house.drift(random)
        readings.append([device.report() for device in house.devices])
    assert readings[0] == readings[1]
    assert readings[0] != [device.report() for device in demo_house().devices]


def test_the_meter_sees_the_coffee_maker() -> None:
    """Power follows what is switched on, and current is power over voltage."""
    house = demo_house()
    coffee = house.find("Coffee Maker")
    assert coffee is not None
    coffee.set({"state": "ON"})
    house.drift(Random(1))

    assert abs(reading(house, "Power Consumption") - 487 - COFFEE_MAKER_W) <= 12
    assert abs(reading(house, "Current") - reading(house, "Power Consumption") / reading(house, "Voltage")) < 0.01
    coffee.set({"state": "OFF"})
    house.drift(Random(2))
    assert abs(reading(house, "Power Consumption") - 487) <= 24


def test_drift_names_exactly_the_devices_that_changed() -> None:
    """Who has nothing new to say stays silent."""
    house = demo_house()
    before = {device.label.name: device.report() for device in house.devices}
    changed = {device.label.name for device in house.drift(Random(3))}

    assert changed == {device.label.name for device in house.devices if device.report() != before[device.label.name]}
    assert changed


def test_a_power_cut_takes_the_mains_devices_and_their_memory_brings_them_back() -> None:
    """Batteries go on; the others vanish and come back as they were; doing it twice changes nothing more."""
    house = demo_house()
    porch = house.find("Porch")
    assert porch is not None
    porch.set({"brightness": 100})

    gone = house.switch_power(False)
    assert {device.component for device in gone} == {"light", "switch", "climate", "sensor"}
    assert len(gone) == 14
    assert house.switch_power(False) == []
    assert not any(device in gone for device in house.drift(Random(1)))
    assert house.switch_power(True) == gone
    assert porch.state == {"state": "ON", "brightness": 100}
