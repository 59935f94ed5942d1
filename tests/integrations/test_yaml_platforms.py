"""`platform:` items of the files: made, made again where they changed, and told about where nobody reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marge.config import ConfigProblem, load_home
from marge.integrations.yaml_platforms import Item, items
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

MEAN = """
sensor:
  - platform: min_max
    name: Mean
    unique_id: mean_of_all
    type: mean
    entity_ids: [sensor.one, sensor.two]
  - platform: min_max
    entity_ids: sensor.one, sensor.two
"""
WRONG = """
sensor:
  - platform: min_max
    type: maen
    entity_ids: [sensor.one]
  - platform: min_mx
    entity_ids: [sensor.one]
  - name: Nothing
light:
  platform: nobody
"""


@pytest.fixture
def home() -> Iterator[HomeServer]:
    with home_server(MEAN) as server:
        yield server


def state(home: HomeServer, entity_id: str) -> str | None:
    found = home.home.states.find(entity_id)
    return None if found is None else found.state


def test_an_item_becomes_an_entity(home: HomeServer) -> None:
    """With a unique id it is in the registry; without a name it has one of its own."""
    home.rest("POST", "/api/states/sensor.one", {"state": "10"})
    home.rest("POST", "/api/states/sensor.two", {"state": "20"})

    until(lambda: state(home, "sensor.mean") == "15.0" and state(home, "sensor.max_sensor") == "20.0")
    entry = home.home.registries.entities.get("sensor.mean")
    assert entry is not None and (entry.platform, entry.unique_id) == ("min_max", "mean_of_all")


def test_a_reload_makes_what_is_new_and_leaves_the_rest(home: HomeServer) -> None:
    """What stands elsewhere in the file is the same; what is gone is removed."""
    before = home.home.entities.owned["sensor.max_sensor"]
    file = Path(home.home.config.config_dir) / "configuration.yaml"
    file.write_text(MEAN.replace("type: mean", "type: sum").replace("name: Mean", "name: Total"))

    home.home.services.call("min_max", "reload", {})

    assert home.home.entities.owned["sensor.max_sensor"] is before
    assert home.home.entities.owned["sensor.mean"].name == "Total"
    file.write_text("homeassistant:\nsensor:\n")
    home.home.services.call("min_max", "reload", {})
    until(lambda: state(home, "sensor.max_sensor") is None)


def test_what_nobody_reads_is_told_with_its_place(tmp_path: Path) -> None:
    """A wrong item is an error, an unknown platform a warning that names the nearest."""
    (tmp_path / "configuration.yaml").write_text(WRONG)
    problems: list[ConfigProblem] = []

    found: list[Item] = list(items(load_home(tmp_path).sections, problems.append))

    assert found == []
    told = {(each.severity, each.line, each.hint) for each in problems}
    assert told == {
        ("error", 4, None),
        ("warning", 6, "did you mean `min_max`?"),
        ("error", 8, None),
        ("warning", 10, None),
    }
