"""Which automatic backups are kept: so many, so many days, or one a day, a week and a month for a while. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keep:
    """What people want to keep. What any of it wants is kept; without any of it, everything is.

    Attributes:
        copies: the newest ones. days: those of the last days. With both, what both want.
        daily, weekly, monthly: the newest of each of the last so many days, weeks (from Monday) and months that have
            one. Times without a backup do not count, so that a home that was off for a year loses nothing.
    """

    copies: int | None = None
    days: int | None = None
    daily: int = 0
    weekly: int = 0
    monthly: int = 0


def surplus(moments: Mapping[str, dt.datetime], keep: Keep, now: dt.datetime, newest: str) -> list[str]:
    """The backups that may go, the oldest first.

    Args:
        moments: when each was made, by id, in the home's time zone.
        newest: the one that was made just now, which stays whatever the clocks said.
    """
    by_age = sorted(moments, key=lambda each: (each == newest, moments[each]), reverse=True)
    wanted = {newest}
    by_page = set(by_age)
    if keep.copies is not None:
        by_page &= set(by_age[: keep.copies])
    if keep.days is not None:
        limit = now - dt.timedelta(days=keep.days)
        by_page &= {each for each in by_age if moments[each] >= limit} | set(by_age[:1])
    if keep.copies is not None or keep.days is not None:
        wanted |= by_page
    elif not (keep.daily or keep.weekly or keep.monthly):
        return []
    wanted |= _of_each(by_age, moments, keep.daily, lambda each: each.date())
    wanted |= _of_each(by_age, moments, keep.weekly, lambda each: each.isocalendar()[:2])
    wanted |= _of_each(by_age, moments, keep.monthly, lambda each: (each.year, each.month))
    return [each for each in reversed(by_age) if each not in wanted]


def _of_each(
    by_age: list[str], moments: Mapping[str, dt.datetime], count: int, of: Callable[[dt.datetime], Hashable]
) -> set[str]:
    """The newest backup of each of the last `count` periods."""
    found: dict[Hashable, str] = {}
    for each in by_age:
        period = of(moments[each])
        if period not in found:
            if len(found) == count:
                break
            found[period] = each
    return set(found.values())
