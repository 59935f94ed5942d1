from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from marge.automations.triggers._local_time import ALL_HOURS, ALL_SIXTIES, next_match
from marge.util.dt import from_epoch

DENVER = ZoneInfo("America/Denver")
SETS = st.sets(st.integers(0, 59), min_size=1, max_size=4).map(sorted)


@given(st.floats(0, 4e9), st.sets(st.integers(0, 23), min_size=1, max_size=3).map(sorted), SETS, SETS)
def test_the_next_match_is_later_and_matches(now, hours, minutes, seconds):
    """Whatever the moment and the pattern, the answer lies ahead and shows the wanted local time, unless it does not
    exist on the day of a change of the clocks."""
    found = next_match(now, DENVER, hours, minutes, seconds)

    assert found is not None
    assert found > now
    local = from_epoch(found).astimezone(DENVER)
    assert local.minute in minutes
    assert local.second in seconds
    shifted = {(hour + 1) % 24 for hour in hours}
    assert local.hour in set(hours) | shifted


@given(st.floats(1e9, 2e9))
def test_every_second_is_within_a_second(now):
    """A pattern that always matches is due at the next full second."""
    found = next_match(now, DENVER, ALL_HOURS, ALL_SIXTIES, ALL_SIXTIES)

    assert found is not None
    assert 0 < found - now <= 1


def test_daily_times_come_every_day_over_a_change_of_the_clocks():
    """05:30 stays 05:30 on the wall when summer time begins and ends."""
    moment = datetime(2026, 3, 6, 12, tzinfo=DENVER).timestamp()
    shown = []
    for _ in range(4):
        moment = next_match(moment, DENVER, (5,), (30,), (0,)) or 0.0
        shown.append(from_epoch(moment).astimezone(DENVER).strftime("%d %H:%M"))

    assert shown == ["07 05:30", "08 05:30", "09 05:30", "10 05:30"]


def test_an_empty_pattern_matches_never():
    """`/0` is accepted, as by HA, and never due."""
    assert next_match(0.0, DENVER, (), ALL_SIXTIES, ALL_SIXTIES) is None
