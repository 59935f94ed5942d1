"""Long lists made in slices are still of one moment."""

from __future__ import annotations

from types import SimpleNamespace

import gevent
import pytest

from marge.entities import StateTable
from marge.http import turns
from marge.model import Context, ReadOnlyDict, State


def state(number: int, value: str = "on") -> State:
    return State(f"light.l{number}", value, ReadOnlyDict(), 0.0, 0.0, 0.0, Context.new())


@pytest.mark.parametrize("change", ["changed", "removed", "added", "all"])
def test_what_changes_while_the_list_is_made_is_in_it(change, monkeypatch):
    """The list is what the table holds when it is handed over, in its order."""
    monkeypatch.setattr(turns, "SLICE_S", 0.0)  # a pause at every look
    table = StateTable()
    for number in range(500):
        table._put(state(number), True)
    home = SimpleNamespace(shared={}, states=table)

    def others():
        if change in ("changed", "all"):
            table._put(state(3, "off"), True)
            table._put(state(499, "off"), True)
        if change in ("removed", "all"):
            table._remove("light.l7")
        if change in ("added", "all"):
            table._put(state(1000), True)

    gevent.spawn(others)
    with turns.all_states(home) as texts:  # type: ignore[arg-type]
        assert texts == [each.json for each in table.all()]
        assert gevent.getcurrent() is not None
    assert len(table) == {"changed": 500, "removed": 499, "added": 501, "all": 500}[change]
