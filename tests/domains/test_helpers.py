"""Helpers from the files: first values, bad entries, restarts, reloads."""

from __future__ import annotations

import pytest
import voluptuous as vol

from marge.config import load_home
from marge.errors import HomeError
from marge.model import Context, State
from tests.domains.home import running_home


def was(entity_id, state, **attributes):
    return {entity_id: State(entity_id, state, attributes, 0.0, 0.0, 0.0, Context.new())}


def test_a_bad_entry_is_named_and_the_rest_loads(tmp_path):
    """One helper without its range is left out, with file and line; its neighbours are there."""
    (tmp_path / "configuration.yaml").write_text(
        "input_number:\n  good: {min: 0, max: 10}\n  bad:\n    min: 5\n    max: 1\n  Worse Name: {min: 0, max: 1}\n"
    )
    sections = load_home(tmp_path, env={}).sections
    with running_home(sections) as home:
        assert home.state("input_number.good").state == "0.0"
        assert home.home.states.get("input_number.bad") is None
        problems = home.home.shared["config_problems"]
        assert [problem.path for problem in problems] == ["input_number.bad", "input_number.Worse Name"]
        assert problems[0].where.startswith("configuration.yaml:")
        assert "not greater" in problems[0].message


@pytest.mark.parametrize(
    ("domain", "conf", "restored", "expected"),
    [
        ("input_boolean", {}, "on", "on"),
        ("input_boolean", {"initial": False}, "on", "off"),
        ("input_number", {"min": 0, "max": 9}, "7.5", "7.5"),
        ("input_number", {"min": 0, "max": 9}, "70", "0.0"),
        ("input_number", {"min": 0, "max": 9, "initial": 3}, "7.5", "3.0"),
        ("input_select", {"options": ["a", "b"]}, "b", "b"),
        ("input_select", {"options": ["a", "b"]}, "c", "a"),
        ("input_select", {"options": ["a", "b"], "initial": "a"}, "b", "a"),
        ("input_text", {}, "hello", "hello"),
        ("input_text", {"max": 3}, "hello", "unknown"),
        ("input_text", {"initial": ""}, "hello", ""),
        ("input_datetime", {"has_time": True}, "07:08:09", "07:08:09"),
        ("input_datetime", {"has_date": True}, "07:08:09", "2026-11-20"),
        ("input_datetime", {"has_date": True, "has_time": True, "initial": "2026-01-02 03:04"}, None,
         "2026-01-02 03:04:00"),
        ("counter", {}, "12", "12"),
        ("counter", {"restore": False, "initial": 3}, "12", "3"),
        ("counter", {"maximum": 10}, "12", "10"),
        ("input_button", {}, "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"),
        ("input_boolean", {}, "unavailable", "off"),
    ],
)  # fmt: skip
def test_first_value(domain, conf, restored, expected):
    """What was configured wins over what was restored, which wins over the default; what does not fit is dropped."""
    entity_id = f"{domain}.x"
    with running_home({domain: {"x": conf}}, restored=was(entity_id, restored) if restored else {}) as home:
        assert home.state(entity_id).state == expected


def test_a_restarted_actor_keeps_the_value():
    """The value lives with the entity, not with its actor: initial values are for the start of the home."""
    with running_home({"counter": {"x": {"initial": 3}}, "input_select": {"s": {"options": ["a", "b"]}}}) as home:
        home.call("counter.increment", entity_id="counter.x")
        home.call("input_select.select_last", entity_id="input_select.s")
        for entity_id in ("counter.x", "input_select.s"):
            home.home.system.kill(f"/entities/{entity_id}")
        home.clock.advance(1.0)
        home.settle()
        home.call("counter.increment", entity_id="counter.x")
        home.call("input_select.select_next", entity_id="input_select.s")
        assert home.state("counter.x").state == "5"
        assert home.state("input_select.s").state == "a"


def test_reload_adds_changes_and_removes():
    """After `input_number.reload` the home has what the files say, and unchanged helpers keep their value."""
    with running_home() as home:
        path = home.home.config.config_dir / "configuration.yaml"
        path.write_text("input_number:\n  a: {min: 0, max: 100}\n  b: {min: 0, max: 100}\n")
        home.call("input_number.reload")
        home.call("input_number.set_value", entity_id=["input_number.a", "input_number.b"], value=50)
        path.write_text("input_number:\n  b: {min: 0, max: 10, name: Bee}\n  c: {min: 1, max: 2}\n")
        home.call("input_number.reload")
        assert home.home.states.get("input_number.a") is None
        assert (home.state("input_number.b").state, home.state("input_number.b").name) == ("10.0", "Bee")
        assert home.state("input_number.c").state == "1.0"


def test_errors_reach_the_caller():
    """The texts that HA's clients know."""
    with running_home({"input_select": {"m": {"options": ["a"]}}, "input_datetime": {"t": {"has_time": True}}}) as home:
        with pytest.raises(HomeError, match=r"Invalid option: z \(possible options: a\)"):
            home.call("input_select.select_option", entity_id="input_select.m", option="z")
        with pytest.raises(vol.Invalid, match="Nothing to set"):
            home.call("input_datetime.set_datetime", entity_id="input_datetime.t", date="2026-01-01")
        with pytest.raises(vol.Invalid, match="Invalid timestamp"):
            home.call("input_datetime.set_datetime", entity_id="input_datetime.t", timestamp=1e300)


def test_a_virtual_helper_is_not_a_helper():
    """`input_number.x` that nobody configured takes the number as it was written."""
    with running_home() as home:
        home.write("input_number.x", "1", min=0, max=100)
        home.call("input_number.set_value", entity_id="input_number.x", value=75)
        assert home.state("input_number.x").state == "75"
