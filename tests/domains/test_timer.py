"""Timers, on simulated time."""

from __future__ import annotations

import pytest

from marge.errors import HomeError
from marge.model import Context, State
from tests.domains.home import NOW, running_home

SECTIONS = {"timer": {"t": {"duration": "00:00:05"}, "kept": {"duration": 60, "restore": True}}}


def test_a_timer_runs_down_and_says_so():
    """Started, it is active; when its time is over it is idle, and `timer.finished` says when."""
    with running_home(SECTIONS) as home:
        home.call("timer.start", entity_id="timer.t")
        assert home.state("timer.t").attributes["remaining"] == "0:00:05"
        home.clock.advance(4.9)
        assert home.state("timer.t").state == "active"
        home.clock.advance(0.2)
        assert home.state("timer.t").state == "idle"
        assert [event["entity_id"] for event in home.of_type("timer.started")] == ["timer.t"]
        assert home.of_type("timer.finished") == [{"entity_id": "timer.t", "finished_at": "2026-11-20T17:25:05+00:00"}]


def test_who_hears_the_end_sees_it():
    """At the moment of `timer.finished` the state is idle already."""
    with running_home(SECTIONS) as home:
        seen = []
        home.home.bus.subscribe(lambda event: seen.append(home.state("timer.t").state), "timer.finished")
        home.call("timer.start", entity_id="timer.t")
        home.clock.advance(6)
        assert seen == ["idle"]


def test_pausing_keeps_what_is_left():
    """A paused timer goes on with what was left, however long the pause."""
    with running_home(SECTIONS) as home:
        home.call("timer.start", entity_id="timer.t", duration=10)
        home.clock.advance(4)
        home.call("timer.pause", entity_id="timer.t")
        assert home.state("timer.t").attributes["remaining"] == "0:00:06"
        home.clock.advance(3600)
        home.call("timer.start", entity_id="timer.t")
        home.clock.advance(5.9)
        assert home.state("timer.t").state == "active"
        home.clock.advance(0.2)
        assert home.state("timer.t").state == "idle"
        assert len(home.of_type("timer.restarted")) == 1


def test_cancelling_silences_the_alarm():
    """After cancel and after a new start, the old run's end does nothing."""
    with running_home(SECTIONS) as home:
        home.call("timer.start", entity_id="timer.t")
        home.clock.advance(3)
        home.call("timer.cancel", entity_id="timer.t")
        home.call("timer.start", entity_id="timer.t")
        home.clock.advance(3)
        assert home.state("timer.t").state == "active"
        assert len(home.of_type("timer.cancelled")) == 1
        assert not home.of_type("timer.finished")


def test_changing_is_for_running_timers_and_within_their_duration():
    """Longer than the duration and shorter than nothing are refused."""
    with running_home(SECTIONS) as home:
        with pytest.raises(HomeError, match="only active timers"):
            home.call("timer.change", entity_id="timer.t", duration=-1)
        home.call("timer.start", entity_id="timer.t")
        with pytest.raises(HomeError, match="beyond duration"):
            home.call("timer.change", entity_id="timer.t", duration=1)
        with pytest.raises(HomeError, match="negative"):
            home.call("timer.change", entity_id="timer.t", duration=-6)
        home.call("timer.change", entity_id="timer.t", duration=-2)
        home.clock.advance(3.1)
        assert home.state("timer.t").state == "idle"


@pytest.mark.parametrize(("ends_in", "expected"), [(30, "active"), (-30, "idle")])
def test_a_timer_that_restores_goes_on_after_a_restart(ends_in, expected):
    """With `restore` a running timer ends when it would have; one whose end was missed ends at once."""
    from marge.util.dt import iso

    attributes = {"duration": "0:01:00", "finishes_at": iso(NOW + ends_in), "restore": True}
    restored = {"timer.kept": State("timer.kept", "active", attributes, 0.0, 0.0, 0.0, Context.new())}
    with running_home(SECTIONS, restored=restored) as home:
        home.clock.advance(0.1)
        assert home.state("timer.kept").state == expected
        home.clock.advance(60)
        assert home.state("timer.kept").state == "idle"


def test_the_home_s_time_makes_timers_fast():
    """At 60 times the speed a minute takes a second."""
    with running_home(SECTIONS) as home:
        home.clock.set_home(NOW, speed=60)
        home.call("timer.start", entity_id="timer.kept")
        home.clock.advance(0.9)
        assert home.state("timer.kept").state == "active"
        home.clock.advance(0.2)
        assert home.state("timer.kept").state == "idle"
