"""Figures of many actors: bounded, and others have their turn meanwhile."""

from __future__ import annotations

import gevent

from marge.actors import ChildSpec, Supervisor
from marge.actors.inspect import NODES_A_TURN, top, tree
from tests.actors.dummies import Shared

MANY = 2 * NODES_A_TURN + 10


def _populate(system) -> None:
    system.spawn(ChildSpec("many", Supervisor))
    for number in range(MANY):
        system.spawn(ChildSpec(f"n{number}", Shared), "/many")
    system.settle()


def test_the_busiest_come_first_and_no_more_than_asked_for(system) -> None:
    """The order is that of the figure that was asked for, among all actors."""
    _populate(system)
    for _ in range(50):
        system.tell(f"/many/n{MANY - 1}", "x")
    for _ in range(40):
        system.tell("/many/n0", "x")
    system.settle()

    rows = [row["path"] for row in top(system, "processed", 3)]

    # The supervisor has heard of each of its children.
    assert rows == ["/many", f"/many/n{MANY - 1}", "/many/n0"]


def test_others_have_their_turn_while_a_large_tree_is_made(system) -> None:
    """An actor that ends meanwhile does no harm; it is shown or left out."""
    _populate(system)
    turns = []

    def turn() -> None:
        turns.append(1)
        system.kill(f"/many/n{MANY - 1}")

    gevent.spawn(turn)

    shown = tree(system, limit=MANY)

    assert turns
    many = next(child for child in shown["children"] if child["path"] == "/many")
    assert many["child_count"] == MANY
    assert MANY - 1 <= len(many["children"]) <= MANY
