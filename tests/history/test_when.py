"""Times that clients send, and periods of a home's calendar."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from marge.history.stats_query import period_end, period_start
from marge.history.when import parse_time

DENVER = ZoneInfo("America/Denver")


def seconds(*parts: int, zone: tzinfo = UTC) -> float:
    year, month, day, hour, minute, second, micro = (*parts, 0, 0, 0, 0)[:7]
    return datetime(year, month, day, hour, minute, second, micro, zone).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T16:08:39+00:00", seconds(2026, 11, 20, 16, 8, 39)),
        ("2026-11-20T16:08:39Z", seconds(2026, 11, 20, 16, 8, 39)),
        ("2026-11-20T16:08:39 00:00", seconds(2026, 11, 20, 16, 8, 39)),
        ("2026-11-20T16:08:39.5 01:00", seconds(2026, 11, 20, 15, 8, 39, 500_000)),
        ("2026-11-20T16:08:39", seconds(2026, 11, 20, 16, 8, 39, zone=DENVER)),
        ("2026-11-20 16:08:39", seconds(2026, 11, 20, 16, 8, 39, zone=DENVER)),
        ("2026-11-20", seconds(2026, 11, 20, zone=DENVER)),
        ("0001-01-01T00:00:00", 0.0),
        ("1795190919", None),
        ("light.kitchen", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_times_are_read_as_has_clients_write_them(text, expected):
    """A time without an offset is the home's; what lies before 1970 is taken as that."""
    assert parse_time(text, DENVER) == expected


@pytest.mark.parametrize(
    ("at", "period", "start", "hours"),
    [
        ((2026, 3, 8, 12), "day", (2026, 3, 8), 23),  # summer time begins
        ((2026, 11, 1, 12), "day", (2026, 11, 1), 25),  # and ends
        ((2026, 11, 1, 12), "week", (2026, 10, 26), 7 * 24 + 1),
        ((2026, 11, 20, 12), "month", (2026, 11, 1), 30 * 24 + 1),
        ((2026, 12, 31, 23), "month", (2026, 12, 1), 31 * 24),
        ((2026, 7, 1, 0), "year", (2026, 1, 1), 365 * 24),
    ],
)
def test_periods_follow_the_homes_calendar(at, period, start, hours):
    """Days have 23 or 25 hours where summer time begins or ends."""
    began = period_start(seconds(*at, zone=DENVER), period, DENVER)

    assert began == seconds(*start, zone=DENVER)
    assert period_end(began, period, DENVER) - began == hours * 3600
