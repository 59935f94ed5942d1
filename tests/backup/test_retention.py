"""Which automatic backups may go."""

from __future__ import annotations

import datetime as dt
import random

from marge.backup.retention import Keep, surplus

NOW = dt.datetime(2026, 3, 31, 5, tzinfo=dt.UTC)


def daily(count: int) -> dict[str, dt.datetime]:
    """One a day, `0` the newest, made now."""
    return {str(each): NOW - dt.timedelta(days=each) for each in range(count)}


def kept(moments: dict[str, dt.datetime], keep: Keep, newest: str = "0") -> set[str]:
    gone = surplus(moments, keep, NOW, newest)
    assert gone == sorted(gone, key=lambda each: moments[each])
    return set(moments) - set(gone)


def test_without_a_wish_everything_stays() -> None:
    """Nobody has said that anything may go."""
    assert len(kept(daily(400), Keep())) == 400


def test_so_many_or_so_many_days() -> None:
    """With both, what both want; the one that was made just now stays in any case."""
    assert kept(daily(9), Keep(copies=3)) == {"0", "1", "2"}
    assert kept(daily(9), Keep(days=4)) == {"0", "1", "2", "3", "4"}
    assert kept(daily(9), Keep(copies=3, days=1)) == {"0", "1"}
    assert kept({"old": NOW - dt.timedelta(days=99)}, Keep(days=1), "old") == {"old"}


def test_one_a_day_a_week_and_a_month() -> None:
    """The newest of each; 31 March 2026 is a Tuesday."""
    found = kept(daily(200), Keep(daily=3, weekly=3, monthly=3))
    days = sorted((NOW - dt.timedelta(days=int(each))).date().isoformat() for each in found)
    assert days == ["2026-01-31", "2026-02-28", "2026-03-22", "2026-03-29", "2026-03-30", "2026-03-31"]
    assert kept(daily(9), Keep(copies=2, weekly=2)) == {"0", "1", "2"}


def test_a_year_without_the_home_costs_nothing() -> None:
    """Days without a backup do not count."""
    old = {f"old{each}": NOW - dt.timedelta(days=400 + each) for each in range(3)}
    assert kept({"0": NOW, **old}, Keep(daily=4)) == {"0", *old}


def test_a_clock_that_was_wrong_does_not_cost_the_newest() -> None:
    """A computer without a battery may start in 1970, or have made backups in the future."""
    ahead = {f"ahead{each}": NOW + dt.timedelta(days=900 + each) for each in range(5)}
    for keep in (Keep(copies=2), Keep(days=1), Keep(daily=2, monthly=1)):
        assert "0" in kept({"0": NOW, **ahead}, keep)
        assert "0" in kept({"0": dt.datetime(1970, 1, 1, tzinfo=dt.UTC), **ahead}, keep)


def test_what_is_kept_holds_day_after_day() -> None:
    """However the days fall: in the end there are as many of each as were wished, and never none."""
    chance, keep = random.Random(1), Keep(daily=4, weekly=3, monthly=5)
    moments: dict[str, dt.datetime] = {}
    at = NOW
    for number in range(500):
        at += dt.timedelta(days=chance.choice((1, 1, 1, 1, 2, 9)), hours=chance.randint(0, 5))
        moments[str(number)] = at
        for each in surplus(moments, keep, at, str(number)):
            del moments[each]
        assert str(number) in moments and len(moments) <= 12
    assert len({(each.year, each.month) for each in moments.values()}) >= 5
    assert len({each.isocalendar()[:2] for each in moments.values()}) >= 5
