"""The ordinary day as data fits the simulated house and the demo home's files."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import yaml

from marge.simulate.day.chapters import AT_REST, MAINS, ORDINARY_DAY
from marge.simulate.day.expectations import Shows
from marge.simulate.day.player import time_of_day
from marge.simulate.day.steps import Physical
from marge.simulate.house import demo_house

DEMO_HOME = Path(__file__).parents[3] / "etc" / "demo-home"
STEPS = [step for chapter in ORDINARY_DAY for step in chapter.steps]


def entities_of_the_devices() -> set[str]:
    return {f"{device.component}.{device.label.object_id}" for device in demo_house().devices}


def test_times_only_go_forward() -> None:
    """A clock that is set back would let the morning happen twice. Sunset lies between 16:59 and 21:03 in Utah."""
    times = [time_of_day(step.at) for step in STEPS if step.at != "sunset"]
    assert all(earlier < later for earlier, later in pairwise(times))
    sunset = next(number for number, step in enumerate(STEPS) if step.at == "sunset")
    assert time_of_day(STEPS[sunset - 1].at) < time_of_day("16:55:00")
    assert time_of_day(STEPS[sunset + 1].at) > time_of_day("21:10:00")


def test_every_physical_stimulus_is_one_that_its_device_understands() -> None:
    """Names and values are those of the simulated house."""
    house = demo_house()
    for step in STEPS:
        for stimulus in step.stimuli:
            if isinstance(stimulus, Physical):
                device = house.find(stimulus.device)
                assert device is not None, stimulus
                assert device.simulate(stimulus.change) == []


def test_every_expected_entity_exists_in_the_demo_home() -> None:
    """Devices come from the house, the rest from configuration.yaml."""
    configuration = (DEMO_HOME / "configuration.yaml").read_text().replace("!include", "include:")
    known = entities_of_the_devices() | {"person.resident"}
    for section, content in yaml.safe_load(configuration.replace(": include: ", ": ")).items():
        if section.startswith("input_") or section == "group":
            known |= {f"{section}.{name}" for name in content}
        if section == "marge":
            known |= set(content["virtual_entities"])
    expected = {
        entity_id for step in STEPS for one in step.expect if isinstance(one, Shows) for entity_id in one.entity_ids
    }
    assert expected <= known


def test_at_rest_covers_every_device() -> None:
    """The day begins and ends with a look at all 37 devices."""
    looked_at = {entity_id for one in AT_REST if isinstance(one, Shows) for entity_id in one.entity_ids}

    assert entities_of_the_devices() <= looked_at
    assert STEPS[0].expect == STEPS[-1].expect == AT_REST


def test_mains_are_those_devices_that_the_power_cut_takes() -> None:
    """The expectation of the outage and the house agree."""
    gone = demo_house().switch_power(False)

    assert {f"{device.component}.{device.label.object_id}" for device in gone} == set(MAINS)
