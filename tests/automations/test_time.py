"""Time and sun: the home's clock, set or running."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.automations.world import world
from tests.solar.tables import solar_event
from tests.support.waiting import until

DENVER = ZoneInfo("America/Denver")
PLACE = (40.39, -111.85, 1387.0)


def at(text):
    return datetime.fromisoformat(f"2026-03-10T{text}").replace(tzinfo=DENVER).timestamp()


def home(*triggers, start="05:00:00", **others):
    automation = {"alias": "Test", "triggers": list(triggers), "actions": [{"event": "hit"}], **others}
    return world({"automation": [automation], "input_datetime": {
        "wake": {"has_time": True, "has_date": False}, "when": {"has_time": True, "has_date": True},
    }}, start=at(start))


def hits(made):
    return [event.time_fired for event in made.of_type("hit")]


def test_a_daily_time_fires_every_day():
    """At the local time, day after day."""
    with home({"trigger": "time", "at": "05:30:00"}) as made:
        made.advance(3 * 86_400)

        assert [round(each - at("05:30:00")) for each in hits(made)] == [0, 86_400, 2 * 86_400]


def test_setting_the_time_to_a_triggers_minute_fires_it_once():
    """The demo's way: set 05:30, see what happens then; setting it again within the minute does nothing."""
    with home({"trigger": "time", "at": "05:30:00"}, start="12:00:00") as made:
        made.clock.set_home(at("05:30:00"))
        made.settle()
        assert len(hits(made)) == 1
        made.clock.set_home(at("05:30:20"))
        made.settle()
        assert len(hits(made)) == 1
        made.clock.set_home(at("07:00:00"))
        made.settle()
        assert len(hits(made)) == 1
        made.clock.set_home(at("05:30:00"))
        made.settle()
        assert len(hits(made)) == 2


def test_two_triggers_of_one_minute_fire_the_automation_once_when_the_time_is_set():
    """At most one firing per automation and minute."""
    with home({"trigger": "time", "at": ["05:30:00", "05:30:30"]}, start="12:00:00") as made:
        made.clock.set_home(at("05:30:00"))
        made.advance(50)

        assert len(hits(made)) == 1


def test_times_that_were_jumped_over_do_not_fire():
    """Setting the time from noon to evening plays none of the afternoon."""
    with home({"trigger": "time", "at": "14:00:00"}, {"trigger": "time_pattern", "minutes": "/5"},
              start="12:00:01", mode="parallel", max=99) as made:
        made.clock.set_home(at("18:01:00"))
        made.advance(1)

        assert hits(made) == []


def test_the_set_time_runs_on_at_its_speed():
    """An hour at speed 60 takes a minute; delays and `for` run at that speed too."""
    with home({"trigger": "time", "at": "06:00:00"}, actions=[{"delay": "00:01:00"}, {"event": "hit"}]) as made:
        made.clock.set_home(at("05:00:00"), 60.0)
        before = made.clock.now()
        made.advance(62)

        assert [round(each - before) for each in hits(made)] == [61]


def test_a_time_from_a_helper_follows_the_helper():
    """A changed `input_datetime` arms the trigger anew."""
    with home({"trigger": "time", "at": "input_datetime.wake"}) as made:
        made.call("input_datetime.set_datetime", {"entity_id": "input_datetime.wake", "time": "05:10:00"})
        made.call("input_datetime.set_datetime", {"entity_id": "input_datetime.wake", "time": "05:20:00"})
        made.advance(3600.5)

        assert [round(each - at("05:20:00")) for each in hits(made)] == [0]


def test_weekdays_limit_a_time():
    """2026-03-10 is a Tuesday."""
    with home({"trigger": "time", "at": "05:30:00", "weekday": ["wed"]}) as made:
        made.advance(2 * 86_400)

        assert [round(each - at("05:30:00")) for each in hits(made)] == [86_400]


@pytest.mark.parametrize(("pattern", "expected"), [
    ({"minutes": "/15"}, [900, 1800, 2700, 3600]),
    ({"hours": 6}, [3600]),
    ({"minutes": 5, "seconds": 30}, [330]),
    ({"seconds": "/0"}, []),
])
def test_time_patterns(pattern, expected):
    """What is left out below the finest given unit is zero."""
    with home({"trigger": "time_pattern", **pattern}) as made:
        made.advance(3600.5)

        assert [round(each - at("05:00:00")) for each in hits(made)] == expected


def _wait_for_sun(made):
    """Until the helper has answered and the trigger has its timer."""

    def armed():
        made.settle()
        return [timer for timer in made.home.system.actor("/automations/test")._host._timers if not timer.done]

    until(armed, what="the sun's timer")


def test_sunset_fires_at_sunset_and_the_day_after():
    """The helper computes, the clock fires."""
    sunset = solar_event("sunset", at("12:00:00"), *PLACE)
    assert sunset is not None
    with home({"trigger": "sun", "event": "sunset", "offset": "-00:10:00"}, start="12:00:00") as made:
        _wait_for_sun(made)
        made.advance(8 * 3600)
        _wait_for_sun(made)
        made.advance(24 * 3600)

        assert round(hits(made)[0] - (sunset - 600)) == 0
        assert 86_300 < hits(made)[1] - hits(made)[0] < 86_600


def test_setting_the_time_to_sunset_fires_it():
    """As for times: the minute counts."""
    sunset = solar_event("sunset", at("12:00:00"), *PLACE)
    assert sunset is not None
    with home({"trigger": "sun", "event": "sunset"}, start="12:00:00") as made:
        _wait_for_sun(made)
        made.clock.set_home(sunset // 60 * 60 + 59)
        until(lambda: (made.settle(), hits(made))[1], what="the sunset")
        made.clock.set_home(at("20:00:00"))
        _wait_for_sun(made)

        assert len(hits(made)) == 1


def test_time_conditions_read_the_set_time():
    """A condition looks at the home's clock, not at the wall's."""
    with home({"trigger": "event", "event_type": "go"},
              conditions={"condition": "time", "after": "22:00", "before": "06:00"}, start="12:00:00") as made:
        made.fire("go")
        made.clock.set_home(at("23:00:00"))
        made.fire("go")

        assert len(hits(made)) == 1
