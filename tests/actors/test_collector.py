"""Garbage is collected when it is planned, and Python's defaults come back at the end."""

from __future__ import annotations

import gc

import pytest

from marge.actors import ChildSpec
from marge.actors.collector import (
    AFTER_MANY_S,
    EVERY_S,
    FIRST_AFTER_S,
    FULL_EVERY_S,
    THRESHOLDS,
    GarbageCollector,
    no_collections,
)


class Cyclic:
    """An object that is in a cycle with itself."""

    alive = 0

    def __init__(self) -> None:
        self.me = self
        type(self).alive += 1

    def __del__(self) -> None:
        type(self).alive -= 1


@pytest.fixture
def quick_looks(monkeypatch):
    """The heap of a long test run takes half a second to look at, and the next look would come much later."""
    monkeypatch.setattr("marge.actors.collector.SHARE", 1.0)
    monkeypatch.setattr("marge.actors.collector.MANY", 100_000_000)


def test_it_collects_after_the_start_and_again_and_freezes_what_lives(simulated, quick_looks):
    """Cycles are found, and the living are out of later looks' way."""
    before = gc.get_threshold()
    simulated.spawn(ChildSpec("memory", GarbageCollector))
    simulated.settle()
    assert gc.get_threshold() == THRESHOLDS
    cycle: list = []
    cycle.append(cycle)
    del cycle
    simulated.clock.advance(FIRST_AFTER_S + 1)
    first = simulated.actor("/memory").describe()
    assert first["collections"] == 1
    assert first["frozen"] > 1000
    simulated.clock.advance(EVERY_S + 1)
    assert simulated.actor("/memory").describe()["collections"] == 2
    simulated.shutdown()

    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_what_came_since_the_start_is_looked_at_often_and_the_rest_rarely(simulated, quick_looks):
    """A connection that ended as a cycle is gone after a minute; what was frozen waits for the full look."""
    frozen = Cyclic()
    simulated.spawn(ChildSpec("memory", GarbageCollector))
    simulated.clock.advance(FIRST_AFTER_S + 1)
    del frozen
    Cyclic()
    assert Cyclic.alive == 2
    simulated.clock.advance(EVERY_S + 1)
    assert Cyclic.alive == 1
    simulated.clock.advance(FULL_EVERY_S + 60 * EVERY_S)

    assert Cyclic.alive == 0


def test_the_looks_take_a_bounded_part_of_the_time(simulated, monkeypatch):
    """After a look that was slow for its share of the time the next one comes later."""
    monkeypatch.setattr("marge.actors.collector.SHARE", 1e-9)
    simulated.spawn(ChildSpec("memory", GarbageCollector))
    simulated.clock.advance(3600)

    assert simulated.actor("/memory").describe()["collections"] == 1


def test_nothing_is_collected_while_a_home_starts_and_it_is_frozen_then():
    """The thresholds are in force again afterwards."""
    try:
        with no_collections():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()


def test_many_new_objects_are_not_walked_but_frozen_until_the_next_full_look(simulated, quick_looks, monkeypatch):
    """Ten thousand devices that announce themselves live long; what of them is garbage goes within the hour."""
    simulated.spawn(ChildSpec("memory", GarbageCollector))
    simulated.settle()
    simulated.clock.advance(FIRST_AFTER_S + 1)
    dead = [Cyclic() for _ in range(100)]
    gc.collect(1)
    gc.collect(1)
    monkeypatch.setattr("marge.actors.collector.MANY", 50)
    before = Cyclic.alive
    del dead
    simulated.clock.advance(EVERY_S + 1)
    assert simulated.actor("/memory").describe()["frozen_unseen"] == 1
    assert Cyclic.alive == before

    monkeypatch.setattr("marge.actors.collector.MANY", 100_000_000)
    simulated.clock.advance(AFTER_MANY_S + 2 * EVERY_S)
    assert Cyclic.alive == before - 100
