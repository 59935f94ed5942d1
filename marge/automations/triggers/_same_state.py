"""`for:` of state triggers: something must stay true for a while, a restart of the home notwithstanding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.automations.holds import Record
from marge.automations.hosts import TriggerHost
from marge.automations.kinds import Trigger
from marge.automations.periods import positive_time_period
from marge.errors import MargeError
from marge.model import STATE_CHANGED, Event, State

log = structlog.get_logger("marge.automations")

NOT_THERE_YET = frozenset(("unavailable", "unknown"))
"""What an entity shows after a restart until its device has been heard of."""


def period_of(host: TriggerHost, trigger: Trigger, data: dict[str, Any]) -> timedelta | None:
    """`for:` rendered; None (and a logged error) when it gives no length of time."""
    try:
        return positive_time_period(host.environment({"trigger": data}).render(trigger.config["for"]))
    except (MargeError, vol.Invalid) as exc:
        path = f"trigger/{trigger.index}"
        log.error(
            f"Error rendering '{host.label}' for template: {exc}",
            automation=host.label,
            step=path,
            where=host.place(path),
        )
        return None


def begun(host: TriggerHost, period: timedelta, data: Mapping[str, Any], event: Event | None,
          values: tuple[Any, Any] = (None, None)) -> Record:
    """The record of a trigger that begins to wait now."""
    seconds = period.total_seconds()
    context = None if event is None else event.context
    return Record(host.home.clock.home_now() + seconds, seconds, data, values, context)


def data_of(record: Record) -> dict[str, Any]:
    """What the `trigger` variable holds when the waiting is over."""
    return {**record.data, "for": timedelta(seconds=record.period_s)}


class Hold:
    """Waits until `record` is due and then fires, unless a change of the entity fails `still(state)` before.

    A hold from before a restart (`resumes`) first looks whether what it waited on is still so. While the entity has not
    been heard of it waits for that, too. What came due meanwhile fires at once.
    """

    def __init__(
        self,
        host: TriggerHost,
        trigger: Trigger,
        entity_id: str,
        record: Record,
        still: Callable[[State | None], bool],
        resumes: bool = False,
    ) -> None:
        self._host = host
        self._trigger = trigger
        self._key = entity_id
        self._record = record
        self._still = still
        self._timer: Timer | None = None
        self._over = False
        self._awaits_state = False
        self._continued_by: Event | None = None
        self._subscription: Subscription = host.subscribe(STATE_CHANGED, self._changed, entity_id)
        if not resumes:
            host.note_hold(trigger, entity_id, record)
            self._timer = host.after(record.period_s, self._elapsed)
            return
        state = host.home.states.find(entity_id)
        if still(state):
            self._go_on()
        elif state is None or state.state in NOT_THERE_YET:
            self._awaits_state = True
        else:
            self.cancel()

    def cancel(self) -> None:
        """It is over, and will not fire."""
        if self._over:
            return
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self._host.unsubscribe(self._subscription)
        self._host.drop_hold(self._trigger, self._key)

    def goes_on_with(self, event: Event) -> bool:
        """Whether this change is no new one: the first word of an entity since the restart, and all is as it was."""
        if self._awaits_state:
            self._changed(event)
        return not self._over and self._continued_by is event

    def _go_on(self) -> None:
        # By the time of the day, which went on while the home was not there.
        left = self._record.due - self._host.home.clock.home_now()
        self._timer = self._host.after(max(0.0, left), self._elapsed)

    def _changed(self, event: Event) -> None:
        if self._over:
            return
        state: State | None = event.data["new_state"]
        if self._awaits_state:
            if state is None or state.state in NOT_THERE_YET:
                return
            self._awaits_state = False
            if self._still(state):
                self._continued_by = event
                self._go_on()
                return
        if event is not self._continued_by and not self._still(state):
            self.cancel()

    def _elapsed(self, _message: Any) -> None:
        if not self._over:
            self.cancel()
            self._host.fire(self._trigger, data_of(self._record), self._record.context)
