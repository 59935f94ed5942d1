"""`trigger: time`: at times of the day, at the moment a helper or a timestamp sensor holds, or some time off it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import voluptuous as vol

from marge.actors import CLOCK_SET, Timer
from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Config, Trigger, TriggerKind
from marge.automations.triggers._local_time import next_match
from marge.model import STATE_CHANGED, Event, State
from marge.util.dt import from_epoch, parse_iso

_EXPECTED = (
    "Expected HH:MM, HH:MM:SS, an Entity ID with domain 'input_datetime' or 'sensor', "
    "a combination of a timestamp sensor entity and an offset, or Limited Template"
)
_entity = fields.entities_in("input_datetime", "sensor")
_with_offset = vol.Schema(
    {vol.Required("entity_id"): _entity, vol.Optional("offset", default=timedelta(0)): fields.signed_period}
)


def _moment(value: Any) -> Any:
    if fields.is_template(value):
        return value
    for check in (fields.time_of_day, _entity, _with_offset):
        try:
            return check(value)
        except vol.Invalid:
            continue
    raise vol.Invalid(_EXPECTED)


def _moments(value: Any) -> list[Any]:
    return list(vol.Schema([_moment])(fields.as_list(value)))


_SCHEMA = vol.Schema({vol.Required("at"): _moments, vol.Optional("weekday"): fields.weekdays})


class _Moment:
    """One `at:` of an attached trigger."""

    def __init__(self, trigger: Trigger, host: TriggerHost, at: Any) -> None:
        self._trigger = trigger
        self._host = host
        self._clock = host.home.clock
        self._zone = host.home.config.time_zone
        self._weekdays: list[str] | None = trigger.config.get("weekday")
        self._timer: Timer | None = None
        self._time: str | None = None
        self._entity_id: str | None = None
        self._offset = 0.0
        self._due: float | None = None
        if isinstance(at, dict):
            self._entity_id, self._offset = at["entity_id"], at["offset"].total_seconds()
        elif "." in at:
            self._entity_id = at
        else:
            self._time = at
        if self._entity_id is not None:
            host.subscribe(STATE_CHANGED, self._entity_changed, self._entity_id)
        host.subscribe(CLOCK_SET, self._clock_set)
        self._arm()

    # -- when --------------------------------------------------------------------------------------------------------

    def _time_of_day(self) -> str | None:
        """The time of the day that this waits for, when it repeats daily."""
        if self._time is not None:
            return self._time
        state = self._state()
        if state is not None and state.domain == "input_datetime" and not state.attributes.get("has_date"):
            parts = (int(state.attributes.get(part) or 0) for part in ("hour", "minute", "second"))
            return "{:02d}:{:02d}:{:02d}".format(*parts)
        return None

    def _state(self) -> State | None:
        return None if self._entity_id is None else self._host.home.states.find(self._entity_id)

    def _once(self) -> float | None:
        """The single moment that the entity holds, or None."""
        state = self._state()
        if state is None:
            return None
        if state.domain == "sensor":
            moment = parse_iso(state.state) if state.attributes.get("device_class") == "timestamp" else None
            return None if moment is None else moment.timestamp() + self._offset
        if not state.attributes.get("has_date"):
            return None
        attributes = state.attributes
        try:
            local = datetime(
                int(attributes["year"]), int(attributes["month"]), int(attributes["day"]),
                int(attributes.get("hour") or 0), int(attributes.get("minute") or 0),
                int(attributes.get("second") or 0), tzinfo=self._zone,
            )
        except (KeyError, TypeError, ValueError):
            return None
        return local.timestamp() + self._offset

    def _next(self) -> float | None:
        now = self._clock.home_now()
        daily = self._time_of_day()
        if daily is not None:
            hour, minute, second = (int(part) for part in daily.split(":"))
            found = next_match(now - self._offset, self._zone, (hour,), (minute,), (second,))
            return None if found is None else found + self._offset
        once = self._once()
        return once if once is not None and once > now else None

    # -- timer -------------------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due = self._next()
        self._timer = None if self._due is None else self._host.at(self._due, self._elapsed)

    def _elapsed(self, _message: Any) -> None:
        due = self._due
        if due is None or self._clock.home_now() < due - 0.001:
            return  # the time was set back between the timer and this turn
        missed = self._host.jumped_over(due)
        if not missed:
            self._fire(due)
        self._arm()

    def _entity_changed(self, event: Event) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is None or new is None or old.state != new.state or old.attributes != new.attributes:
            self._arm()

    def _clock_set(self, event: Event) -> None:
        self._host.clock_was_set()
        now = self._clock.home_now()
        # Setting the home's time to a trigger's minute is meant to show what happens then.
        if event.data.get("kind") == "home" and self._is_due_in_minute(now):
            self._fire(now)
        self._arm()

    def _is_due_in_minute(self, now: float) -> bool:
        daily = self._time_of_day()
        if daily is not None:
            shown = from_epoch(now - self._offset).astimezone(self._zone)
            return daily[:5] == f"{shown.hour:02d}:{shown.minute:02d}"
        once = self._once()
        return once is not None and int(once // 60) == int(now // 60)

    def _fire(self, due: float) -> None:
        local = from_epoch(due).astimezone(self._zone)
        if self._weekdays is not None and fields.WEEKDAYS[local.weekday()] not in self._weekdays:
            return
        entity_id = self._entity_id
        data = {
            "platform": "time",
            "now": from_epoch(self._clock.home_now()).astimezone(self._zone) if entity_id is None else local,
            "description": "time" if entity_id is None else f"time set in {entity_id}",
            "entity_id": entity_id,
        }
        self._host.fire_timed(self._trigger, data)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    for at in trigger.config["at"]:
        wanted = host.limited(at)
        checked: Config | str = _moment(wanted) if fields.is_template(at) else wanted
        _Moment(trigger, host, checked)


TRIGGER = TriggerKind(_SCHEMA, _attach)
