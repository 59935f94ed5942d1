"""What thermostats and hygrostats made of a sensor and a switch share: when the switch may turn, and turning it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.actors import Timer
from marge.entities import Report
from marge.errors import MargeError
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.integrations")

LOOK_AFTER_S = 1.0
"""A cycle that may not end yet is looked at again this long after it may."""


class SwitchControl(FollowingEntity):
    """Follows a sensor and a switch, in this order. Options: `min_cycle_duration`, `keep_alive`."""

    _look_timer: Timer | None = None
    _alive_timer: Timer | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any], sensor: str, switch: str) -> None:
        super().__init__(home, conf)
        self.follow(sensor, switch)
        self._cycle_s = forms.seconds_of(conf.get("min_cycle_duration"))
        self._alive_s = forms.seconds_of(conf.get("keep_alive"))

    # -- hooks -------------------------------------------------------------------------------------------------------

    def wants_control(self) -> bool:
        """Whether it is on: only then the switch is told again and again what it should be."""
        raise NotImplementedError

    def control(self, context: Context | None = None, at_once: bool = False) -> None:
        """Turn the switch when what is measured has left its band; `at_once`: a person asked for it."""
        raise NotImplementedError

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def on_add(self) -> None:
        super().on_add()
        self._keep_alive()

    def on_remove(self) -> None:
        super().on_remove()
        for timer in (self._look_timer, self._alive_timer):
            if timer is not None:
                timer.cancel()
        self._look_timer = self._alive_timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "look" in values:
            self.control()
            self.refresh()
        elif "keep_alive" in values:
            self._alive_timer = None
            self._keep_alive()
            if self.wants_control():
                self.turn(self.is_running, None)
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        self.control(event.context)

    def report_after(self, delay_s: float, what: str) -> Timer:
        """A report of that name to itself, later."""
        message = Report({what: True})
        return self.home.clock.after(delay_s, lambda _message: self.tell(message))

    @property
    def is_running(self) -> bool:
        """Whether the switch is on."""
        state = self.home.states.find(self.followed[1])
        return state is not None and state.state == "on"

    def hold(self, is_low: bool, is_high: bool, lowers: bool, context: Context | None, at_once: bool) -> None:
        """Turn the switch when what it `lowers`, or raises, has left its band; not too soon unless `at_once`."""
        if not at_once and self._is_too_soon():
            return
        wants_on, wants_off = (is_high, is_low) if lowers else (is_low, is_high)
        if self.is_running:
            if wants_off:
                self.turn(False, context)
        elif wants_on:
            self.turn(True, context)

    def _is_too_soon(self) -> bool:
        """Whether the switch has changed so lately that it must stay as it is; then it is looked at again."""
        state = self.home.states.find(self.followed[1])
        if self._cycle_s <= 0 or state is None:
            return False
        left = state.last_changed + self._cycle_s - self.home.clock.now()
        if left <= 0:
            return False
        if self._look_timer is not None:
            self._look_timer.cancel()
        self._look_timer = self.report_after(left + LOOK_AFTER_S, "look")
        return True

    def turn(self, on: bool, context: Context | None) -> None:
        """Turn the switch, without waiting for it. A failure is logged."""
        home, switch = self.home, self.home.states.current_id(self.followed[1])

        def run() -> None:
            try:
                service = "turn_on" if on else "turn_off"
                home.services.call("homeassistant", service, {"entity_id": [switch]}, context=context or Context.new())
            except (MargeError, ValueError) as exc:
                log.warning("a switch cannot be turned", entity_id=self.entity_id, switch=switch, error=str(exc))

        gevent.spawn(run)

    def _keep_alive(self) -> None:
        if self._alive_s > 0 and self._alive_timer is None:
            self._alive_timer = self.report_after(self._alive_s, "keep_alive")
