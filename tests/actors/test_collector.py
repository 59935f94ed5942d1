"""Garbage is collected when it is planned, and Python's defaults come back at the end."""

from __future__ import annotations

import gc

from marge.actors import ChildSpec
from marge.actors.collector import EVERY_S, FIRST_AFTER_S, THRESHOLDS, GarbageCollector


def test_it_collects_after_the_start_and_again_and_freezes_what_lives(simulated):
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
