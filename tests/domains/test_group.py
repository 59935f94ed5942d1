"""Groups follow their members."""

from __future__ import annotations

import pytest

from marge.domains._group_state import group_state
from marge.model import Context, State
from tests.domains.home import running_home


def member(entity_id, state):
    return State(entity_id, state, {}, 0.0, 0.0, 0.0, Context.new())


@pytest.mark.parametrize(
    ("members", "need_all", "expected"),
    [
        ({"light.a": "on", "light.b": "off"}, False, "on"),
        ({"light.a": "on", "light.b": "off"}, True, "off"),
        ({"light.a": "on", "light.b": "on"}, True, "on"),
        ({"light.a": "off", "light.b": "unavailable"}, False, "off"),
        ({"light.a": "unavailable", "light.b": "unavailable"}, False, "unavailable"),
        ({"light.a": "unknown"}, False, "unknown"),
        ({"person.a": "home", "person.b": "not_home"}, False, "home"),
        ({"person.a": "Work", "device_tracker.b": "not_home"}, False, "not_home"),
        ({"lock.a": "locked", "lock.b": "unlocked"}, False, "unlocked"),
        ({"lock.a": "locked", "lock.b": "locked"}, False, "locked"),
        ({"cover.a": "open"}, False, "open"),
        ({"light.a": "on", "person.b": "not_home"}, False, "on"),
        ({"alarm_control_panel.a": "armed_home"}, False, "on"),
        ({"climate.a": "heat"}, False, "on"),
        ({"media_player.a": "playing"}, False, "on"),
        ({"sensor.a": "5"}, False, None),
        ({}, False, None),
    ],
)
def test_the_state_of_members(members, need_all, expected):
    """On while any (or all) are on, in the members' own words."""
    assert group_state([member(*item) for item in members.items()], need_all) == expected


SECTIONS = {"group": {"down": {"name": "Downstairs", "entities": ["light.a", "light.b"]}, "short": "light.a, switch.c"}}


def test_a_group_follows_under_the_member_s_context():
    """A member's change changes the group, and the same cause is written there."""
    with running_home(SECTIONS) as home:
        home.write("light.a", "off")
        assert home.state("group.down").state == "off"
        home.write("light.b", "on")
        group = home.state("group.down")
        assert group.state == "on"
        assert group.context.id == home.state("light.b").context.id
        assert group.attributes["entity_id"] == ["light.a", "light.b"]


def test_groups_of_groups():
    """A group may be a member."""
    with running_home({"group": {"inner": ["light.a"], "outer": ["group.inner", "light.b"]}}) as home:
        home.write("light.a", "on")
        assert home.state("group.outer").state == "on"


def test_services_make_change_and_remove_groups():
    """`group.set` makes one and changes its members; `group.remove` removes it and its listeners."""
    with running_home() as home:
        home.write("light.a", "on")
        home.call("group.set", object_id="g", entities=["light.a"], name="Gee")
        assert (home.state("group.g").state, home.state("group.g").name) == ("on", "Gee")
        home.call("group.set", object_id="g", add_entities=["light.b"])
        home.call("group.set", object_id="g", remove_entities=["light.a"])
        assert home.state("group.g").attributes["entity_id"] == ["light.b"]
        listeners = home.home.bus.listener_counts()["state_changed"]
        home.call("group.remove", object_id="g")
        assert home.home.states.get("group.g") is None
        assert home.home.bus.listener_counts()["state_changed"] == listeners - 1


def test_a_virtual_group_takes_a_state():
    """A group that only clients know is set by its id."""
    with running_home() as home:
        home.write("group.v", "off", friendly_name="V")
        home.call("group.set", entity_id="group.v")
        assert (home.state("group.v").state, home.state("group.v").name) == ("on", "V")


def test_turning_a_group_on_turns_its_members_on():
    """`homeassistant.turn_on` reaches members of all kinds through the group."""
    with running_home(SECTIONS) as home:
        for entity_id in ("light.a", "light.b", "switch.c"):
            home.write(entity_id, "off")
        home.call("homeassistant.turn_on", entity_id=["group.down", "group.short"])
        assert [home.state(each).state for each in ("light.a", "light.b", "switch.c")] == ["on", "on", "on"]
