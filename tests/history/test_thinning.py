"""Fewer points of a long time, and the same picture."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from marge.history.graphs import Point, Wish
from marge.history.thinning import thinned

STATES = st.one_of(st.floats(-1e6, 1e6).map(str), st.sampled_from(["on", "off", "unknown", "nan", "", "inf"]))


def points(states: list[str], step_us: int = 1_000_000) -> list[Point]:
    return [Point(state, None, at * step_us, at * step_us) for at, state in enumerate(states)]


@given(st.lists(STATES, max_size=400), st.integers(4, 60), st.integers(1, 90))
def test_what_is_left_is_few_in_order_and_has_the_ends_and_the_peaks(
    states: list[str], most: int, slice_size: int
) -> None:
    """However the points come in slices."""
    given_points = points(states)
    slices = [given_points[at : at + slice_size] for at in range(0, len(given_points), slice_size)]
    found = [point for some in thinned(slices, Wish(0.0, float(max(1, len(states)))), most) for point in some]

    assert found == sorted(found, key=lambda point: point.updated_us)
    assert set(found) <= set(given_points)
    assert len(found) <= most + 8
    if not given_points:
        return
    assert found[0] == given_points[0] and found[-1] == given_points[-1]
    numbers = [value for state in states if (value := _number(state)) is not None]
    kept = [value for point in found if (value := _number(point.state)) is not None]
    if numbers:
        assert (min(kept), max(kept)) == (min(numbers), max(numbers))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def test_few_points_stay_as_they_are() -> None:
    """All of them, in their slices."""
    some = points(["1", "2", "3"])
    assert [point for each in thinned([some], Wish(0.0, 3_000.0), 100) for point in each] == some
