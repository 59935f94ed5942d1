"""When automatic backups are made, and which of them go."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import gevent
import pytest

from marge.actors import SimulatedClock
from marge.backup.retention import Keep
from marge.domains._backup_automatic import AGAIN_AFTER_S, MISSED_AFTER_S, Automatic
from marge.domains._backup_choices import Choices
from marge.domains._backup_progress import ManagerBusy
from tests.support.waiting import until

ZONE = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 6, 3, 12, tzinfo=ZONE)  # a Wednesday
HOUR, DAY = 3600.0, 86400.0


class Kept(dict[str, Any]):
    """A store in memory."""

    load = dict.get
    save = dict.__setitem__


class House:
    """What automatic backups see of a home; `made` counts them, or says that something else goes on."""

    def __init__(self, store: Kept, now: dt.datetime) -> None:
        self.clock = SimulatedClock(now.timestamp())
        self.issues: set[str] = set()
        issues = SimpleNamespace(
            delete=lambda _domain, issue: self.issues.discard(issue),
            raise_issue=lambda _domain, issue, **_more: self.issues.add(issue),
        )
        home: Any = SimpleNamespace(
            clock=self.clock, storage=store, config=SimpleNamespace(time_zone=ZONE), shared={},
            registries=SimpleNamespace(issues=issues),
        )  # fmt: skip
        self.home = home
        self.made: list[dt.datetime] = []
        self.is_busy = False
        self.choices = Choices(home)
        self.choices.load()
        self.automatic = Automatic(home, self.choices, self._make, lambda: None)

    def _make(self) -> tuple[str, gevent.Greenlet]:
        if self.is_busy:
            raise ManagerBusy("busy")
        now = self.choices.now()
        self.choices.update({"last_attempted_automatic_backup": now.isoformat()})
        self.made.append(now)
        return "one", gevent.spawn(lambda: True)

    def choose(self, **schedule: Any) -> None:
        self.choices.update({"schedule": schedule})
        self.automatic.plan()

    @property
    def next(self) -> dt.datetime | None:
        shown = self.automatic.schedule()["next_automatic_backup"]
        return None if shown is None else dt.datetime.fromisoformat(shown)


@pytest.fixture
def house() -> House:
    return House(Kept(), NOON)


def passes(house: House, seconds: float) -> None:
    """Time goes by, and what was due then is done."""
    before = house.automatic.schedule()
    due = house.next is not None and house.clock.now() + seconds >= house.next.timestamp()
    house.clock.advance(seconds)
    if due:
        until(lambda: house.automatic.schedule() != before, what="the next moment")


def test_they_come_at_their_time_of_their_days(house: House) -> None:
    """Each day, or days of the week, in the home's time zone."""
    assert house.next is None
    house.choose(recurrence="daily", time=None, days=[])
    assert house.next == dt.datetime(2026, 6, 4, 4, 45, tzinfo=ZONE)
    passes(house, DAY)
    assert len(house.made) == 1 and house.next == dt.datetime(2026, 6, 5, 4, 45, tzinfo=ZONE)
    house.choose(recurrence="custom_days", time="03:30:00", days=["mon"])
    assert house.next == dt.datetime(2026, 6, 8, 3, 30, tzinfo=ZONE)
    house.choose(recurrence="never", time=None, days=[])
    assert house.next is None


def test_one_that_was_missed_is_made_after_the_start(house: House) -> None:
    """Once, shown as an additional one; then the schedule goes on."""
    house.choose(recurrence="daily", time=None, days=[])
    later = House(house.home.storage, NOON + dt.timedelta(days=3))
    later.automatic.begin()
    assert later.automatic.schedule()["next_automatic_backup_additional"] is True
    assert later.next == NOON + dt.timedelta(days=3, seconds=MISSED_AFTER_S)
    passes(later, MISSED_AFTER_S + 1)
    assert len(later.made) == 1
    assert later.automatic.schedule()["next_automatic_backup_additional"] is False
    assert later.next == dt.datetime(2026, 6, 7, 4, 45, tzinfo=ZONE)


def test_nothing_was_missed_before_somebody_wanted_it(house: House) -> None:
    """A schedule of this noon, and a start in the afternoon."""
    house.choose(recurrence="daily", time=None, days=[])
    later = House(house.home.storage, NOON + dt.timedelta(hours=3))
    later.automatic.begin()
    assert later.automatic.schedule()["next_automatic_backup_additional"] is False
    never = House(Kept(), NOON)
    never.automatic.begin()
    assert never.next is None


def test_it_waits_while_something_else_goes_on(house: House) -> None:
    """A download of gigabytes must not cost a day's backup."""
    house.choose(recurrence="daily", time=None, days=[])
    house.is_busy = True
    passes(house, DAY)
    assert not house.made and house.automatic.schedule()["next_automatic_backup_additional"] is True
    house.is_busy = False
    passes(house, AGAIN_AFTER_S + 1)
    assert len(house.made) == 1


def test_a_failure_is_a_repair_notice_until_one_succeeds(house: House) -> None:
    """Nobody reads the log."""
    house.automatic.report("the disk is full")
    assert house.issues == {"automatic_backup_failed"}
    house.automatic.report(None)
    assert not house.issues


def shown(backup_id: str, days: int, automatic: bool = True, instance: str = "us") -> dict[str, Any]:
    made = NOON - dt.timedelta(days=days)
    return {
        "backup_id": backup_id, "date": made.isoformat(), "with_automatic_settings": automatic,
        "extra_metadata": {"instance_id": instance},
    }  # fmt: skip


def test_only_automatic_ones_of_this_home_go(house: House) -> None:
    """Not those made by hand, not those of another home that were sent here; and none while settings are lost."""
    house.choices.update({"retention": {"copies": 1}})
    all_ = [shown("hand", 9, automatic=False), shown("other", 8, instance="them"), shown("old", 7), shown("new", 0)]
    assert house.automatic.too_old(all_, "new", "us", Keep()) == ["old"]
    assert house.automatic.too_old(all_, "new", "us", Keep(daily=2)) == []
    assert house.automatic.too_old(all_, "hand", "us", Keep()) == []
    house.home.shared["safe_mode"] = True
    assert house.automatic.too_old(all_, "new", "us", Keep()) == []
