"""Device kinds: state machines that arbitrary commands cannot break, and the rules of each kind."""

from __future__ import annotations

from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from marge.simulate.devices.alarm import AlarmPanel
from marge.simulate.devices.base import Device, Label
from marge.simulate.devices.climate import Thermostat
from marge.simulate.devices.detector import CONTACT, Detector
from marge.simulate.devices.gauge import HUMIDITY, Gauge
from marge.simulate.devices.light import COLOURED, DIMMABLE, WHITE_TONES, Light
from marge.simulate.devices.lock import Lock
from marge.simulate.house import demo_house
from tests.simulate.devices.test_fields import json_values

LABEL = Label("Thing", "thing", "0x00158d0001000001")

DEVICE_NAMES = [device.label.name for device in demo_house().devices]
KEYS = sorted({name for device in demo_house().devices for name in device.fields})
commands = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), json_values | st.sampled_from(
    ["ON", "OFF", "TOGGLE", "LOCK", "UNLOCK", "heat", "ARM_AWAY", "DISARM", 0, 1, 100, 254, 70.5, {"x": 0.3, "y": 0.4}]
), max_size=4)  # fmt: skip


def holds(device: Device) -> None:
    """Every value of the state is one that its field would take, and the report is JSON."""
    for name, value in device.state.items():
        assert device.fields[name].parse(value, value) == value
    assert orjson.loads(orjson.dumps(device.report()))["linkquality"] > 0


class HouseMachine(RuleBasedStateMachine):
    """Arbitrary commands, physical changes, drift and outages in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.house = demo_house()

    @rule(name=st.sampled_from(DEVICE_NAMES), command=commands)
    def command(self, name: str, command: dict[str, Any]) -> None:
        device = self.house.find(name)
        assert device is not None
        before = dict(device.state)
        problems = device.set(command)
        if not any(key in device.fields and device.fields[key].settable for key in command):
            assert device.state == before
            assert len(problems) == len(command)

    @rule(name=st.sampled_from(DEVICE_NAMES), change=commands)
    def physical(self, name: str, change: dict[str, Any]) -> None:
        device = self.house.find(name)
        assert device is not None
        device.simulate(change)

    @rule(seed=st.integers(0, 100))
    def drift(self, seed: int) -> None:
        self.house.drift(Random(seed))

    @rule(powered=st.booleans())
    def power(self, powered: bool) -> None:
        self.house.switch_power(powered)

    @invariant()
    def everything_is_in_order(self) -> None:
        for device in self.house.devices:
            holds(device)
            assert device.online is (self.house.powered or not device.model.mains)


TestHouse = HouseMachine.TestCase


@pytest.mark.parametrize("model", [DIMMABLE, WHITE_TONES, COLOURED])
def test_brightness_switches_a_light_on_and_zero_off(model: Any) -> None:
    """A level turns the lamp on, level 0 turns it off, and the old level comes back with `ON`."""
    light = Light(LABEL, model)

    assert light.set({"brightness": 51}) == []
    assert (light.state["state"], light.state["brightness"]) == ("ON", 51)
    light.set({"brightness": 0})
    assert light.state["state"] == "OFF"
    light.set({"state": "ON"})
    assert (light.state["state"], light.state["brightness"]) == ("ON", 51)


def test_color_mode_follows_what_was_set_last() -> None:
    """White tone and colour take turns; a lamp that has no colours refuses them and does the rest."""
    light = Light(LABEL, COLOURED)
    light.set({"color": {"x": 0.5, "y": 0.4}})
    assert light.state["color_mode"] == "xy"
    light.set({"color_temp": 300})
    assert light.state["color_mode"] == "color_temp"

    plain = Light(LABEL, DIMMABLE)
    problems = plain.set({"state": "ON", "color": {"x": 0.5, "y": 0.4}})
    assert problems == ["no converter available for 'color'"]
    assert plain.state["state"] == "ON"


def test_what_only_looks_different_is_not_reported() -> None:
    """Transition and effect are understood and leave no trace in the state."""
    light = Light(LABEL, DIMMABLE)

    assert light.set({"state": "ON", "transition": 2, "effect": "blink"}) == []
    assert set(light.report()) == {"state", "brightness", "linkquality"}


def test_an_obstructed_bolt_stays_out_of_its_hole() -> None:
    """While something is in the way a lock command changes nothing; afterwards it works."""
    lock = Lock(LABEL)
    lock.simulate({"state": "UNLOCK", "obstructed": True})
    lock.set({"state": "LOCK"})
    assert lock.report()["state"] == "UNLOCK"
    lock.simulate({"obstructed": False})
    lock.set({"state": "LOCK"})
    assert lock.report()["state"] == "LOCK"


def test_nobody_removes_an_obstruction_by_command() -> None:
    """Physical facts are no commands."""
    lock = Lock(LABEL)
    lock.simulate({"obstructed": True})

    assert lock.set({"obstructed": False}) == ["no converter available for 'obstructed'"]
    assert lock.state["obstructed"] is True


@pytest.mark.parametrize(
    "word, state", [("ARM_AWAY", "armed_away"), ("arm_night", "armed_night"), ("DISARM", "disarmed")]
)
def test_the_alarm_goes_where_the_word_says(word: str, state: str) -> None:
    """Commands are words, states are other words, and a command cannot write a state directly."""
    alarm = AlarmPanel(LABEL)
    alarm.set({"arm_mode": word})
    assert alarm.state["state"] == state
    assert alarm.set({"state": "triggered"})
    assert alarm.state["state"] == state


def test_the_thermostat_heats_until_it_is_warm() -> None:
    """The room comes up to the set point tick by tick, then the boiler rests."""
    thermostat = Thermostat(LABEL, local_temperature=69.7, setpoint=66)
    assert thermostat.report()["running_state"] == "idle"
    thermostat.set({"occupied_heating_setpoint": 70})
    assert thermostat.report()["running_state"] == "heat"
    for _ in range(3):
        thermostat.drift(Random(1))
    assert thermostat.report()["local_temperature"] == 70.0
    assert thermostat.report()["running_state"] == "idle"


def test_the_thermostat_refuses_what_it_cannot_hold() -> None:
    """55 to 90 °F; the mode in the same command is taken all the same."""
    thermostat = Thermostat(LABEL, 67.2, 66)

    assert thermostat.set({"occupied_heating_setpoint": 91, "system_mode": "cool"})
    assert thermostat.state["occupied_heating_setpoint"] == 66
    assert thermostat.state["system_mode"] == "cool"


def test_a_detector_takes_no_commands() -> None:
    """Only the physical world opens a door."""
    contact = Detector(LABEL, CONTACT, "door")
    assert contact.set({"contact": False})
    assert contact.report()["contact"] is True
    assert contact.simulate({"contact": False}) == []
    assert contact.report()["contact"] is False


@given(st.integers(0, 2**32), st.integers(1, 200))
def test_a_gauge_stays_near_where_it_began(seed: int, ticks: int) -> None:
    """However long it drifts, a reading stays plausible."""
    gauge, random = Gauge(LABEL, HUMIDITY, 48), Random(seed)
    for _ in range(ticks):
        gauge.drift(random)
    assert 43 <= gauge.value <= 53
