"""`trigger: time_pattern`: whenever hours, minutes and seconds match: `5`, `*`, or `/5` for every fifth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.actors import CLOCK_SET, Timer
from marge.automations import fields
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Config, Trigger, TriggerKind
from marge.automations.triggers._local_time import next_match
from marge.util.dt import from_epoch


def _pattern(most: int) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value == "*":
            return value
        text = str(value)
        every = text.startswith("/")
        try:
            number = int(text[1:] if every else text)
        except ValueError as exc:
            raise vol.Invalid("invalid time_pattern value") from exc
        if not 0 <= number <= most:
            raise vol.Invalid(f"must be a value between 0 and {most}")
        return f"/{number}" if every else number

    return check


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Optional("hours"): _pattern(23),
            vol.Optional("minutes"): _pattern(59),
            vol.Optional("seconds"): _pattern(59),
        },
        fields.at_least_one_of("hours", "minutes", "seconds"),
    )
)


def matching(pattern: Any, size: int) -> tuple[int, ...]:
    """The values below `size` that `pattern` stands for."""
    if pattern is None or pattern == "*":
        return tuple(range(size))
    if isinstance(pattern, str):
        step = int(pattern[1:])
        return tuple(range(0, size, step)) if step else ()
    return (pattern,)


def _patterns(config: Config) -> tuple[Any, Any, Any]:
    """What is left out below the finest given unit is zero: `hours: 5` means 05:00:00."""
    hours, minutes, seconds = config.get("hours"), config.get("minutes"), config.get("seconds")
    if minutes is None and seconds is None:
        minutes = 0
    if seconds is None:
        seconds = 0
    return hours, minutes, seconds


class _PatternTrigger:
    def __init__(self, trigger: Trigger, host: TriggerHost) -> None:
        self._trigger = trigger
        self._host = host
        hours, minutes, seconds = _patterns(trigger.config)
        self._matching = (matching(hours, 24), matching(minutes, 60), matching(seconds, 60))
        self._timer: Timer | None = None
        self._due: float | None = None
        host.subscribe(CLOCK_SET, lambda _: self._arm())
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        home = self._host.home
        self._due = next_match(home.clock.home_now(), home.config.time_zone, *self._matching)
        self._timer = None if self._due is None else self._host.at(self._due, self._elapsed)

    def _elapsed(self, _message: Any) -> None:
        home = self._host.home
        due = self._due
        if due is not None and home.clock.home_now() >= due - 0.001 and not self._host.jumped_over(due):
            now = from_epoch(home.clock.home_now()).astimezone(home.config.time_zone)
            self._host.fire(self._trigger, {"platform": "time_pattern", "now": now, "description": "time pattern"})
        self._arm()


def _attach(trigger: Trigger, host: TriggerHost) -> None:
    _PatternTrigger(trigger, host)


TRIGGER = TriggerKind(_SCHEMA, _attach)
