"""What `wait_template` and `wait_for_trigger` share: a queue of what happens, worked off in the run's own greenlet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
import voluptuous as vol
from gevent.queue import SimpleQueue

from marge.automations import fields
from marge.automations.actions.delay import rendered_period
from marge.automations.errors import ScriptAborted
from marge.automations.hosts import Fired, TriggerHost
from marge.automations.runner import Step

log = structlog.get_logger("marge.automations")

MAX_WAITING_EVENTS = 1_000

TIMEOUT_FIELDS: dict[Any, Any] = {
    vol.Optional("timeout"): fields.period_or_template,
    vol.Optional("continue_on_timeout"): fields.boolean,
}


class Waiting:
    """A host of triggers inside a run. Their handlers run here, while the run waits."""

    def __init__(self, step: Step, fired: Fired) -> None:
        self._step = step
        self._queue: SimpleQueue[Any] = SimpleQueue()
        self.timeout_s: float | None = None
        if "timeout" in step.config:
            self.timeout_s = rendered_period(step, step.config["timeout"], "timeout")
        self._deadline = None if self.timeout_s is None else self._now() + self.timeout_s
        self.host = TriggerHost(
            step.home, step.run.label, step.scope.flat(), self._enqueue, fired,
            place=lambda _path: step.run.place(step.path),
        )

    def _now(self) -> float:
        return self._step.home.clock.monotonic()

    def _enqueue(self, handler: Callable[[Any], None], argument: Any) -> None:
        if self._queue.qsize() < MAX_WAITING_EVENTS:
            self._queue.put((handler, argument))
        else:
            log.warning("too many events for a waiting run; one is dropped", automation=self._step.run.label)

    def remaining(self) -> float | None:
        """Seconds left of the time-out; None without one."""
        if self._deadline is None:
            return None
        speed = self._step.home.clock.home_speed
        return max(0.0, self.timeout_s - (self._now() - self._deadline + self.timeout_s) * speed)  # type: ignore[operator]

    def wait(self, is_over: Callable[[], bool]) -> bool:
        """Work off what happens until `is_over()` or the time is up. True when it is over."""
        self._step.run.begin_waiting(rests=self.timeout_s is None or self.timeout_s > 0)
        timed_out: list[bool] = []
        if self.timeout_s is not None:
            if self.timeout_s <= 0:
                return False
            self.host.after(self.timeout_s, lambda _: timed_out.append(True))
        while not is_over() and not timed_out:
            handler, argument = self._queue.get()
            handler(argument)
        return is_over()


def give_up(step: Step) -> None:
    """The time is up: end the run, if the action says so.

    Raises:
        ScriptAborted: `continue_on_timeout: false`.
    """
    if step.config.get("continue_on_timeout", True):
        return
    step.trace.update_result(timeout=True)
    raise ScriptAborted("TimeoutError")
