"""Schedules: on during certain hours of certain days, in the home's time. The clock wakes them at each boundary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import voluptuous as vol

from marge.actors import Timer
from marge.domains import _validators as validate
from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._validators import ensure_list
from marge.entities import Domain
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT = "24:00:00"
MAX_BLOCKS_A_DAY = 1440
_A_WEEK_AND_A_DAY = 8


def _end_time(value: Any) -> str:
    """A time of day as `HH:MM:SS`; 24:00 is the end of the day."""
    if isinstance(value, str) and value.strip() in ("24:00", MIDNIGHT):
        return MIDNIGHT
    return validate.time(value).isoformat()


def _start_time(value: Any) -> str:
    return validate.time(value).isoformat()


_BLOCK = vol.Schema(
    {
        vol.Required("from"): _start_time,
        vol.Required("to"): _end_time,
        vol.Optional("data"): {str: vol.Any(bool, str, int, float)},
    }
)


def _in_order(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sorted by their beginnings; `HH:MM:SS` sorts as text."""
    ordered = sorted(blocks, key=lambda block: str(block["from"]))
    before = ""
    for block in ordered:
        if block["from"] >= block["to"]:
            raise vol.Invalid(f"Invalid time range, from {block['from']} is after {block['to']}")
        if before > block["from"]:
            raise vol.Invalid("Overlapping times found in schedule")
        before = block["to"]
    return ordered


_BLOCKS = vol.All(ensure_list, vol.Length(max=MAX_BLOCKS_A_DAY), [_BLOCK], _in_order)
_WEEK = {vol.Optional(day, default=list): _BLOCKS for day in DAYS}
CONFIG_SCHEMA = {**NAME_AND_ICON, **_WEEK}
ITEM_FIELDS = {**NAMED, **_WEEK}


class Span(NamedTuple):
    """One block on one date: from when until before when (UTC epoch seconds), and the data that it shows."""

    begins: float
    ends: float
    data: Mapping[str, Any]


def spans(conf: Mapping[str, Any], first: dt.date, days: int, zone: dt.tzinfo) -> Iterator[Span]:
    """The blocks of some days, in order."""
    for number in range(days):
        date = first + dt.timedelta(days=number)
        for block in conf[DAYS[date.weekday()]]:
            yield Span(_epoch(date, block["from"], zone), _epoch(date, block["to"], zone), block.get("data", {}))


def _epoch(date: dt.date, text: str, zone: dt.tzinfo) -> float:
    if text == MIDNIGHT:
        date, text = date + dt.timedelta(days=1), "00:00:00"
    return dt.datetime.combine(date, dt.time.fromisoformat(text), zone).timestamp()


class ScheduleEntity(HelperEntity):
    """One schedule. Each report `boundary` makes it look at the clock again."""

    domain = "schedule"
    is_on = False
    next_event: float | None = None
    data: Mapping[str, Any] = {}
    _alarm: Timer | None = None

    def begin(self) -> None:
        self._look()

    def reconfigured(self) -> None:
        self._look()

    def resume(self) -> None:
        self._look()

    def on_remove(self) -> None:
        super().on_remove()
        self._silence()

    def apply(self, values: Mapping[str, Any]) -> None:
        if "boundary" in values:
            self._look()
        else:
            super().apply(values)

    def _look(self) -> None:
        """What holds now, and when that changes."""
        self._silence()
        now = self.home.clock.home_now()
        today = dt.datetime.fromtimestamp(now, self.home.config.time_zone).date()
        self.is_on, self.next_event, self.data = False, None, {}
        for span in spans(self.conf, today, _A_WEEK_AND_A_DAY, self.home.config.time_zone):
            if span.ends <= max(now, span.begins):  # over; or swallowed by the hour that summer time skips
                continue
            if span.begins <= now:
                self.is_on, self.data, self.next_event = True, span.data, span.ends
            else:
                self.next_event = span.begins
            break
        if self.next_event is not None:
            self._alarm = self.home.clock.at(self.next_event, self._at_boundary, None, home=True)

    def _at_boundary(self, _message: None) -> None:
        """Called by the clock: the rest happens in the entity's own turn."""
        self.home.entities.report(self.entity_id, boundary=True)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def get_schedule(self) -> dict[str, Any]:
        return {day: self.conf[day] for day in DAYS}

    def state_value(self) -> str | None:
        return "on" if self.is_on else "off"

    def state_attributes(self) -> dict[str, Any]:
        upcoming = None
        if self.next_event is not None:
            upcoming = dt.datetime.fromtimestamp(self.next_event, self.home.config.time_zone).isoformat()
        return {"editable": self.editable, "next_event": upcoming, **self.data}


def _setup(home: Home, section: Any) -> None:
    set_up(home, "schedule", section, CONFIG_SCHEMA, ScheduleEntity, ITEM_FIELDS)

    def time_has_changed(_event: Event) -> None:
        for state in home.states.domain("schedule"):
            if state.entity_id in home.entities.owned:
                home.entities.report(state.entity_id, boundary=True)

    home.bus.subscribe(time_has_changed, "clock_set")
    home.bus.subscribe(time_has_changed, "core_config_updated")


DOMAIN = Domain(
    "schedule",
    services={
        "get_schedule": service(
            "schedule", "get_schedule", "get_schedule", "Tells the hours of schedules.", supports_response="only"
        ),
    },
    entity=ScheduleEntity,
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
