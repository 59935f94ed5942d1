"""The contract of both kinds of actors: what every hook, failure and kill leads to."""

from __future__ import annotations

import socket
import time

import gevent
import pykka
import pytest
from gevent.event import Event as GreenletEvent

from marge.actors import Actor, ActorRef, ActorSystem, ChildSpec, Inlet, Overflow, Restart, native
from marge.actors.dispatcher import SLICE_S
from marge.errors import AlreadyExists, Overloaded
from tests.actors.dummies import HangsAtStart, Pinned, Recorder, Shared
from tests.support.waiting import until

KINDS = pytest.mark.parametrize("kind", [Shared, Pinned])


def make(system: ActorSystem, kind: type, restart: Restart = Restart.TEMPORARY, **kwargs):
    recorder = Recorder()
    ref = system.spawn(ChildSpec("a", kind, (recorder,), kwargs, restart=restart))
    return ref, recorder


@KINDS
def test_ask_tell_and_proxy_work_as_pykka_says(system, kind):
    """ask returns the reply, tell sends and forgets in order, proxy calls methods."""
    ref, recorder = make(system, kind)
    ref.tell("one")

    assert ref.ask("two", timeout=60) == "two"
    assert recorder.notes[1:] == ["one", "two"]
    assert ref.proxy().a_method(1).get(timeout=60) == 2
    assert ref.is_alive()
    assert ref.stop(timeout=60) is True
    assert not ref.is_alive()
    with pytest.raises(pykka.ActorDeadError):
        ref.tell("late")


@KINDS
def test_a_tell_that_raises_ends_the_actor_an_ask_does_not(system, kind):
    """The asker gets the error and the actor lives; an error nobody asked for is fatal."""
    ref, recorder = make(system, kind)
    with pytest.raises(ValueError, match="boom"):
        ref.ask("boom", timeout=60)
    assert ref.ask("still here", timeout=60) == "still here"

    ref.tell("boom")
    until(lambda: not ref.is_alive())

    assert ("failure", "/a") in recorder.notes
    assert ("stop", "/a") not in recorder.notes


@KINDS
@pytest.mark.parametrize("message", ["leak", "exit"])
def test_a_leaked_timeout_or_exit_ends_one_actor_only(system, kind, message):
    """A BaseException out of a handler is the end of that actor; the others never notice."""
    ref, _ = make(system, kind)
    other = system.spawn(ChildSpec("other", kind))
    ref.tell(message)
    until(lambda: not ref.is_alive())

    assert other.ask("fine", timeout=60) == "fine"


@KINDS
def test_the_asker_is_not_hit_by_a_foreign_timeout(system, kind):
    """A BaseException in an ask's handler reaches the asker as an ordinary error."""
    ref, _ = make(system, kind)

    with pytest.raises(pykka.ActorDeadError):
        ref.ask("leak", timeout=60)


@KINDS
def test_killed_while_idle_it_is_gone_and_not_a_zombie(system, kind):
    """After a kill the actor is dead, its path free, and later messages are dead letters."""
    ref, _ = make(system, kind)
    ref.ask("settled", timeout=60)
    assert system.kill("/a")
    until(lambda: not ref.is_alive())

    assert system.ref("/a") is None
    assert system.tell("/a", "late") is False
    assert system.dead_letters.latest[-1].reason == "no such actor"
    make(system, kind)


@KINDS
def test_a_kill_is_a_failure_to_the_actor(system, kind):
    """What `on_failure` gives back is given back, so that nothing outlives a killed actor."""
    given_back = []

    class Careful(kind):  # type: ignore[valid-type, misc]
        def on_failure(self, exception_type, exception_value, traceback):
            given_back.append(exception_type.__name__)

    ref, _ = make(system, Careful)
    ref.ask("settled", timeout=60)
    system.kill("/a")
    until(lambda: not ref.is_alive())

    assert given_back == ["ActorKilled"]


@KINDS
def test_killed_before_its_first_turn_it_is_gone(system, kind):
    """A kill right after the start is an end like any other, and the path is free."""
    ref, _ = make(system, kind)
    system.kill("/a")
    until(lambda: not ref.is_alive())

    make(system, kind)
    assert system.ask("/a", "new", timeout=60) == "new"


def test_killed_while_busy_the_asker_gets_an_error(system):
    """A pinned actor can be killed in the middle of a wait; who asked it is told."""
    ref, _ = make(system, Pinned)
    reply = ref.ask("wait", block=False)
    behind = ref.ask("behind", block=False)
    gevent.sleep(0.01)
    system.kill("/a")

    with pytest.raises(pykka.ActorDeadError):
        reply.get(timeout=60)
    with pytest.raises(pykka.ActorDeadError):
        behind.get(timeout=60)


@KINDS
def test_messages_behind_a_fatal_one_reach_the_dead_letters(system, kind):
    """Nothing vanishes silently: tells become dead letters, askers get ActorDeadError."""
    ref, _ = make(system, kind)
    ref.tell("boom")
    for number in range(10):
        ref.tell(number)
    asked = ref.ask("answer me", block=False)

    with pytest.raises(pykka.ActorDeadError):
        asked.get(timeout=60)
    texts = [letter.message for letter in system.dead_letters.latest]
    assert texts[-11:-1] == [str(number) for number in range(10)]


@KINDS
@pytest.mark.parametrize("fail", ["start", "stop", "failure"])
def test_a_failing_hook_ends_the_actor_and_is_reported(system, kind, fail):
    """A hook that raises never leaves a half-dead actor behind."""
    ref, _ = make(system, kind, Restart.TRANSIENT if fail != "start" else Restart.TEMPORARY, fail=fail)
    if fail == "stop":
        ref.stop(timeout=60)
    elif fail == "failure":
        ref.tell("boom")
    until(lambda: not ref.is_alive())

    if fail == "start":
        assert system.ref("/a") is None
    else:
        deaths = until(lambda: system.actor("/").child("a") and system.actor("/").child("a").deaths)
        assert "ValueError" in deaths[0]["error"]


@KINDS
def test_actors_are_made_by_a_system_only(kind):
    """pykka's start() would make an actor that nobody supervises."""
    with pytest.raises(TypeError, match="spawn"):
        kind.start()
    with pytest.raises(TypeError, match="spawn"):
        kind()


def test_a_path_is_taken_once(system):
    """Two actors never share an address."""
    make(system, Shared)

    with pytest.raises(AlreadyExists):
        make(system, Shared)


@pytest.mark.parametrize("policy", list(Overflow))
def test_a_full_mailbox_does_what_it_says(system, policy):
    """REJECT tells the sender, DROP_OLDEST keeps the newest, DROP_NEWEST keeps the oldest; all are dead letters."""

    class Small(Shared):
        mailbox_limit = 3
        overflow = policy

    recorder = Recorder()
    ref = system.spawn(ChildSpec("small", Small, (recorder,)))
    for number in range(5):
        if policy is Overflow.REJECT and number >= 3:
            with pytest.raises(Overloaded):
                ref.tell(number)
        else:
            ref.tell(number)
    system.settle()

    expected = [2, 3, 4] if policy is Overflow.DROP_OLDEST else [0, 1, 2]
    assert recorder.notes[1:] == expected
    assert system.dead_letters.by_reason["mailbox full"] == 2


def test_a_handler_that_waits_on_the_dispatcher_delays_others_only_shortly(system):
    """The dispatcher replaces a worker whose handler waits, and the others go on."""
    system.spawn(ChildSpec("a", Shared, shutdown_s=0.1))
    other = system.spawn(ChildSpec("other", Shared))
    system.tell("/a", "wait")
    gevent.sleep(0)

    assert other.ask("fine", timeout=60) == "fine"
    assert system.dispatcher.replaced_workers == 1


def test_a_hanging_start_shows_what_it_waits_for_and_delays_nobody(system):
    """A child that hangs in its start is visible, and its siblings run."""
    system.spawn(ChildSpec("hangs", HangsAtStart, shutdown_s=0.1))
    other = system.spawn(ChildSpec("other", Pinned))

    assert other.ask("fine", timeout=60) == "fine"
    figures = system.inspect("/hangs")
    assert figures["status"] == "starting"
    assert figures["waiting_for"] == "a device that never answers"
    assert any("dummies.py" in line for line in figures["stack"])


def test_fifty_thousand_actors_stop(system):
    """Stopping a large system ends every actor."""
    from marge.actors import Supervisor

    system.spawn(ChildSpec("many", Supervisor, kwargs={"stop_together": True}))
    recorder = Recorder()
    for number in range(50_000):
        system.spawn(ChildSpec(str(number), Shared, (recorder,)), "/many")
    assert len(system) == 50_003  # with the root, the clock and the supervisor

    assert system.shutdown(timeout=60)
    assert len(system) == 0
    assert sum(1 for note in recorder.notes if note[0] == "stop") == 50_000


def test_a_native_thread_wakes_the_hub_through_the_inlet(system):
    """What a native thread sends arrives in order, without anybody on the hub looking for it."""
    arrived: list[int] = []
    inlet = Inlet(arrived.append)
    native.run(lambda: [inlet.send(number) for number in range(1000)])
    until(lambda: len(arrived) == 1000)

    assert arrived == list(range(1000))
    inlet.close()


def test_a_full_inlet_drops_and_counts():
    """The inlet is bounded like every queue."""
    inlet: Inlet[int] = Inlet(lambda item: None, limit=10)
    native.run(lambda: [inlet.send(number) for number in range(25)])

    assert inlet.dropped in range(1, 16)
    inlet.close()


def test_tracing_keeps_the_last_messages_only_when_asked(system):
    """A trace costs nothing until it is switched on, and shows message and time then."""
    from marge.actors.inspect import set_tracing

    ref, _ = make(system, Shared)
    ref.ask("before", timeout=60)
    set_tracing(system, "/a", True)
    ref.ask("during", timeout=60)
    trace = system.inspect("/a")["trace"]

    assert [entry["message"] for entry in trace] == ["'during'"]
    set_tracing(system, "/a", False)
    assert "trace" not in system.inspect("/a")


def test_a_thousand_lives_leave_nothing_behind(system):
    """Starting and stopping actors over and over leaves no actor, timer or subscription."""
    before = len(system), system.clock.pending(), system.bus.listener_counts()
    for _ in range(1000):
        ref, _recorder = make(system, Pinned)
        system.bus.subscribe(ref, "x")
        system.stop("/a")
        system.settle(1)
    system.settle()

    assert (len(system), system.clock.pending(), system.bus.listener_counts()) == before


def test_a_dispatcher_that_is_always_busy_lets_sockets_in(system):
    """An actor that tells itself for ever starves neither timers nor sockets."""

    class Restless(Shared):
        def on_receive(self, message):
            self.actor_ref.tell(message)

    system.spawn(ChildSpec("restless", Restless))
    system.tell("/restless", "again")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        greenlet = gevent.spawn(lambda: theirs.sendall(theirs.recv(10)))
        ours.sendall(b"hello")
        ours.settimeout(5)
        turns = system.dispatcher.turns
        assert ours.recv(10) == b"hello"
        greenlet.join()
    # One slice of 2 ms is a few hundred turns; gevent's own sleep(0) let tens of thousands pass.
    assert system.dispatcher.turns - turns < 20_000
    system.kill("/restless")


class Named(Actor):
    """Replies with the greenlet that runs it; remembers what it was told."""

    def __init__(self) -> None:
        self.told = 0

    def on_receive(self, message):
        if message == "tell yourself":
            self.actor_ref.tell("news")
        elif message == "news":
            self.told += 1
        return gevent.getcurrent(), self.told


def named(system: ActorSystem) -> ActorRef:
    ref = system.spawn(ChildSpec("named", Named))
    system.settle()
    return ref


def test_a_question_that_nothing_waits_before_is_answered_in_the_askers_greenlet(system):
    """No change of greenlets; what the actor tells itself meanwhile comes afterwards, and before the next question."""
    ref, me = named(system), gevent.getcurrent()

    assert me in [ref.ask("who?", timeout=60)[0] for _ in range(2)]
    ref.ask("tell yourself", timeout=60)
    assert ref.ask("who?", timeout=60)[1] == 1


def test_a_question_does_not_overtake_the_turns_of_other_actors(system):
    """As long as a turn waits, a question to anybody waits behind it."""
    ref = named(system)
    other, recorder = make(system, Shared)
    system.settle()
    other.tell("first")
    ref.ask("who?", timeout=60)

    assert recorder.notes[-1] == "first"


def test_a_greenlet_that_asks_and_asks_lets_others_have_the_hub(system):
    """Once in a slice a question goes through the dispatcher's own greenlet."""
    ref = named(system)
    came: list[bool] = []
    gevent.spawn(came.append, True)
    began = time.perf_counter()
    while not came and time.perf_counter() < began + 5:
        ref.ask("who?", timeout=60)

    assert came


def test_many_that_ask_once_in_a_round_are_each_answered_at_once(system):
    """As when sixteen clients are ready together, and the turns of the first have taken longer than a slice."""
    ref = named(system)
    answered: list[bool] = []

    def client() -> None:
        until_s = time.perf_counter() + SLICE_S / 2
        while time.perf_counter() < until_s:
            pass  # what a request computes before it asks
        answered.append(ref.ask("who?", timeout=60)[0] is gevent.getcurrent())

    gevent.joinall([gevent.spawn(client) for _ in range(6)])
    assert answered == [True] * 6


def test_greenlets_that_ask_in_turn_let_sockets_have_the_hub(system):
    """Each asks once and wakes the other, so that neither asks for long; all the same they stop for a round."""
    ref = named(system)
    turns = [GreenletEvent(), GreenletEvent()]
    asked = [0, 0]

    def ask(me: int) -> None:
        while True:
            turns[me].wait()
            turns[me].clear()
            ref.ask("who?", timeout=60)
            asked[me] += 1
            turns[1 - me].set()

    players = [gevent.spawn(ask, me) for me in (0, 1)]
    ours, theirs = socket.socketpair()
    with ours, theirs:
        echo = gevent.spawn(lambda: theirs.sendall(theirs.recv(10)))
        turns[0].set()
        ours.sendall(b"hello")
        ours.settimeout(60)
        assert ours.recv(10) == b"hello"
        echo.join()
    gevent.killall(players)
    assert sum(asked) < 20_000
