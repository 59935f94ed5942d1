"""Generated homes are homes that Marge takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtests.homes.virtual import entity, entity_id, write_configuration
from marge.config import load_home
from marge.model import valid_entity_id


def test_a_generated_configuration_has_all_entities(tmp_path: Path) -> None:
    """With states and attributes as generated, and no other problem than that there is no broker."""
    write_configuration(tmp_path / "home", 40)

    home = load_home(tmp_path / "home", {})

    assert not home.fatal and len(home.problems) <= 1
    assert len(home.marge.virtual_entities) == 40
    for number in range(40):
        seed = home.marge.virtual_entities[entity_id(number)]
        assert valid_entity_id(entity_id(number))
        assert {"state": seed.state, "attributes": dict(seed.attributes)} == entity(number)


def test_a_home_that_exists_is_left_alone(tmp_path: Path) -> None:
    """Somebody's configuration is not overwritten by a load test."""
    (tmp_path / "configuration.yaml").write_text("marge:\n")
    with pytest.raises(FileExistsError):
        write_configuration(tmp_path, 3)
    assert (tmp_path / "configuration.yaml").read_text() == "marge:\n"
