"""What an operator does to actors, and what is remembered of their deaths and lost messages."""

from __future__ import annotations

import pytest

from marge.actors import Backoff, ChildSpec, Restart, Strategy, Supervisor
from marge.actors.graves import MAX_PATHS, MAX_STACK, Graves
from marge.actors.inspect import figures, set_tracing, trace_of
from marge.actors.mailbox import Mailbox
from marge.actors.metering import Trace, unwatch, watch
from marge.actors.waits import deadlocks, wait_of
from marge.errors import Overloaded
from tests.actors.dummies import Pinned, Recorder, Shared


@pytest.mark.parametrize("kind", [Shared, Pinned])
def test_messages_to_a_paused_actor_wait_and_a_question_too(system, kind):
    """Whether it stood in the dispatcher's queue or not."""
    recorder = Recorder()
    ref = system.spawn(ChildSpec("a", kind, (recorder,)))
    system.settle()
    ref.tell("before")
    assert system.pause("/a")
    assert not system.pause("/a")
    ref.tell(1)
    question = ref.ask("q", block=False)
    system.settle()
    assert recorder.notes == [("start", "/a")]
    assert not question.ready()

    assert system.resume("/a")

    assert question.get(timeout=60) == "q"
    assert recorder.notes[1:] == ["before", 1, "q"]
    assert not system.resume("/a")


@pytest.mark.parametrize("kind", [Shared, Pinned])
def test_a_paused_actor_can_be_killed_and_restarted(simulated, kind):
    """The new one runs."""
    simulated.spawn(ChildSpec("a", kind, (Recorder(),)))
    simulated.settle()
    simulated.pause("/a")

    simulated.kill("/a")
    simulated.settle(6)

    assert figures(simulated, "/a")["status"] == "running"
    assert not simulated.paused


def test_a_drained_asker_is_told_and_an_order_to_stop_stays(system):
    """What is thrown away is with the dead letters; nobody waits in vain."""
    ref = system.spawn(ChildSpec("a", Shared, restart=Restart.TEMPORARY))
    system.settle()
    system.pause("/a")
    ref.tell("x")
    question = ref.ask("y", block=False)
    ref.stop(block=False)

    assert system.drain("/a") == 2
    with pytest.raises(Overloaded):
        question.get(timeout=60)
    assert system.dead_letters.by_reason["drained by an operator"] == 2
    system.resume("/a")
    system.settle(6)
    assert system.ref("/a") is None


def test_a_held_child_stays_down_when_its_siblings_restart(system):
    """Until an operator restarts it."""
    children = [ChildSpec("a", Shared), ChildSpec("b", Shared)]
    kwargs = {"children": children, "strategy": Strategy.ONE_FOR_ALL}
    system.spawn(ChildSpec("s", Supervisor, kwargs=kwargs))
    system.settle(6)
    assert system.hold("/s/a")
    system.settle(6)
    system.kill("/s/b")
    system.settle(10)

    assert figures(system, "/s/a")["status"] == "stopped"
    assert figures(system, "/s/b")["status"] == "running"
    assert system.restart("/s/a")
    system.settle(6)
    assert figures(system, "/s/a")["status"] == "running"


def test_a_held_child_stays_down_when_its_supervisor_comes_back(simulated):
    """The successor takes it over as it is."""
    simulated.spawn(ChildSpec("s", Supervisor, backoff=Backoff(pauses_s=(0.0,))))
    simulated.settle()
    simulated.spawn(ChildSpec("a", Shared), "/s")
    simulated.settle()
    simulated.hold("/s/a")
    simulated.settle(6)
    simulated.kill("/s")
    simulated.settle(10)

    assert figures(simulated, "/s/a")["status"] == "stopped"
    assert not simulated.hold("/s/nobody")
    assert not simulated.hold("/")


def test_deaths_are_kept_and_bounded():
    """Five a path, the stack's end, the quiet paths forgotten first."""
    graves = Graves()
    for number in range(MAX_PATHS + 10):
        for _ in range(7):
            graves.note(f"/n{number}", Shared, ValueError("x" * 10_000), "message")

    assert graves.of("/n0") == []
    latest = list(graves.latest())
    assert (len(latest), latest[0].path) == (MAX_PATHS, f"/n{MAX_PATHS + 9}")
    deaths = graves.of(latest[0].path)
    assert len(deaths) == 5
    assert len(deaths[0].stack) <= MAX_STACK
    assert graves.total == 7 * (MAX_PATHS + 10)


def test_a_dead_letter_knows_its_sender_and_whether_it_can_be_sent_again(system):
    """A pinned actor by its greenlet; nobody for what had been waiting; large ones keep their text only."""

    class Telling(Pinned):
        def on_receive(self, message):
            self.system.tell("/nobody", message)

    system.spawn(ChildSpec("teller", Telling)).tell("hello")
    system.settle(10)
    system.tell("/nobody", b"x" * 100_000)

    small, large = list(system.dead_letters.latest)[-2:]
    assert (small.sender, small.kind, small.original) == ("/teller", "str", "hello")
    assert (large.sender, large.original) == (None, None)
    assert len(large.message) <= 200
    assert system.dead_letters.letter(small.number) is small
    system.dead_letters.forget(small.number)
    assert system.dead_letters.letter(small.number) is None
    assert system.dead_letters.clear() == 1


def test_the_meter_hears_of_what_its_own_system_handles_while_it_is_watched(system):
    """By actor class and message type, and by actor; a trace on one actor does not hide it."""
    meter = watch(system)
    try:
        ref = system.spawn(ChildSpec("a", Shared))
        set_tracing(system, "/a", True)
        for _ in range(3):
            ref.tell("x")
        system.settle()
        types, active = meter.take()

        assert types[Shared, str][0] == 3
        assert active[system.actor("/a")][0] == 3
        trace = trace_of(system.actor("/a"))
        assert trace is not None and len(trace.entries) == 3
        assert meter.take() == ({}, {})
    finally:
        unwatch(system)
    ref.tell("x")
    system.settle()
    assert meter.take() == ({}, {})


@pytest.mark.parametrize("kind", [Shared, Pinned])
def test_a_trace_says_how_long_messages_waited(system, kind):
    """Of those that came while it was paused, too; the mailbox is the usual one before and afterwards."""
    recorder = Recorder()
    ref = system.spawn(ChildSpec("a", kind, (recorder,)))
    system.settle()
    actor = system.actor("/a")
    set_tracing(system, "/a", True)
    assert type(actor.actor_inbox) is not Mailbox

    assert system.pause("/a")
    ref.tell("first")
    question = ref.ask("second", block=False)
    assert system.resume("/a")
    assert question.get(timeout=60) == "second"
    system.settle()
    trace = trace_of(actor)
    assert trace is not None
    assert [entry["waited_ms"] > 0 for entry in trace.entries] == [True, True]
    assert sum(trace.waits) == 2

    assert system.pause("/a")
    ref.tell("came while it was traced")
    set_tracing(system, "/a", False)
    assert type(actor.actor_inbox) is Mailbox
    assert system.resume("/a")
    ref.ask("afterwards", timeout=60)
    assert recorder.notes[-2:] == ["came while it was traced", "afterwards"]
    assert sum(trace.waits) == 2


def test_waits_are_counted_by_how_long_they_were(system):
    """Each in its class; the next message begins with none."""
    system.spawn(ChildSpec("a", Shared))
    system.settle()
    trace = Trace()
    for waited in (0.0, 0.0009, 0.001, 0.02, 0.5, 3.0, 11.0):
        trace.waited = waited
        trace.note(system.actor("/a"), "x", 0.0)
        assert trace.waited == 0.0
    assert trace.waits == [2, 1, 1, 1, 1, 1]


def test_who_waits_for_an_answer_is_seen_and_a_circle_is_a_deadlock(system):
    """Three that ask each other in a ring; nobody else is accused."""

    class Asks(Pinned):
        def on_receive(self, message):
            return self.system.ask(message, f"/{self.path}", timeout=60.0) if message != "idle" else None

    names = ["/a", "/b", "/c", "/d"]
    for name in names:
        system.spawn(ChildSpec(name[1:], Asks, restart=Restart.TEMPORARY))
    system.settle()
    for asker, target in (("/a", "/b"), ("/b", "/c"), ("/c", "/a"), ("/d", "/a")):
        system.tell(asker, target)
    system.settle(20)

    circles = deadlocks(system, [system.actor(name) for name in names])

    assert len(circles) == 1
    assert {wait.asker for wait in circles[0]} == {"/a", "/b", "/c"}
    wait = wait_of(system, system.actor("/d"))
    assert wait is not None and (wait.target, wait.message) == ("/a", "str")
    for name in names:
        system.kill(name)
