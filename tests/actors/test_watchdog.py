"""The watchdog names who holds the hub, and ends a process whose hub stands still."""

from __future__ import annotations

import io
import time

import gevent
from gevent import monkey

from marge.actors import Actor, ChildSpec, PinnedActor
from marge.actors.watchdog import Watchdog
from tests.support.waiting import until

busy_sleep = monkey.get_original("time", "sleep")


class HoldsShared(Actor):
    def on_receive(self, message):
        busy_sleep(message)


class HoldsPinned(PinnedActor):
    def on_receive(self, message):
        busy_sleep(message)


def test_it_names_the_actor_that_holds_the_hub(system):
    """A handler that blocks in C is reported with its actor and how long."""
    dog = Watchdog(system, stream=io.StringIO())
    dog.start()
    system.spawn(ChildSpec("shared", HoldsShared))
    system.spawn(ChildSpec("pinned", HoldsPinned))
    gevent.sleep(0.1)
    system.tell("/shared", 0.3)
    until(lambda: dog.held_count >= 1)
    system.tell("/pinned", 0.3)
    until(lambda: len(dog.holds) >= 2)
    dog.stop()

    named = {hold["actor"] for hold in dog.holds}
    assert {"/shared", "/pinned"} <= named
    assert dog.longest_s > 0.1


def test_it_tells_computing_from_waiting(system):
    """A handler that sleeps in C has used no processor; one that computes has."""
    dog = Watchdog(system, stream=io.StringIO())
    dog.start()
    gevent.sleep(0.1)
    busy_sleep(0.3)
    until(lambda: len(dog.holds) >= 1)
    began = time.thread_time()
    while time.thread_time() - began < 0.3:
        pass
    until(lambda: len(dog.holds) >= 2)
    dog.stop()

    asleep, busy = dog.holds
    assert asleep["cpu_ms"] < 150 <= asleep["ms"]
    assert busy["cpu_ms"] >= 250


def test_a_hub_that_stands_still_is_dumped_and_the_process_ended(system):
    """Stacks first, then the end: the init system starts a fresh one."""
    ended: list[int] = []
    stream = io.StringIO()
    dog = Watchdog(system, dump_s=0.1, exit_s=0.3, stream=stream, exit=ended.append)
    dog.start()
    gevent.sleep(0.05)
    deadline = time.monotonic() + 10
    while not ended and time.monotonic() < deadline:
        busy_sleep(0.05)
    dog.stop()

    assert ended == [70]
    assert "stood still" in stream.getvalue()
    assert "test_watchdog" in stream.getvalue()
