"""Dates, slugs and ULIDs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.util.dt import from_epoch, iso, parse_iso
from marge.util.slug import slugify
from marge.util.ulid import ulid


@given(st.floats(0, 4_000_000_000))
def test_iso_texts_sort_like_times_and_come_back(epoch):
    """Always the same width, microseconds kept."""
    text = iso(epoch)

    assert len(text) == len("2026-01-01T00:00:00.000000+00:00")
    assert parse_iso(text) == from_epoch(epoch)


@pytest.mark.parametrize(
    "text", ["2026-01-01T10:00:00+00:00", "2026-01-01T10:00:00 00:00", "2026-01-01T10:00:00Z", "2026-01-01 10:00"]
)
def test_pasted_times_are_understood(text):
    """A plus sign that a query string turned into a blank is a plus sign."""
    assert parse_iso(text) == datetime(2026, 1, 1, 10, tzinfo=UTC)


@given(st.text())
def test_parse_iso_never_raises(text):
    parsed = parse_iso(text)
    assert parsed is None or parsed.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Bedroom Lamp (left)", "bedroom_lamp_left"), ("Küche", "kuche"), ("Straße", "strasse"), ("", ""),
        ("!!!", "unknown"), ("  A  B ", "a_b"), ("Bob's", "bob_s"), ("Ærø", "aero"),
        ("Кухня", "kukhnia"), ("日本語", "ri_ben_yu"), ("½ cup", "1_2_cup"), ("1,000 W", "1000_w"), ("µg/m³", "mg_m3"),
    ],
)
def test_slugs(text, slug):
    assert slugify(text) == slug


@given(st.text())
def test_slugs_are_identifiers(text):
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789_" for char in slugify(text))


def test_ulids_sort_by_time_and_differ():
    """26 characters of Crockford's alphabet."""
    first, second = ulid(1_000_000_000.0), ulid(1_000_000_000.5)

    assert len(first) == 26
    assert first < second
    assert len({ulid() for _ in range(1000)}) == 1000
