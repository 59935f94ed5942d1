"""What the logbook reads: changes stay small until somebody wants their items."""

from __future__ import annotations

from marge.history.logbook import STATE, Change, Item
from marge.history.logbook_reading import Told
from marge.http.ws.commands.logbook import ENTRIES_A_MESSAGE, _in_pieces


def change(second: float, state: str = "on") -> Change:
    return Change(round(second * 1e6), "light.a", state, None, None, None, None)


def event(second: float) -> Item:
    return Item(second, "logbook_entry", "light.a", {"name": "x"}, None, None, None)


def test_changes_and_events_come_in_order_of_time_and_as_often_as_asked():
    """An event comes before the change of the same moment, which it may have caused."""
    told = Told([change(3.0), change(1.0), change(2.0)], [event(0.5), event(2.0)])

    for _ in range(2):
        assert [(item.when, item.kind) for item in told] == [
            (0.5, "logbook_entry"), (1.0, STATE), (2.0, "logbook_entry"), (2.0, STATE), (3.0, STATE),
        ]  # fmt: skip
    assert told.last_when == 3.0
    assert Told([change(1.0)], [event(4.0)]).last_when == 4.0
    assert Told([], []).last_when is None


def test_an_item_has_what_was_recorded():
    """An icon only where there is one."""
    plain = change(1.0).item(lambda packed: packed.decode())
    pretty = change(1.0)._replace(icon="mdi:lamp", context=b"c", user="u").item(lambda packed: packed.decode())

    assert (plain.data, plain.context) == ({"state": "on"}, None)
    assert (pretty.data, pretty.context, pretty.user) == ({"state": "on", "icon": "mdi:lamp"}, "c", "u")


def test_entries_go_out_in_pieces_of_which_there_is_at_least_one():
    """Clients wait for the first message, also when nothing has happened."""
    sizes = [len(piece) for piece in _in_pieces({} for _ in range(2 * ENTRIES_A_MESSAGE))]

    assert sizes == [ENTRIES_A_MESSAGE, ENTRIES_A_MESSAGE]
    assert list(_in_pieces(())) == [[]]
