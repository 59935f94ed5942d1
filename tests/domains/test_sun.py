"""`sun.sun`."""

from __future__ import annotations

import gevent

from marge.domains.sun import look
from tests.domains.home import running_home
from tests.solar.tables import table_for
from tests.solar.test_table import AT, PLACE, RECORDED, TROMSO, epoch, event_after
from tests.support.waiting import until


def sun_at(at, place):
    return look(table_for(at, place), at)


def test_polar_night_is_night_and_polar_day_is_day():
    """In Tromsø in December and in June, at whatever hour."""
    assert not sun_at(epoch("2026-12-10T12:00:00+00:00"), TROMSO).is_up
    sun = sun_at(epoch("2026-06-21T23:00:00+00:00"), TROMSO)
    assert sun.is_up and (sun.altitude or 0) > 0


def test_it_is_up_between_rising_and_setting():
    """The state turns exactly at the two events."""
    rising = event_after("sunrise", AT, *PLACE)
    setting = event_after("sunset", rising, *PLACE)
    assert [sun_at(at, PLACE).is_up for at in (rising - 1, rising + 1, setting - 1, setting + 1)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_entity_follows_the_home_s_time():
    """`sun.sun` shows the present, turns at the events as time passes, and jumps when the home's clock is set."""
    with running_home(now=AT, without=()) as home:

        def wait(condition, what):
            def settled():
                home.settle()
                return condition()

            until(settled, what=what)

        wait(lambda: home.state("sun.sun").state != "unknown", "the first table")
        sun = home.state("sun.sun")
        assert (sun.state, sun.attributes["friendly_name"], sun.attributes["rising"]) == ("above_horizon", "Sun", True)
        assert list(sun.attributes) == [
            "next_dawn", "next_dusk", "next_midnight", "next_noon", "next_rising", "next_setting", "elevation",
            "azimuth", "rising", "friendly_name",
        ]  # fmt: skip
        home.clock.set_home(epoch("2026-11-21T03:00:00+00:00"))
        wait(lambda: home.state("sun.sun").state == "below_horizon", "the night")
        home.clock.set_home(epoch(RECORDED["sunrise"]) - 30, speed=1.0)
        wait(lambda: home.state("sun.sun").attributes["elevation"] > -3, "the last minute of it")
        gevent.sleep(0)
        home.clock.advance(60)
        wait(lambda: home.state("sun.sun").state == "above_horizon", "the sunrise")
