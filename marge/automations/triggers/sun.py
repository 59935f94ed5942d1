"""`trigger: sun`: at sunrise or sunset, or some time before or after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import voluptuous as vol

from marge.actors import CLOCK_SET, Timer
from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger, TriggerKind
from marge.automations.sun_times import find_next, forget, place_of
from marge.model import Event

_SCHEMA = vol.Schema(
    {
        vol.Required("event"): vol.All(vol.Lower, vol.In(["sunrise", "sunset"])),
        vol.Optional("offset", default=timedelta(0)): fields.signed_period,
    }
)
_RETRY_S = 86_400.0
"""Where the sun does not rise or set within a year (a pole), look again a day later."""


class _SunTrigger:
    """One attached sun trigger: it asks for the next event and arms a timer when the answer comes."""

    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        self._trigger = trigger
        self._host = host
        self._event = trigger.config["event"]
        self._offset = trigger.config["offset"].total_seconds()
        self._timer: Timer | None = None
        self._due: float | None = None
        self._asked = 0
        self._place = place_of(host.home)
        host.subscribe(CLOCK_SET, self._clock_set)
        host.subscribe("core_config_updated", self._moved)
        host.at_close(lambda: forget(host.home, self))
        self._ask(host.home.clock.home_now())

    def _ask(self, after: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._asked += 1
        number = self._asked
        host = self._host

        def deliver(found: float | None) -> None:
            host.post(lambda epoch: self._found(number, epoch), found)

        find_next(host.home, self, self._event, after - self._offset, deliver)

    def _found(self, number: int, epoch: float | None) -> None:
        if number != self._asked:
            return  # the time was set meanwhile, and another answer is on its way
        if epoch is None:
            self._timer = self._host.after(_RETRY_S, lambda _: self._ask(self._host.home.clock.home_now()))
            return
        self._due = epoch + self._offset
        now = self._host.home.clock.home_now()
        if int(self._due // 60) == int(now // 60) and self._due <= now:
            self._fire_and_go_on(now)  # the time was set to this very minute
            return
        self._timer = self._host.at(self._due, self._elapsed)

    def _elapsed(self, _message: Any) -> None:
        due = self._due
        now = self._host.home.clock.home_now()
        if due is None or now < due - 0.001:
            return
        if self._host.jumped_over(due):
            self._ask(now)
            return
        self._fire_and_go_on(max(now, due))

    def _fire_and_go_on(self, now: float) -> None:
        offset = self._trigger.config["offset"]
        data = {
            "platform": "sun",
            "event": self._event,
            "offset": offset,
            "description": f"{self._event} with offset" if offset else self._event,
        }
        self._host.fire_timed(self._trigger, data)
        self._ask(now + 1.0)

    def _moved(self, _event: Event) -> None:
        place = place_of(self._host.home)
        if place != self._place:
            self._place = place
            self._ask(self._host.home.clock.home_now())

    def _clock_set(self, event: Event) -> None:
        self._host.clock_was_set()
        now = self._host.home.clock.home_now()
        # An event in the minute that was set shall fire, also when its second has passed.
        self._ask(now // 60 * 60 - 0.001 if event.data.get("kind") == "home" else now)


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _SunTrigger(trigger, host)


TRIGGER = TriggerKind(_SCHEMA, _attach)
