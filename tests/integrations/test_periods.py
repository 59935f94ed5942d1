"""When periods of meters begin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from marge.integrations._periods import next_start

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("period", "offset", "after", "expected"),
    [
        ("quarter-hourly", 0, "2026-03-10T10:07", "2026-03-10T10:15"),
        ("hourly", 0, "2026-03-10T10:00", "2026-03-10T11:00"),
        ("daily", 0, "2026-03-28T10:07", "2026-03-29T00:00"),
        ("daily", 0, "2026-03-29T10:07", "2026-03-30T00:00"),
        ("weekly", 0, "2026-03-10T10:07", "2026-03-16T00:00"),
        ("weekly", 2, "2026-03-10T10:07", "2026-03-11T00:00"),
        ("monthly", 0, "2026-12-10T10:07", "2027-01-01T00:00"),
        ("monthly", 14, "2026-03-10T10:07", "2026-03-15T00:00"),
        ("bimonthly", 0, "2026-03-10T10:07", "2026-05-01T00:00"),
        ("quarterly", 0, "2026-03-10T10:07", "2026-04-01T00:00"),
        ("yearly", 0, "2026-03-10T10:07", "2027-01-01T00:00"),
    ],
)  # fmt: skip
def test_a_period_begins_at_the_local_time(period, offset, after, expected):
    """Summer time or not."""
    at = datetime.fromisoformat(after).replace(tzinfo=BERLIN).timestamp()

    found = datetime.fromtimestamp(next_start(period, offset, at, BERLIN), BERLIN)

    assert found.strftime("%Y-%m-%dT%H:%M") == expected
