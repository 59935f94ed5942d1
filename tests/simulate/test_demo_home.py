"""The files of the demo home: what they promise, and that Marge's own reader finds nothing wrong in them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml

from marge.util.slug import slugify

DEMO_HOME = Path(__file__).parents[2] / "etc" / "demo-home"


def test_the_reader_finds_nothing_wrong() -> None:
    """`marge check-config` reads every section without a problem."""
    checked = subprocess.run(
        [sys.executable, "-m", "marge", "--config", str(DEMO_HOME), "check-config"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "nothing wrong" in checked.stdout


def test_there_are_exactly_the_six_automations() -> None:
    """All in mode single, in modern syntax, with ids equal to the slug of their alias."""
    automations = yaml.safe_load((DEMO_HOME / "automations.yaml").read_text())

    assert [automation["alias"] for automation in automations] == [
        "Morning Wake-Up", "Security Alert - Motion While Armed Away", "Sunset - Exterior and Evening Scene",
        "Goodnight Routine", "Lock Verification After Goodnight", "Smoke/CO Emergency Response",
    ]  # fmt: skip
    for automation in automations:
        assert automation["id"] == slugify(automation["alias"])
        assert automation["mode"] == "single"
        assert {"triggers", "conditions", "actions"} <= set(automation)


def test_the_two_scenes_hold_what_they_are_known_for() -> None:
    """Evening has five entities, Goodnight nine."""
    scenes = {scene["name"]: scene["entities"] for scene in yaml.safe_load((DEMO_HOME / "scenes.yaml").read_text())}

    assert {name: len(entities) for name, entities in scenes.items()} == {"Evening": 5, "Goodnight": 9}
    assert scenes["Evening"]["media_player.living_room"]["source"] == "Music"


def test_the_weather_says_in_which_units_it_reads() -> None:
    """A home that counts in customary units: each reading has its unit beside it."""
    text = (DEMO_HOME / "configuration.yaml").read_text().replace("!include ", "")
    weather = yaml.safe_load(text)["marge"]["virtual_entities"]["weather.home"]["attributes"]

    units = {name.removesuffix("_unit"): unit for name, unit in weather.items() if name.endswith("_unit")}
    assert units == {
        "temperature": "°F", "pressure": "hPa", "wind_speed": "mph", "visibility": "mi", "precipitation": "in"
    }  # fmt: skip
