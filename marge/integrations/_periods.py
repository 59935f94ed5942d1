"""Periods of meters: when the next one begins, in the home's time zone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PERIODS = ("quarter-hourly", "hourly", "daily", "weekly", "monthly", "bimonthly", "quarterly", "yearly")

_MONTHS = {"monthly": 1, "bimonthly": 2, "quarterly": 3, "yearly": 12}


def next_start(period: str, offset_days: int, after: float, zone: ZoneInfo) -> float:
    """The first beginning of a period later than `after` (UTC epoch seconds).

    Args:
        offset_days: weeks begin that many days after Monday, months that many after the first.
    """
    at = datetime.fromtimestamp(after, zone)
    if period in ("quarter-hourly", "hourly"):
        step = 900 if period == "quarter-hourly" else 3600
        east = (at.utcoffset() or timedelta()).total_seconds()  # there are zones of half hours
        return ((after + east) // step + 1) * step - east
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if period == "daily":
        return (midnight + timedelta(days=1)).timestamp()
    if period == "weekly":
        days = (offset_days - midnight.weekday()) % 7
        start = midnight + timedelta(days=days)
        return (start if start > at else start + timedelta(days=7)).timestamp()
    every = _MONTHS[period]
    year, month = at.year, (at.month - 1) // every * every + 1
    while True:
        first = midnight.replace(year=year, month=month, day=1)
        start = first + timedelta(days=offset_days)
        if start > at:
            return start.timestamp()
        month += every
        if month > 12:
            year, month = year + 1, month - 12
