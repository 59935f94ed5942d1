"""Timers fire once, in order, in the time they were set in, and survive clocks that jump."""

from __future__ import annotations

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.actors import CLOCK_SET, ActorSystem, ChildSpec, SimulatedClock, WallClock
from tests.actors.dummies import Recorder, Shared
from tests.support.waiting import until


def test_timers_reach_refs_paths_and_callables(simulated):
    """All three kinds of targets get the message when it is due, not before."""
    recorder = Recorder()
    ref = simulated.spawn(ChildSpec("a", Shared, (recorder,)))
    called: list[str] = []
    simulated.clock.after(10, ref, "ref")
    simulated.clock.after(11, "/a", "path")
    simulated.clock.after(12, called.append, "call")
    simulated.clock.advance(9.9)
    assert recorder.notes[1:] == []
    simulated.clock.advance(5)

    assert recorder.notes[1:] == ["ref", "path"]
    assert called == ["call"]


def test_a_cancelled_timer_does_not_fire(simulated):
    """cancel() is final and may be repeated."""
    called: list[int] = []
    timer = simulated.clock.after(1, called.append, 1)
    timer.cancel()
    timer.cancel()
    simulated.clock.advance(10)

    assert called == []
    assert simulated.clock.pending() == 0


def test_many_cancelled_timers_take_no_room(simulated):
    """Cancelled timers are swept out, not kept until their time."""
    for _ in range(10_000):
        simulated.clock.after(1e6, print).cancel()

    assert sum(len(heap) for heap in simulated.clock._heaps) < 200


def test_a_wall_timer_that_the_clock_jumps_over_fires_at_once(simulated):
    """Forward jump: nothing that was due is lost. Steady timers do not care."""
    called: list[str] = []
    clock = simulated.clock
    clock.at(clock.now() + 3600, called.append, "wall")
    clock.after(3600, called.append, "steady")
    clock.jump(7200)
    assert called == ["wall"]
    clock.advance(3600)

    assert called == ["wall", "steady"]


def test_a_wall_timer_waits_after_a_jump_back(simulated):
    """Backward jump: the moment has not come yet; steady timers are not delayed."""
    called: list[str] = []
    clock = simulated.clock
    clock.at(clock.now() + 10, called.append, "wall")
    clock.after(10, called.append, "steady")
    clock.jump(-3600)
    clock.advance(11)
    assert called == ["steady"]
    clock.advance(3600)

    assert called == ["steady", "wall"]


def test_jumps_are_announced(simulated):
    """Whoever computed a time of day hears that the clock was set."""
    heard: list[dict] = []
    simulated.bus.subscribe(lambda event: heard.append(event.data), CLOCK_SET)
    start = simulated.clock.now()
    simulated.clock.jump(100)
    simulated.clock.set_home(start + 5000, speed=60)

    assert [(data["kind"], data["new"] - start) for data in heard] == [("wall", 100), ("home", 5000)]


def test_the_homes_time_runs_at_its_speed(simulated):
    """A simulated home clock moves delays and times of day of the home, and nothing else."""
    called: list[str] = []
    clock = simulated.clock
    start = clock.now()
    clock.set_home(start + 86_400, speed=60)
    clock.after(600, called.append, "delay", home=True)
    clock.at(start + 86_400 + 1200, called.append, "at", home=True)
    clock.after(600, called.append, "steady")
    clock.advance(10.1)
    assert called == ["delay"]
    clock.advance(10)
    assert called == ["delay", "at"]
    assert clock.home_now() == pytest.approx(start + 86_400 + 20.1 * 60)
    clock.clear_home()
    assert clock.home_now() == clock.now()
    clock.advance(600)

    assert called == ["delay", "at", "steady"]


def test_a_home_delay_survives_changes_of_speed(simulated):
    """What is left of a delay passes at the speed of the moment."""
    called: list[str] = []
    clock = simulated.clock
    clock.after(100, called.append, "x", home=True)
    clock.advance(50)
    clock.set_home(clock.now(), speed=10)
    clock.advance(4.9)
    assert called == []
    clock.clear_home()
    clock.advance(0.9)
    assert called == []
    clock.advance(0.2)

    assert called == ["x"]


def test_a_failing_call_does_not_stop_the_clock(simulated):
    """An error in a timer's callable is logged, and the next timer fires."""
    called: list[int] = []
    simulated.clock.after(1, lambda message: 1 / 0)
    simulated.clock.after(2, called.append, 1)
    simulated.clock.advance(3)

    assert called == [1]


def test_sleep_waits_in_simulated_time(simulated):
    """A greenlet that sleeps goes on when its time has come."""
    woken: list[bool] = []

    def sleeper() -> None:
        simulated.clock.sleep(60)
        woken.append(True)

    gevent.spawn(sleeper)
    simulated.settle()
    simulated.clock.advance(59)
    assert not woken
    simulated.clock.advance(2)

    assert woken


def test_the_wall_clock_fires_and_its_actor_heals(system):
    """Real timers fire, also after the clock's actor was killed."""
    called: list[str] = []
    system.clock.after(0.02, called.append, "first")
    until(lambda: called == ["first"])
    system.kill("/clock")
    system.clock.after(0.05, called.append, "second")
    until(lambda: called == ["first", "second"])

    assert isinstance(system.clock, WallClock)
    assert system.actor("/").child("clock").total_restarts == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["after", "at", "home after", "home at", "advance", "set home", "clear"]),
        st.floats(0, 5000),
    ),
    max_size=30,
)


@given(STEPS)
def test_every_timer_fires_exactly_once(steps):
    """Whatever is set, jumped and advanced: each timer fires once, and none before its time."""
    system = ActorSystem(clock=SimulatedClock())
    clock = system.clock
    assert isinstance(clock, SimulatedClock)
    fired: list[int] = []
    count = 0
    for action, value in steps:
        home = action.startswith("home")
        if action.endswith("after"):
            clock.after(value, fired.append, count, home=home)
            count += 1
        elif action.endswith("at"):
            now = clock.home_now() if home else clock.now()
            clock.at(now + value, fired.append, count, home=home)
            count += 1
        elif action == "advance":
            clock.advance(value)
        elif action == "set home":
            clock.set_home(clock.now() + value, speed=1 + value % 7)
        else:
            clock.clear_home()
    clock.clear_home()
    clock.advance(1e9)

    assert sorted(fired) == list(range(count))
    system.shutdown()
