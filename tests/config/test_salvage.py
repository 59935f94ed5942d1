"""A broken file loses its broken entries only."""

from __future__ import annotations

import pytest

from marge.config import load_home
from marge.config.salvage import top_level_entries
from tests.config.conftest import Load, found


def test_broken_automation_leaves_the_others(load: Load) -> None:
    """Place, reason and what is left out are named."""
    home = load(
        {
            "configuration.yaml": "automation: !include automations.yaml\nscene:\n  - name: x\n",
            "automations.yaml": "# mine\n- alias: A\n  mode: single\n\n- alias: B\n  mode: [\n- alias: C\n",
        }
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["A", "C"]
    assert home.sections["scene"] == [{"name": "x"}]
    (problem,) = home.problems
    assert (problem.severity, problem.file) == ("error", "automations.yaml")
    assert problem.line in (6, 7) and problem.column is not None
    assert "lines 5 to 6 (`alias: B`) are left out" in (problem.hint or "")


def test_lines_stay_right_behind_a_broken_entry(load: Load) -> None:
    """Entries are parsed one by one and still know their lines."""
    home = load({"configuration.yaml": "script:\n  a: [\nautomation:\n  - alias: A\n"})

    assert home.location_of(home.sections["automation"], 0) == ("configuration.yaml", 4)


def test_an_outdented_line_breaks_its_entry(load: Load) -> None:
    """An automation whose conditions slipped to the margin must not run without them."""
    home = load(
        {
            "configuration.yaml": "automation: !include a.yaml\n",
            "a.yaml": "- alias: Open door\n  actions: []\nconditions: []\n- alias: B\n",
        }
    )

    assert [item["alias"] for item in home.sections["automation"]] == ["B"]
    assert len(home.problems) == 1


def test_broken_main_file_keeps_its_good_blocks_and_all_history(load: Load) -> None:
    """The broken block may have held the retention: nothing is deleted until it is readable. (It is fatal besides.)"""
    text = "homeassistant:\n  name: Here\nmarge:\n  recorder: [\nscene:\n  - name: x\n"
    home = load({"configuration.yaml": text})

    assert home.location_name == "Here"
    assert home.sections["scene"] == [{"name": "x"}]
    assert home.marge.history_days == 0
    assert [problem.line for problem in home.fatal] == [5]


def test_wholly_broken_files_are_reported_once(load: Load) -> None:
    """A file that is no list and no mapping, and one that is no text."""
    home = load(
        {
            "configuration.yaml": "script: !include a.yaml\nscene: !include b.yaml\nautomation: !include c.yaml\n",
            "a.yaml": "[1, 2\n",
            "b.yaml": b"name: \xff\xfe\n",
            "c.yaml": "@\n",
        }
    )

    assert [file for _, file, _ in found(home)] == ["a.yaml", "b.yaml", "c.yaml"]
    assert dict(home.sections) == {}


def test_entries_end_where_the_next_one_begins() -> None:
    """Comments between entries belong to nobody's lines."""
    entries = top_level_entries("---\n# head\nfirst:\n  a: 1\n\n# about second\nsecond: 2\n")

    assert [(e.first_line, e.last_line, e.title) for e in entries] == [(3, 4, "first:"), (7, 7, "second: 2")]
    assert top_level_entries("just text\n") == []


@pytest.mark.parametrize("key", ["marge", "http"])
def test_a_broken_part_that_says_who_may_reach_the_home_forbids_the_start(tmp_path, key):
    """Starting without it would open the home to every address."""
    (tmp_path / "configuration.yaml").write_text(f'scene: []\n{key}:\n  http_host: "127.0.0.1\\x"\n  x: [\n')
    home = load_home(tmp_path, {})

    assert [problem.severity for problem in home.fatal] == ["fatal"]
    assert "does not start without" in str(home.fatal[0].hint)
