"""Calendars: on while an event runs; its attributes are of the event that runs, or of the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import gevent

from marge.actors import Future, Timer
from marge.domains._calendar_schema import CREATE_EVENT, GET_EVENTS
from marge.domains._catalog import service
from marge.entities import Domain, Entity, Report
from marge.errors import HomeError
from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home

CREATE, DELETE, UPDATE = 1, 2, 4
Moment = dt.date | dt.datetime
"""A day of an all-day event, or an aware time."""
_BOUNDARY: Mapping[str, Any] = MappingProxyType({"boundary": True})
"""The timer's report: the event begins or ends now."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event, or one occurrence of a repeated one.

    Attributes:
        start, end: both days (`end` is the day after the last), or both aware times.
        uid: of the event in its calendar; recurrence_id: which occurrence it is.
        rrule: RFC 5545's rule, when it repeats.
    """

    start: Moment
    end: Moment
    summary: str
    description: str | None = None
    location: str | None = None
    uid: str | None = None
    recurrence_id: str | None = None
    rrule: str | None = None

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, dt.datetime)

    def as_dict(self, zone: dt.tzinfo) -> dict[str, Any]:
        """As `GET /api/calendars/<entity_id>` shows it."""
        key = "date" if self.all_day else "dateTime"
        return {
            "start": {key: shown(self.start, zone)},
            "end": {key: shown(self.end, zone)},
            "summary": self.summary,
            "description": self.description,
            "location": self.location,
            "uid": self.uid,
            "recurrence_id": self.recurrence_id,
            "rrule": self.rrule,
        }

    def as_response(self, zone: dt.tzinfo) -> dict[str, Any]:
        """As `calendar.get_events` answers."""
        made = {
            "start": shown(self.start, zone),
            "end": shown(self.end, zone),
            "summary": self.summary,
            "description": self.description,
            "location": self.location,
        }
        return {key: value for key, value in made.items() if value is not None}


def moment(day_or_time: Moment, zone: dt.tzinfo) -> dt.datetime:
    """When it is: a day begins at the home's midnight."""
    if isinstance(day_or_time, dt.datetime):
        return day_or_time
    return dt.datetime.combine(day_or_time, dt.time.min, zone)


def shown(day_or_time: Moment, zone: dt.tzinfo) -> str:
    """ISO text; times with the home's offset."""
    if isinstance(day_or_time, dt.datetime):
        return day_or_time.astimezone(zone).isoformat()
    return day_or_time.isoformat()


class CalendarEntity(Entity):
    """A calendar that somebody owns. Owners give it `event` (by `report`) and override `events_between`, and
    `create_event`, `update_event`, `delete_event` as far as `supported_features` say.

    Attributes:
        home: its home; times are in the home's time zone.
        event: the one that runs or comes next; None: there is none.
    """

    domain = "calendar"
    event: CalendarEvent | None = None

    _boundary: Timer | None = None

    def __init__(self, home: Home) -> None:
        self.home = home

    # -- for owners --------------------------------------------------------------------------------------------------

    def events_between(self, start: dt.datetime, end: dt.datetime) -> list[CalendarEvent]:
        """Events that overlap the time from `start` to `end` (aware), in order. Called in the asker's greenlet, outside
        the actor: it may wait, and only reads what is replaced as a whole."""
        return []

    def create_event(self, event: Mapping[str, Any]) -> Any:
        """Keep a new event: `summary`, `start`, `end` and perhaps `description`, `location`, `rrule`. In the actor's
        turn, as the other two: may return a `Future`."""

    def update_event(
        self, uid: str, event: Mapping[str, Any], recurrence_id: str | None, recurrence_range: str | None
    ) -> Any:
        """Replace an event, one occurrence of it, or one and all that follow (`THISANDFUTURE`)."""

    def delete_event(self, uid: str, recurrence_id: str | None, recurrence_range: str | None) -> Any:
        """Forget an event, an occurrence, or one and all that follow."""

    def event_over(self) -> None:
        """The event has ended: find the next one and report it. In the actor's turn."""

    # -- what it shows -----------------------------------------------------------------------------------------------

    @property
    def zone(self) -> dt.tzinfo:
        return self.home.config.time_zone

    def now(self) -> dt.datetime:
        """The home's time."""
        return from_epoch(self.home.clock.home_now())

    def on_add(self) -> None:
        self._watch()

    def on_remove(self) -> None:
        if self._boundary is not None:
            self._boundary.cancel()
            self._boundary = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if values is _BOUNDARY:
            if self.event is not None and moment(self.event.end, self.zone) <= self.now():
                self.event_over()
            self._watch()
            return
        super().apply(values)
        if "event" in values:
            self._watch()

    def state_value(self) -> str | None:
        event = self.event
        if event is None:
            return "off"
        now = self.now()
        return "on" if moment(event.start, self.zone) <= now < moment(event.end, self.zone) else "off"

    def state_attributes(self) -> dict[str, Any]:
        event = self.event
        if event is None:
            return {}
        return {
            "message": event.summary,
            "all_day": event.all_day,
            "start_time": self._local_text(event.start),
            "end_time": self._local_text(event.end),
            "location": event.location or "",
            "description": event.description or "",
        }

    def _local_text(self, day_or_time: Moment) -> str:
        return moment(day_or_time, self.zone).astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S")

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Look again when the event begins, and when it ends."""
        if self._boundary is not None:
            self._boundary.cancel()
            self._boundary = None
        if self.event is None:
            return
        now = self.now()
        for edge in (moment(self.event.start, self.zone), moment(self.event.end, self.zone)):
            if edge > now:
                self._boundary = self.home.clock.at(edge.timestamp(), self._reached, home=True)
                return

    def _reached(self, _message: Any) -> None:
        self.home.system.tell(f"{self.home.entities.path}/{self.entity_id}", Report(_BOUNDARY))

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_get_events(self, start_date_time: dt.datetime | None = None, **until: Any) -> Any:
        start = self.now() if start_date_time is None else self._aware(start_date_time)
        end = start + until["duration"] if "duration" in until else self._aware(until["end_date_time"])

        def read() -> dict[str, Any]:
            return {"events": [each.as_response(self.zone) for each in self.events_between(start, end)]}

        return answered(read)

    def handle_create_event(self, **data: Any) -> Any:
        event: dict[str, Any] = {key: data[key] for key in ("summary", "description", "location") if key in data}
        if "in" in data:
            days = data["in"].get("days", 0) + 7 * data["in"].get("weeks", 0)
            today = self.now().astimezone(self.zone).date()
            event["start"] = today + dt.timedelta(days=days)
            event["end"] = event["start"] + dt.timedelta(days=1)
        elif "start_date_time" in data:
            event["start"], event["end"] = self._aware(data["start_date_time"]), self._aware(data["end_date_time"])
        else:
            event["start"], event["end"] = data["start_date"], data["end_date"]
        return self.create_event(event)

    def handle_event_create(self, event: Mapping[str, Any]) -> Any:
        return self.create_event(self._from_client(event))

    def handle_event_update(
        self, uid: str, event: Mapping[str, Any], recurrence_id: str | None, recurrence_range: str | None
    ) -> Any:
        return self.update_event(uid, self._from_client(event), recurrence_id, recurrence_range)

    def handle_event_delete(self, uid: str, recurrence_id: str | None, recurrence_range: str | None) -> Any:
        return self.delete_event(uid, recurrence_id, recurrence_range)

    def _from_client(self, event: Mapping[str, Any]) -> dict[str, Any]:
        texts = ("summary", "description", "location", "rrule")
        made: dict[str, Any] = {key: event[key] for key in texts if key in event}
        made["start"], made["end"] = (self._aware(event[key]) for key in ("dtstart", "dtend"))
        return made

    def _aware(self, value: Any) -> Any:
        if not isinstance(value, dt.datetime):
            return value
        return value.replace(tzinfo=self.zone) if value.tzinfo is None else value.astimezone(self.zone)


def answered(function: Any) -> Future:
    """What `function` returns in a greenlet of its own, for a turn that must not wait."""
    future = Future()

    def run() -> None:
        try:
            future.set(function())
        except Exception:  # noqa: BLE001 - handed to whoever asked
            future.set_exception()

    gevent.spawn(run)
    return future


def not_found(uid: str, recurrence_id: str | None, doing: str) -> HomeError:
    """There is no such event. `doing`: `updating` or `deleting`."""
    return HomeError(f"Error while {doing} event: No existing item with uid/recurrence_id: {uid}/{recurrence_id}")


DOMAIN = Domain(
    "calendar",
    services={
        "create_event": service(
            "calendar", "create_event", "handle_create_event", "Adds an event.", CREATE_EVENT, CREATE
        ),
        "get_events": service(
            "calendar", "get_events", "handle_get_events", "Answers with the events of a time.", GET_EVENTS,
            supports_response="only",
        ),
    },
    entity=CalendarEntity,
)  # fmt: skip
