"""Times: UTC epoch seconds inside, ISO 8601 outside. No clock is read here; ask the clock actor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000


def micros(epoch_s: float) -> int:
    """UTC epoch seconds as whole microseconds."""
    return round(epoch_s * 1_000_000)


@lru_cache(maxsize=64)
def _second(epoch: int) -> str:
    return (EPOCH + timedelta(seconds=epoch)).strftime("%Y-%m-%dT%H:%M:%S")


def iso(epoch_s: float) -> str:
    """`2026-01-01T00:00:00.000000+00:00`: always six decimals, so that texts sort like times."""
    time_us = round(epoch_s * 1_000_000)  # not `micros`: 0.1 µs for each of the three times of each state
    return "%s.%06d+00:00" % (_second(time_us // 1_000_000), time_us % 1_000_000)  # noqa: UP031 - a tenth less


def from_epoch(epoch_s: float) -> datetime:
    """The aware datetime in UTC, exact to the microsecond."""
    return EPOCH + timedelta(microseconds=micros(epoch_s))


def parse_iso(text: str) -> datetime | None:
    """An aware datetime, or None. A missing offset means UTC; a blank before the offset is read as `+`.

    Clients paste `…+00:00` into query strings unescaped, where the plus arrives as a blank.
    """
    candidate = text.strip()
    if len(candidate) > 6 and candidate[-6] == " ":
        candidate = candidate[:-6] + "+" + candidate[-5:]
    try:
        value = datetime.fromisoformat(candidate)
    except ValueError:
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def parse_local(text: str, zone: tzinfo) -> datetime | None:
    """As `parse_iso`, but without an offset it is a time of `zone`; a date alone is its midnight."""
    candidate = text.strip()
    if len(candidate) > 6 and candidate[-6] == " ":
        candidate = candidate[:-6] + "+" + candidate[-5:]
    try:
        value = datetime.fromisoformat(candidate)
        value = value if value.tzinfo is not None else value.replace(tzinfo=zone)
        value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return value
