"""The devices' memory: what is remembered, what is not, and files that somebody else wrote."""

from __future__ import annotations

import subprocess
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.simulate.house import House, demo_house
from marge.simulate.memory import Memory
from tests.simulate.conftest import Address, Listener, start_house
from tests.simulate.devices.test_devices import DEVICE_NAMES, holds
from tests.simulate.devices.test_fields import json_values
from tests.support.waiting import until


def state(house: House, name: str) -> dict[str, object]:
    device = house.find(name)
    assert device is not None
    return device.state


def test_a_new_house_remembers_what_the_old_one_knew(tmp_path: Path) -> None:
    """Lamps, locks and the alarm keep their states; detectors measure anew, so no old smoke sets off anything."""
    memory, house = Memory(tmp_path / "house.json"), demo_house()
    changes: dict[str, dict[str, object]] = {
        "Living Room Accent": {"state": "ON", "color": {"x": 0.5, "y": 0.4}},
        "Back Door": {"state": "UNLOCK", "obstructed": True},
        "Home Alarm": {"state": "armed_away"},
        "Thermostat": {"occupied_heating_setpoint": 70},
        "Smoke Detector": {"smoke": True},
        "Bedroom Temperature": {"temperature": 99},
    }
    for name, change in changes.items():
        device = house.find(name)
        assert device is not None
        assert device.simulate(change) == []
    memory.save(house)
    fresh = demo_house()
    memory.restore(fresh)

    for name in ("Living Room Accent", "Back Door", "Home Alarm", "Thermostat"):
        assert state(fresh, name) == state(house, name)
    assert state(fresh, "Smoke Detector")["smoke"] is False
    assert state(fresh, "Bedroom Temperature")["temperature"] == 67.2


def test_a_fresh_house_is_restored_as_it_is(tmp_path: Path) -> None:
    """Saving and restoring without any change changes nothing."""
    memory = Memory(tmp_path / "house.json")
    memory.save(demo_house())
    fresh = demo_house()
    memory.restore(fresh)

    assert [device.state for device in fresh.devices] == [device.state for device in demo_house().devices]


@given(st.binary(max_size=60) | st.dictionaries(st.sampled_from(DEVICE_NAMES) | st.text(max_size=5), json_values))
def test_any_file_leaves_a_house_in_order(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    """A file that is broken, foreign or hand-edited gives at worst a house at rest."""
    path = tmp_path_factory.getbasetemp() / "any.json"
    try:
        path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    except TypeError:
        return  # hypothesis found something that JSON cannot say
    house = demo_house()
    Memory(path).restore(house)
    for device in house.devices:
        holds(device)


def test_a_file_that_cannot_be_written_does_not_stop_the_house(tmp_path: Path) -> None:
    """The folder is missing: logged, and the house goes on."""
    memory = Memory(tmp_path / "missing" / "house.json")
    memory.save(demo_house())
    memory.restore(demo_house())

    assert not memory.path.exists()


def test_a_killed_house_comes_back_as_it_was(broker: Address, listener: Listener, tmp_path: Path) -> None:
    """`kill -9` half a second after a command: the lamp is still on afterwards."""
    path = tmp_path / "house.json"
    options = ("--state-file", str(path), "--base-topic", "kept", "--discovery-prefix", "elsewhere")
    process = start_house(broker, *options)
    try:
        listener.until("kept/Porch", bool)
        listener.send("kept/Porch/set", {"brightness": 100})
        listener.until("kept/Porch", lambda value: value["state"] == "ON")
        _wait_for(path)
        process.kill()
        process.wait(60)
        listener.until("kept/bridge/state", lambda value: value["state"] == "offline")
        process = start_house(broker, *options)
        listener.until("kept/bridge/state", lambda value: value["state"] == "online")
        listener.until("kept/Current", bool)
        assert listener.last("kept/Porch") == {"state": "ON", "brightness": 100, "linkquality": 112}
    finally:
        _end(process)


def _wait_for(path: Path) -> None:
    until(lambda: path.exists() and orjson.loads(path.read_bytes())["Porch"]["state"] == "ON")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(60)
