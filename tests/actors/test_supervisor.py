"""Supervisors heal what fails, in the way their strategy and their children's specs say."""

from __future__ import annotations

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from marge.actors import (
    ActorSystem,
    Backoff,
    ChildSpec,
    Intensity,
    Restart,
    SimulatedClock,
    StopChild,
    Strategy,
    Supervisor,
)
from tests.actors.dummies import Recorder, Shared
from tests.support.waiting import until


def family(system: ActorSystem, strategy: Strategy, names: str = "abc", **spec):
    recorder = Recorder()
    children = [ChildSpec(name, Shared, (recorder,), **spec) for name in names]
    system.spawn(ChildSpec("s", Supervisor, kwargs={"strategy": strategy, "children": children}))
    system.settle()
    assert [note[1][-1] for note in recorder.notes] == list(names)
    recorder.notes.clear()
    return recorder


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (Strategy.ONE_FOR_ONE, ["failure b", "start b"]),
        (Strategy.REST_FOR_ONE, ["failure b", "stop c", "start b", "start c"]),
        (Strategy.ONE_FOR_ALL, ["failure b", "stop c", "stop a", "start a", "start b", "start c"]),
    ],
)
def test_who_is_restarted(simulated, strategy, expected):
    """One, the later ones, or all: stopped in reverse order, started in order."""
    recorder = family(simulated, strategy)
    simulated.tell("/s/b", "boom")
    simulated.settle()

    assert [f"{kind} {path[-1]}" for kind, path in recorder.notes] == expected


@pytest.mark.parametrize(
    ("restart", "after_stop", "after_failure"),
    [(Restart.PERMANENT, True, True), (Restart.TRANSIENT, False, True), (Restart.TEMPORARY, False, False)],
)
def test_when_a_child_is_restarted(simulated, restart, after_stop, after_failure):
    """Permanent always, transient after a failure, temporary never."""
    family(simulated, Strategy.ONE_FOR_ONE, "a", restart=restart)
    simulated.stop("/s/a")
    simulated.settle()
    assert (simulated.ref("/s/a") is not None) is after_stop

    simulated.restart("/s/a") if not after_stop else None
    if simulated.ref("/s/a") is None:
        simulated.spawn(ChildSpec("a", Shared, restart=restart), "/s")
    simulated.tell("/s/a", "boom")
    simulated.settle()
    assert (simulated.ref("/s/a") is not None) is after_failure


def test_back_off_grows_and_ends_in_failed(simulated):
    """5, 10, 30, 60, 300 s …, and `failed` after 10 restarts; an operator brings it back."""
    family(simulated, Strategy.ONE_FOR_ONE, "a", backoff=Backoff())
    clock = simulated.clock
    for pause in [5, 10, 30, 60, 300, 300, 300, 300, 300, 300]:
        simulated.tell("/s/a", "boom")
        clock.advance(pause - 0.1)
        assert simulated.ref("/s/a") is None
        assert simulated.inspect("/s/a")["status"] == "waiting"
        clock.advance(0.2)
        assert simulated.ref("/s/a") is not None
    simulated.tell("/s/a", "boom")
    clock.advance(10_000)
    figures = simulated.inspect("/s/a")
    assert figures["status"] == "failed"
    assert figures["restarts"] == 10
    assert len(figures["deaths"]) == 5
    assert "boom" in figures["last_failure"]["error"]

    assert simulated.restart("/s/a")
    simulated.settle()
    assert simulated.ask("/s/a", "back") == "back"


def test_a_child_that_settles_down_starts_its_back_off_anew(simulated):
    """Ten failures in a year are not ten in a row."""
    family(simulated, Strategy.ONE_FOR_ONE, "a", backoff=Backoff(settle_s=600))
    for _ in range(30):
        simulated.tell("/s/a", "boom")
        simulated.clock.advance(5.1)
        assert simulated.ref("/s/a") is not None
        simulated.clock.advance(601)


def test_too_many_restarts_fail_upwards(simulated):
    """A supervisor that gives up ends with its children; its parent starts it again."""
    recorder = Recorder()
    spec = ChildSpec("a", Shared, (recorder,))
    simulated.spawn(
        ChildSpec("s", Supervisor, kwargs={"children": [spec], "intensity": Intensity(restarts=3, within_s=10)})
    )
    simulated.settle()
    before = simulated.ref("/s")
    for _ in range(4):
        simulated.tell("/s/a", "boom")
        simulated.settle()

    assert simulated.ref("/s") is not before
    assert simulated.ask("/s/a", "alive") == "alive"
    assert "SupervisorGaveUp" in simulated.actor("/").child("s").deaths[0]["error"]


def test_restarts_far_apart_are_no_reason_to_give_up(simulated):
    """The intensity counts restarts within its window only."""
    spec = ChildSpec("a", Shared)
    simulated.spawn(
        ChildSpec("s", Supervisor, kwargs={"children": [spec], "intensity": Intensity(restarts=3, within_s=10)})
    )
    before = simulated.ref("/s")
    for _ in range(20):
        simulated.tell("/s/a", "boom")
        simulated.clock.advance(4)

    assert simulated.ref("/s") is before


def test_the_root_that_gives_up_ends_the_process():
    """Nobody is above the root: it reports, and the process is to end."""
    reasons: list[BaseException | None] = []
    system = ActorSystem(clock=SimulatedClock(), on_root_failure=reasons.append)
    system.spawn(ChildSpec("a", Shared))
    for _ in range(11):
        system.tell("/a", "boom")
        system.settle()

    assert len(reasons) == 1
    assert "gave" in type(reasons[0]).__name__.lower()


def test_children_stop_before_their_parent_in_reverse_order(simulated):
    """Orderly shutdown: last started, first stopped."""
    recorder = family(simulated, Strategy.ONE_FOR_ONE)
    assert simulated.stop("/")

    assert [f"{kind} {path[-1]}" for kind, path in recorder.notes] == ["stop c", "stop b", "stop a"]
    assert len(simulated) == 0


def test_a_child_that_does_not_stop_is_killed(system):
    """Its shutdown time is a promise to the others."""
    import gevent

    from tests.actors.dummies import Pinned

    system.spawn(ChildSpec("slow", Pinned, shutdown_s=0.05))
    system.tell("/slow", "wait")
    gevent.sleep(0.01)

    assert system.shutdown(timeout=5)


def test_a_removed_child_stays_away(simulated):
    """StopChild ends and forgets, also a permanent child."""
    family(simulated, Strategy.ONE_FOR_ONE)
    assert simulated.ask("/s", StopChild("b"))
    simulated.settle()

    assert simulated.ref("/s/b") is None
    assert simulated.actor("/s").child_names() == ["a", "c"]


def test_a_crashed_supervisor_leaves_the_absent_children_to_its_successor(simulated):
    """One that waits for its restart comes back; one that has failed stays failed until an operator restarts it."""
    recorder = Recorder()
    simulated.spawn(ChildSpec("s", Supervisor))
    backoffs = {"waits": Backoff(pauses_s=(5.0,)), "failed": Backoff(pauses_s=(0.0,), max_restarts=0)}
    for name, backoff in backoffs.items():
        simulated.spawn(ChildSpec(name, Shared, (recorder,), backoff=backoff), "/s")
        simulated.settle()
        simulated.tell(f"/s/{name}", "boom")
    simulated.settle()
    simulated.kill("/s")
    simulated.settle()
    assert simulated.ref("/s/waits") is None
    simulated.clock.advance(6)

    assert simulated.ref("/s/waits") is not None
    assert simulated.ref("/s/failed") is None
    assert simulated.inspect("/s/failed")["status"] == "failed"
    assert simulated.restart("/s/failed")
    assert simulated.dead_letters.total == 0


class Owner(Supervisor):
    """A supervisor of a kind of its own: it takes no arguments."""

    def __init__(self) -> None:
        super().__init__(stop_together=True)


def test_a_supervisor_of_a_kind_of_its_own_comes_back_after_a_crash(simulated):
    """Nothing is handed to its successor that it does not take, whether its temporary child lives or has failed."""
    simulated.spawn(ChildSpec("s", Owner))
    for _ in range(3):
        simulated.spawn(ChildSpec("run", Shared, restart=Restart.TEMPORARY), "/s")
        simulated.tell("/s/run", "boom")
        simulated.settle()
        simulated.kill("/s")
        simulated.settle()
        assert simulated.ref("/s") is not None


def test_a_crashed_supervisor_is_replaced_and_takes_over_its_children(simulated):
    """Children live on while their supervisor is replaced, and the new one heals them."""
    family(simulated, Strategy.ONE_FOR_ONE)
    simulated.spawn(ChildSpec("later", Shared), "/s")
    child = simulated.ref("/s/later")
    simulated.kill("/s")
    simulated.settle()

    assert simulated.ref("/s/later") is child
    simulated.tell("/s/later", "boom")
    simulated.settle()
    assert simulated.ask("/s/later", "healed") == "healed"


def test_a_constructor_that_raises_is_a_failure_of_that_child(simulated):
    """The supervisor lives, and the child waits for its back-off."""

    class Broken(Shared):
        def __init__(self) -> None:
            raise ValueError("cannot be made")

    children = [ChildSpec("broken", Broken, backoff=Backoff()), ChildSpec("fine", Shared)]
    simulated.spawn(ChildSpec("s", Supervisor, kwargs={"children": children}))
    simulated.settle()

    assert simulated.ask("/s/fine", 1) == 1
    assert simulated.inspect("/s/broken")["status"] == "waiting"


ACTIONS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["boom", "kill", "stop", "restart", "leak", "hello"])),
    max_size=25,
)


@given(strategy=st.sampled_from(list(Strategy)), actions=ACTIONS)
def test_whatever_happens_permanent_children_are_there_in_the_end(strategy, actions):
    """Any sequence of failures, kills, stops and restarts heals: all children run, each once, and none is lost."""
    clock = SimulatedClock()
    system = ActorSystem(clock=clock)
    backoff = Backoff(max_restarts=1000)
    children = [ChildSpec(name, Shared, backoff=backoff) for name in "abcd"]
    system.spawn(ChildSpec("s", Supervisor, kwargs={"strategy": strategy, "children": children}))
    for name, action in actions:
        path = f"/s/{name}"
        if action == "kill":
            system.kill(path)
        elif action == "stop":
            ref = system.ref(path)
            if ref is not None:
                ref.stop(block=False)
        elif action == "restart":
            system.restart(path)
        else:
            system.tell(path, action)
    system.settle()
    clock.advance(700)

    assert [system.inspect(f"/s/{name}")["status"] for name in "abcd"] == ["running"] * 4
    assert [system.ask(f"/s/{name}", name) for name in "abcd"] == list("abcd")
    assert system.shutdown()
    assert len(system) == 0


def test_a_device_that_is_away_is_told_without_a_stack(simulated):
    """A bug has one in the log; what a bridge says of its devices is for people. Both are kept for the console."""
    family(simulated, Strategy.ONE_FOR_ONE)
    with capture_logs() as told:
        simulated.tell("/s/a", "away")
        simulated.tell("/s/b", "boom")
        simulated.settle()

    failed = {line["actor"]: line for line in told if line["event"] == "actor failed"}
    assert failed["/s/a"]["why"] == "nobody answers" and "exc_info" not in failed["/s/a"]
    assert isinstance(failed["/s/b"]["exc_info"], ValueError)


def test_one_that_is_removed_does_not_come_back(system):
    """Neither a living one nor one that waits for its restart; a stopped one does."""
    recorder = Recorder()
    backoff = Backoff(pauses_s=(0.05,))
    for name in "abc":
        system.spawn(ChildSpec(name, Shared, (recorder,), backoff=backoff))
    system.stop("/c")
    assert system.remove("/a")
    system.tell("/b", "boom")
    until(lambda: system.ref("/b") is None)
    assert system.remove("/b")

    until(lambda: system.ref("/c") is not None)
    gevent.sleep(0.1)
    assert (system.ref("/a"), system.ref("/b")) == (None, None)
    assert not system.remove("/a") and not system.remove("/nobody/at/all")
