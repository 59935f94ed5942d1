"""Two calendars: one whose event comes soon, one whose event runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item
from marge.domains.calendar import CalendarEntity, CalendarEvent
from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home

HOUR = dt.timedelta(hours=1)


class DemoCalendar(CalendarEntity):
    """One event, at a time counted from the start."""

    def __init__(self, home: Home, event: CalendarEvent) -> None:
        super().__init__(home)
        self.event = event

    def events_between(self, start: dt.datetime, end: dt.datetime) -> list[CalendarEvent]:
        event = self.event
        if event is None:
            return []
        assert isinstance(event.start, dt.datetime) and isinstance(event.end, dt.datetime)
        return [event] if event.start < end and event.end > start else []


def items(home: Home) -> Iterator[Item]:
    now = from_epoch(int(home.clock.home_now())).astimezone(home.config.time_zone)
    soon = CalendarEvent(
        now + HOUR / 2, now + HOUR * 1.5, "Future Event", description="Future Description", location="Future Location"
    )
    yield Item("calendar.calendar_1", DemoCalendar(home, soon), "Calendar 1")
    running = CalendarEvent(now - HOUR / 2, now + HOUR / 2, "Current Event")
    yield Item("calendar.calendar_2", DemoCalendar(home, running), "Calendar 2")
