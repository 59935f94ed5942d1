"""Timers: they run down in the home's time and fire events. The clock sends a report when one is over."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Timer
from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._validators import boolean, positive_time_period, time_period
from marge.domains._virtual import to, virtual
from marge.entities import Domain
from marge.errors import HomeError
from marge.model import Event
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.home import Home

IDLE, ACTIVE, PAUSED = "idle", "active", "paused"

CONFIG_SCHEMA = {
    **NAME_AND_ICON,
    vol.Optional("duration", default=dt.timedelta(0)): positive_time_period,
    vol.Optional("restore", default=False): boolean,
}


def period_text(seconds: float) -> str:
    """`H:MM:SS`, as timers show durations."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"


def _moment_text(epoch: float) -> str:
    return dt.datetime.fromtimestamp(math.floor(epoch), dt.UTC).isoformat()


def _duration(value: Any) -> str:
    return period_text(positive_time_period(value).total_seconds())


ITEM_FIELDS = {
    **NAMED,
    vol.Optional("duration", default="0:00:00"): _duration,
    vol.Optional("restore", default=False): boolean,
}


class TimerEntity(HelperEntity):
    """One timer. `running_s`: how long this run is as a whole; `remaining_s`: at its last start or pause."""

    domain = "timer"
    phase: str = IDLE
    running_s: float = 0.0
    remaining_s: float | None = None
    ends_at: float | None = None
    _alarm: Timer | None = None
    _run: int = 0

    def begin(self) -> None:
        self.running_s = self._configured_s
        restored = self.restored()
        if not self.conf["restore"] or restored is None or restored[0] not in (ACTIVE, PAUSED):
            return
        phase, attributes = restored
        running = _seconds_of(attributes.get("duration"))
        self.running_s = running if running is not None else self.running_s
        if phase == PAUSED:
            self.phase, self.remaining_s = PAUSED, _seconds_of(attributes.get("remaining"))
            return
        finishes_at = parse_iso(str(attributes.get("finishes_at")))
        if finishes_at is None:
            return
        left = finishes_at.timestamp() - self.home.clock.home_now()
        self.phase = ACTIVE
        self._run_for(max(0.0, left))

    @property
    def _configured_s(self) -> float:
        return float(self.conf["duration"].total_seconds())

    def reconfigured(self) -> None:
        if self.phase == IDLE:
            self.running_s = self._configured_s

    def on_remove(self) -> None:
        super().on_remove()
        self._silence()

    def resume(self) -> None:
        if self.phase == ACTIVE and self.ends_at is not None:
            self._run_for(max(0.0, self.ends_at - self.home.clock.home_now()))

    # -- the alarm ---------------------------------------------------------------------------------------------------

    def _run_for(self, seconds: float) -> None:
        self._silence()
        self.remaining_s = seconds
        self.ends_at = self.home.clock.home_now() + seconds
        self._run += 1
        self._alarm = self.home.clock.after(seconds, self._over, self._run, home=True)

    def _over(self, run: int) -> None:
        """Called by the clock: the rest happens in the entity's own turn."""
        self.home.entities.report(self.entity_id, run_over=run)

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "run_over" not in values:
            super().apply(values)
        elif self.phase == ACTIVE and values["run_over"] == self._run:  # else it was stopped while the report waited
            self._finished()

    def _idle(self) -> None:
        self._silence()
        self.phase, self.remaining_s, self.ends_at = IDLE, None, None
        self.running_s = self._configured_s

    def _finished(self) -> None:
        ended = self.ends_at
        self._idle()
        self._fire("timer.finished", finished_at=None if ended is None else _moment_text(ended))

    def _fire(self, event_type: str, **data: Any) -> None:
        # The state goes first: who hears the event and looks must see what it says.
        self.write()
        clock = self.home.clock
        self.home.bus.publish(Event(event_type, {"entity_id": self.entity_id, **data}, self.context, clock.now()))

    # -- commands ----------------------------------------------------------------------------------------------------

    def start(self, duration: dt.timedelta | None = None) -> None:
        event = "timer.started" if self.phase == IDLE else "timer.restarted"
        if duration:
            seconds = self.running_s = duration.total_seconds()
        else:  # go on where it was paused, or anew with what it was started with
            seconds = self.remaining_s or self.running_s
        self.phase = ACTIVE
        self._run_for(seconds)
        self._fire(event)

    def change(self, duration: dt.timedelta) -> None:
        if self.phase != ACTIVE or self.ends_at is None:
            raise HomeError(f"Timer {self.entity_id} is not running, only active timers can be changed")
        left = self.ends_at - self.home.clock.home_now() + duration.total_seconds()
        if left > self.running_s:
            raise HomeError(f"Not possible to change timer {self.entity_id} beyond duration")
        if left < 0:
            raise HomeError(f"Not possible to change timer {self.entity_id} to negative time remaining")
        self._run_for(left)
        # A person reads whole seconds: 4.98 s left of 5 s less 2 s are 3 s.
        self.remaining_s = math.ceil(left)
        self._fire("timer.changed")

    def pause(self) -> None:
        if self.phase != ACTIVE or self.ends_at is None:
            return
        self._silence()
        self.remaining_s = max(0.0, self.ends_at - self.home.clock.home_now())
        self.phase, self.ends_at = PAUSED, None
        self._fire("timer.paused")

    def cancel(self) -> None:
        self._idle()
        self._fire("timer.cancelled")

    def finish(self) -> None:
        if self.phase == ACTIVE:
            self._finished()

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        return self.phase

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"duration": period_text(self.running_s), "editable": self.editable}
        if self.ends_at is not None:
            shown["finishes_at"] = _moment_text(self.ends_at)
        if self.remaining_s is not None:
            shown["remaining"] = period_text(self.remaining_s)
        if self.conf["restore"]:
            shown["restore"] = True
        return shown


def _seconds_of(text: Any) -> float | None:
    try:
        return float(time_period(text).total_seconds())
    except vol.Invalid:
        return None


def _setup(home: Home, section: Any) -> None:
    set_up(home, "timer", section, CONFIG_SCHEMA, TimerEntity, ITEM_FIELDS)


DOMAIN = Domain(
    "timer",
    services={
        "start": service(
            "timer", "start", "start", "Starts timers, or starts them anew.", {vol.Optional("duration"): time_period}
        ),
        "pause": service("timer", "pause", "pause", "Stops timers where they are."),
        "cancel": service("timer", "cancel", "cancel", "Stops timers as if they had never run."),
        "finish": service("timer", "finish", "finish", "Ends timers as if their time were over."),
        "change": service(
            "timer", "change", "change", "Makes running timers longer or shorter.",
            {vol.Optional("duration", default=dt.timedelta(0)): time_period},
        ),
    },
    entity=TimerEntity,
    virtual=virtual({"start": to(ACTIVE), "pause": to(PAUSED), "cancel": to(IDLE), "finish": to(IDLE)}),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)  # fmt: skip
