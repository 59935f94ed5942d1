"""Reads the times that clients send. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

DAY_S = 86_400.0
_LAST_S = 253_402_214_400.0  # the last day of 9999: later times cannot be written


def parse_time(text: object, zone: tzinfo) -> float | None:
    """UTC epoch seconds, or None.

    Nothing is older than 1970 here, nor younger than 9999: what lies beyond is taken as that.
    A time without an offset is the home's (`zone`), as HA takes it; a date is its midnight. A blank before the offset
    is a plus that nobody escaped.
    """
    if not isinstance(text, str) or not text.isascii():
        return None
    candidate = text.strip()
    if len(candidate) > 16 and candidate[-6] == " ":
        candidate = f"{candidate[:-6]}+{candidate[-5:]}"
    try:
        value = datetime.fromisoformat(candidate)
        if value.tzinfo is None:
            value = value.replace(tzinfo=zone)
    except ValueError:
        return None
    try:
        return min(max(value.astimezone(UTC).timestamp(), 0.0), _LAST_S)
    except OverflowError:  # the first and the last day that there are, in another zone
        return 0.0 if value.year < 2000 else _LAST_S


def midnight(of: date, zone: tzinfo) -> float:
    """When that day begins there, UTC epoch seconds."""
    return datetime(of.year, of.month, of.day, tzinfo=zone).timestamp()
