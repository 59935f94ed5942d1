"""`for:` of state triggers: something must stay true for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.automations import rendering
from marge.automations.hosts import TriggerHost
from marge.automations.periods import positive_time_period
from marge.errors import MargeError
from marge.model import STATE_CHANGED, Event

log = structlog.get_logger("marge.automations")


def period_of(host: TriggerHost, value: Any, data: dict[str, Any]) -> timedelta | None:
    """`for:` rendered; None (and a logged error) when it gives no length of time."""
    try:
        variables = {**host.variables, "trigger": data}
        return positive_time_period(rendering.render(host.home, value, variables, rendering.TURN_BUDGET_S))
    except (MargeError, vol.Invalid) as exc:
        log.error(f"Error rendering '{host.label}' for template: {exc}", automation=host.label)
        return None


class Hold:
    """Waits `period` and then calls `done`, unless a change of the entity fails `still(event)` before."""

    def __init__(
        self,
        host: TriggerHost,
        entity_id: str,
        period: timedelta,
        still: Callable[[Event], bool],
        done: Callable[[], None],
    ) -> None:
        self._host = host
        self._still = still
        self._done = done
        self._over = False
        self._subscription: Subscription = host.subscribe(STATE_CHANGED, self._changed, entity_id)
        self._timer: Timer = host.after(period.total_seconds(), self._elapsed)

    def cancel(self) -> None:
        if not self._over:
            self._over = True
            self._timer.cancel()
            self._host.unsubscribe(self._subscription)

    def _changed(self, event: Event) -> None:
        if not self._over and not self._still(event):
            self.cancel()

    def _elapsed(self, _message: Any) -> None:
        if not self._over:
            self.cancel()
            self._done()
