"""60,000 actors: the hub is not held while they are counted, listed and sought."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from marge.actors import ActorSystem, ChildSpec, Restart, Supervisor
from marge.actors.collector import no_collections
from marge.actors.waits import waits
from marge.console.listing import listing, pinned_actors
from marge.console.overview import Overview
from tests.console.dummies import Asking, Counting
from tests.support.holding import HELD_S, holds

MANY = 60_000
PINNED = 200


@pytest.fixture(scope="module")
def home() -> Iterator[Any]:
    system = ActorSystem()
    system.spawn(ChildSpec("entities", Supervisor, kwargs={"stop_together": True}))
    system.spawn(ChildSpec("bridges", Supervisor, kwargs={"stop_together": True}))
    with no_collections():  # as a home starts: later looks for garbage do not walk over all of them
        for number in range(MANY):
            domain = ("light", "sensor")[number % 2]
            system.spawn(ChildSpec(f"{domain}.n{number}", Counting, restart=Restart.TEMPORARY), "/entities")
            if number % 2_000 == 0:
                system.settle(1)
        for number in range(PINNED):
            system.spawn(ChildSpec(f"p{number}", Asking), "/bridges")
        system.settle()
    yield SimpleNamespace(
        system=system, bus=system.bus, clock=system.clock, states=SimpleNamespace(changes=0), shared={}
    )
    for path in system.paths():  # an orderly stop of 60,000 takes longer than the tests
        actor = system.actor(path)
        if isinstance(actor, Counting):
            actor.actor_inbox.stopped = True
            system._actors.pop(path)
    system.dispatcher.stop()
    gc.unfreeze()


def test_an_overview_counts_them_all_in_slices(home):
    """Every class and domain with its number; who waits behind a backlog comes first."""
    overview = Overview(home)
    try:
        with holds() as found:
            told = overview.make()
        assert max(found) < HELD_S

        groups = {row["key"]: row["count"] for row in told["groups"]}
        assert (groups["light Counting"], groups["sensor Counting"]) == (MANY // 2, MANY // 2)
        system = home.system
        system.pause("/entities/light.n0")
        for _ in range(100):
            system.tell("/entities/light.n0", "x")
        for _ in range(3):
            system.tell("/entities/light.n2", "x")
        system.settle()
        with holds() as found:
            told = overview.make()

        assert max(found) < HELD_S
        first = told["guilty"][0]
        assert (first["path"], first["mailbox"], first["state"]) == ("/entities/light.n0", 100, "paused")
        row = next(each for each in told["groups"] if each["key"] == "light Counting")
        assert (row["mailbox"], row["mailbox_max"]) == (100, 100)
        assert row["messages_s"] > 0
        system.resume("/entities/light.n0")
    finally:
        overview.close()


def test_a_page_of_them_is_never_more_than_200_rows(home):
    """Filtered and sorted here; nobody is sent 60,000 rows."""
    viewers: Any = SimpleNamespace(overview=None)
    with holds() as found:
        page = listing(home.system, viewers, path="/entities", sort="messages", limit=1_000_000)
        sought = listing(home.system, viewers, text=f"light.n{MANY - 2}")

    assert max(found) < HELD_S
    assert (page["total"], len(page["rows"])) == (MANY, 200)
    assert [row["path"] for row in sought["rows"]] == [f"/entities/light.n{MANY - 2}"]


def test_who_asks_whom_is_found_among_them(home):
    """By the stacks of those that may ask."""
    system = home.system
    system.tell("/bridges/p0", ("ask", "/bridges/p1"))
    system.tell("/bridges/p1", "wait")
    system.actor("/bridges/p0").gate.set()
    system.settle(20)
    with holds() as found:
        pinned = pinned_actors(system)
        edges = list(waits(system, pinned))

    assert max(found) < HELD_S
    assert len(pinned) >= PINNED
    assert [(edge.asker, edge.target, edge.message) for edge in edges] == [("/bridges/p0", "/bridges/p1", "str")]
    system.actor("/bridges/p1").gate.set()
