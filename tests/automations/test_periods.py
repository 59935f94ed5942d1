from __future__ import annotations

from datetime import timedelta

import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from marge.automations.periods import positive_time_period, time_period

JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (5, 5), (0.5, 0.5), ("5", 5), ("00:05", 300), ("00:00:05", 5), ("01:00:00.5", 3600.5), ("-00:00:05", -5),
        ("+00:01", 60), ({"minutes": 5}, 300), ({"milliseconds": 300}, 0.3), ({"hours": "1", "seconds": 1}, 3601),
        (timedelta(seconds=3), 3),
    ],
)
def test_every_spelling_is_understood(written, seconds):
    """Numbers, clock texts and mappings of units mean what users of HA expect."""
    assert time_period(written).total_seconds() == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["abc", "1:2:3:4", "", None, True, [], {}, {"weeks": 1}, {"seconds": "x"}, "a:b"])
def test_nonsense_is_refused(written):
    """What is no length of time raises `vol.Invalid`."""
    with pytest.raises(vol.Invalid):
        time_period(written)


def test_negative_is_refused_where_it_makes_no_sense():
    """A delay cannot be negative."""
    with pytest.raises(vol.Invalid, match="Time period should be positive"):
        positive_time_period("-00:00:01")


@given(JSONISH)
def test_anything_else_never_raises_another_error(value):
    """Arbitrary input gives a timedelta or `vol.Invalid`, nothing else."""
    try:
        assert isinstance(time_period(value), timedelta)
    except vol.Invalid:
        pass
