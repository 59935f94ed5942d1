"""How changes become rows: times that differ, days of use, and little that is remembered."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st

from marge.model import Context, ReadOnlyDict, State
from marge.recorder.rows import Change, RowMaker, segments_of
from marge.util.dt import micros
from tests.recorder.support import T0, made


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_no_two_rows_of_an_entity_have_one_time(steps: list[int]) -> None:
    """However close they are, and in the order in which they came as long as the clock does not go back."""
    at = T0
    of: list[Change] = []
    for step in steps:
        at += step * 1e-6
        of.append(State("sensor.a", str(len(of)), None, at, at, at, Context.new()))
    found = sorted((cells[1], cells[3]) for segment in made(of, 7) for cells in segment.cells())
    assert len({at for at, _state in found}) == len(of)
    assert [state for _at, state in found] == [each.state for each in of if isinstance(each, State)]
    assert found[0][0] == micros(T0 + steps[0] * 1e-6)


def test_attributes_know_the_last_day_of_their_use() -> None:
    """Each its own: a purge goes by it."""
    day = 86_400
    old, new = ReadOnlyDict({"a": 1}), ReadOnlyDict({"a": 2})
    of = [State("sensor.a", "x", which, at, at, at, Context.new())
          for which, at in ((old, 3.0 * day), (new, 4.0 * day), (new, 5.5 * day), (old, 3.5 * day))]
    (segment,) = segments_of(of)
    assert segment.days == [3, 5]


def test_quiet_entities_keep_no_segment_alive() -> None:
    """What is remembered of an entity is small, whatever it was written with."""
    maker = RowMaker()
    segment = maker.begin()
    maker.add(segment, State("sensor.a", "x", None, T0, T0, T0, Context.new()))
    assert not [each for each in gc.get_referrers(segment) if isinstance(each, (dict, list, RowMaker))]
