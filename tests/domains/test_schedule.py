"""Schedules: on during certain hours of certain days."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol

from marge.domains.schedule import CONFIG_SCHEMA, spans
from tests.domains.home import running_home

WEEK = {"friday": [{"from": "10:00", "to": "11:30", "data": {"mode": "warm"}}, {"from": "22:00", "to": "24:00"}],
        "saturday": [{"from": "00:00", "to": "06:00:00"}]}  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")


def conf(**week):
    return vol.Schema(CONFIG_SCHEMA)({"name": "S", **week})


def test_it_turns_on_and_off_at_the_boundaries():
    """10:25 on a Friday in Denver: on, with the block's data; then off, then on over midnight."""
    with running_home({"schedule": {"heat": {"name": "Heat", **WEEK}}}) as home:
        shown = home.state("schedule.heat")
        assert shown.state == "on"
        assert dict(shown.attributes) == {
            "editable": False, "next_event": "2026-11-20T11:30:00-07:00", "mode": "warm", "friendly_name": "Heat",
        }  # fmt: skip
        home.clock.advance(65 * 60 + 1)
        home.settle()
        shown = home.state("schedule.heat")
        assert (shown.state, shown.attributes["next_event"]) == ("off", "2026-11-20T22:00:00-07:00")
        assert "mode" not in shown.attributes
        home.clock.advance(10.5 * 3600)
        home.settle()
        assert home.state("schedule.heat").state == "on"
        home.clock.advance(2 * 3600)
        home.settle()
        shown = home.state("schedule.heat")
        assert (shown.state, shown.attributes["next_event"]) == ("on", "2026-11-21T06:00:00-07:00")


def test_an_empty_schedule_is_off_for_ever():
    """No block, no next event."""
    with running_home({"schedule": {"never": {}}}) as home:
        assert home.state("schedule.never").state == "off"
        assert home.state("schedule.never").attributes["next_event"] is None


def test_it_tells_its_hours():
    """`get_schedule` answers with the whole week."""
    with running_home({"schedule": {"heat": WEEK}}) as home:
        result = home.home.services.call(
            "schedule", "get_schedule", {"entity_id": "schedule.heat"}, return_response=True
        )
        week = result.response["schedule.heat"]
        assert week["saturday"] == [{"from": "00:00:00", "to": "06:00:00"}]
        assert week["friday"][1] == {"from": "22:00:00", "to": "24:00:00"}
        assert week["monday"] == []


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([{"from": "10:00", "to": "09:00"}], "Invalid time range, from 10:00:00 is after 09:00:00"),
        ([{"from": "10:00", "to": "10:00"}], "Invalid time range"),
        ([{"from": "12:00", "to": "14:00"}, {"from": "10:00", "to": "12:30"}], "Overlapping times"),
        ([{"from": "25:00", "to": "26:00"}], "Invalid time specified: 25:00"),
        ([{"from": "10:00"}], "required key not provided"),
        ([{"from": "10:00", "to": "11:00", "data": {"a": {}}}], "expected bool"),
    ],
)
def test_impossible_hours_are_refused(blocks, problem):
    """With HA's words."""
    with pytest.raises(vol.Invalid, match=problem):
        conf(monday=blocks)


def test_hours_are_sorted_and_follow_the_clock_on_the_wall():
    """On the day that the clock goes back, 01:00 to 04:00 lasts four hours; going forward, two."""
    night = [{"from": "05:00", "to": "06:00"}, {"from": "01:00", "to": "04:00"}]
    for date, hours in ((dt.date(2026, 10, 25), 4), (dt.date(2026, 3, 29), 2)):
        first = next(spans(conf(sunday=night), date, 1, BERLIN))
        assert (first.ends - first.begins) / 3600 == hours


def test_a_jump_of_the_homes_time_is_noticed():
    """When somebody sets the clock, the schedule looks again."""
    with running_home({"schedule": {"heat": WEEK}}) as home:
        home.clock.set_home(dt.datetime(2026, 11, 20, 23, 0, tzinfo=ZoneInfo("America/Denver")).timestamp())
        home.settle()
        assert home.state("schedule.heat").attributes["next_event"] == "2026-11-21T00:00:00-07:00"
