"""Reading dates and durations, and saying how long ago."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.templating.functions.times import parse_datetime, parse_duration, parse_time, span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 2, 3, 4)),
        ("2026-1-2 3:04", datetime(2026, 1, 2, 3, 4)),
        ("2026-01-02", datetime(2026, 1, 2)),
        ("2026-1-2T03:04:05.5 +02:00", datetime(2026, 1, 2, 1, 4, 5, 500000, UTC)),
        ("bad", None),
        ("2026-13-02", None),
        ("", None),
        ("2" * 1000, None),
    ],
)
def test_parse_datetime(text, expected):
    """Usual forms are read, everything else is None."""
    assert parse_datetime(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", timedelta(seconds=10)),
        ("01:30", timedelta(minutes=1, seconds=30)),
        ("1:02:03", timedelta(hours=1, minutes=2, seconds=3)),
        ("00:00:01.5", timedelta(seconds=1.5)),
        ("-00:10:00", timedelta(minutes=-10)),
        ("1 day", timedelta(days=1)),
        ("2 days 00:00:05", timedelta(days=2, seconds=5)),
        ("2 days, 0:00:05", timedelta(days=2, seconds=5)),
        ("3 00:10:00", timedelta(days=3, minutes=10)),
        ("PT1H30M", timedelta(hours=1.5)),
        ("P1W", timedelta(weeks=1)),
        ("-PT5S", timedelta(seconds=-5)),
        ("P", None),
        ("PT", None),
        ("bad", None),
        ("9" * 60, None),
    ],
)
def test_parse_duration(text, expected):
    """Clock forms, words and ISO 8601 are read, everything else is None."""
    assert parse_duration(text) == expected


@given(st.timedeltas(timedelta(0), timedelta(days=9999)))
def test_parse_duration_reads_what_python_prints(duration):
    assert parse_duration(str(duration)) == duration


@given(st.text(max_size=40))
def test_parsers_take_any_text(text):
    """No text makes a parser fail."""
    parse_duration(text)
    parse_datetime(text)
    parse_time(text)


def test_parse_time():
    assert parse_time("10:20") == time(10, 20)
    assert parse_time("10:20:30") == time(10, 20, 30)
    assert parse_time("25:00") is None
    assert parse_time("10") is None


@pytest.mark.parametrize(
    ("seconds", "precision", "text"),
    [
        (0, 1, "0 seconds"), (0.4, 1, "0 seconds"), (1.2, 1, "1 second"), (59, 1, "59 seconds"), (90, 1, "2 minutes"),
        (5400, 1, "2 hours"), (5400, 2, "1 hour 30 minutes"), (86400 * 400, 1, "1 year"),
        (86400 * 40, 0, "1 month 10 days"), (3605, 3, "1 hour 5 seconds"),
    ],
)
def test_span(seconds, precision, text):
    """At most so many units, the last one rounded; units that are zero are left out."""
    assert span(timedelta(seconds=seconds), precision) == text
