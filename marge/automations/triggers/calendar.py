"""`trigger: calendar`: an event of a calendar begins or ends, or will after some time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

import gevent
import structlog
import voluptuous as vol

from marge.actors import Timer
from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.model import STATE_CHANGED

log = structlog.get_logger("marge.automations")

LOOK_AHEAD = timedelta(minutes=15)
"""How far ahead events are fetched; a calendar that changes meanwhile is asked again at once."""
_SCHEMA = vol.Schema(
    {
        vol.Required("entity_id"): fields.entities_in("calendar"),
        vol.Optional("event", default="start"): vol.In(["end", "start"], msg="value must be one of ['end', 'start']"),
        vol.Optional("offset", default=timedelta()): fields.signed_period,
    }
)


class _CalendarTrigger:
    """One attached calendar trigger: timers for the events of the next minutes, fetched in greenlets of its own."""

    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        self._trigger = trigger
        self._host = host
        self._entity_id: str = trigger.config["entity_id"]
        self._offset: timedelta = trigger.config["offset"]
        self._since = self._now()
        self._timers: dict[tuple[Any, ...], Timer] = {}
        self._fetching = False
        self._again = False
        self._next: Timer | None = None
        host.subscribe(STATE_CHANGED, lambda _event: self._refresh(), self._entity_id)
        self._refresh()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._host.home.clock.home_now(), UTC)

    def _refresh(self) -> None:
        """Ask the calendar what comes. Does not wait."""
        if self._fetching:
            self._again = True
            return
        self._fetching = True
        gevent.spawn(self._fetch)

    def _fetch(self) -> None:
        """In a greenlet of its own, since a calendar may ask a server."""
        host = self._host
        try:
            if host.closed:
                return
            entity: Any = host.home.entities.owned.get(self._entity_id)
            events = []
            if entity is not None:
                start = self._now() - abs(self._offset)
                events = entity.events_between(start, self._now() + abs(self._offset) + LOOK_AHEAD)
            host.post(self._arm, events)
        except Exception as exc:  # noqa: BLE001 - the border to somebody's calendar: what is known of it stays
            log.warning("a calendar did not answer", calendar=self._entity_id, problem=str(exc) or type(exc).__name__)
            host.post(self._ask_later, None)
        finally:
            self._fetching = False

    def _arm(self, events: list[Any]) -> None:
        """Set a timer for each event; in the owner's turn."""
        wanted: dict[tuple[Any, ...], tuple[datetime, Any]] = {}
        for event in events:
            at = self._moment(event.start if self._trigger.config["event"] == "start" else event.end) + self._offset
            if at > self._since:
                wanted[(at, event.uid, event.recurrence_id, event.summary)] = (at, event)
        for key in [each for each in self._timers if each not in wanted]:
            self._timers.pop(key).cancel()
        for key, (at, event) in wanted.items():
            if key not in self._timers:
                due = at.timestamp()
                self._timers[key] = self._host.at(due, partial(self._fire, event, due))
        self._since = max(self._since, self._now())
        self._ask_later(None)

    def _ask_later(self, _nothing: None) -> None:
        """In a while, or at once when something changed while the calendar was asked."""
        if self._next is not None:
            self._next.cancel()
        self._next = self._host.after(LOOK_AHEAD.total_seconds(), lambda _none: self._refresh())
        if self._again:
            self._again = False
            self._refresh()

    def _moment(self, day_or_time: date | datetime) -> datetime:
        if isinstance(day_or_time, datetime):
            return day_or_time
        return datetime.combine(day_or_time, time.min, self._host.home.config.time_zone)

    def _fire(self, event: Any, due: float, _nothing: None) -> None:
        if self._host.jumped_over(due):
            return
        zone = self._host.home.config.time_zone
        shown = {
            "start": _text(event.start, zone),
            "end": _text(event.end, zone),
            "summary": event.summary,
            "description": event.description,
            "location": event.location,
            "uid": event.uid,
            "recurrence_id": event.recurrence_id,
            "rrule": event.rrule,
            "all_day": event.all_day,
        }
        data = {
            "platform": "calendar",
            "event": self._trigger.config["event"],
            "offset": self._offset,
            "calendar_event": {name: value for name, value in shown.items() if value is not None},
        }
        self._host.fire(self._trigger, data)


def _text(day_or_time: date | datetime, zone: Any) -> str:
    if isinstance(day_or_time, datetime):
        return day_or_time.astimezone(zone).isoformat()
    return day_or_time.isoformat()


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _CalendarTrigger(trigger, host)


TRIGGER = TriggerKind(_SCHEMA, _attach)
