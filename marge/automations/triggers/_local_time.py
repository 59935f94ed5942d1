"""The next moment at which the home's local clock shows given hours, minutes and seconds. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from marge.util.dt import from_epoch

ALL_HOURS = tuple(range(24))
ALL_SIXTIES = tuple(range(60))


def next_match(
    now: float, zone: tzinfo, hours: Sequence[int], minutes: Sequence[int], seconds: Sequence[int]
) -> float | None:
    """The first moment after `now` (epoch seconds) whose local time has one each of `hours`, `minutes`, `seconds`.

    Args:
        hours, minutes, seconds: sorted; an empty one matches never.
    """
    if not hours or not minutes or not seconds:
        return None
    local = from_epoch(now).astimezone(zone)
    for days in range(3):  # a day with a change of the clocks may lack today's time
        day = local.date() + timedelta(days=days)
        for hour in hours[bisect_left(hours, local.hour) if days == 0 else 0:]:
            this_hour = days == 0 and hour == local.hour
            for minute in minutes[bisect_left(minutes, local.minute) if this_hour else 0:]:
                for second in seconds:
                    moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).timestamp()
                    if moment > now:
                        return moment
    return None
