"""Devices that take their time: what they do later happens in the entity's own turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from marge.actors import Future, Timer
from marge.entities import Entity

if TYPE_CHECKING:
    from marge.home import Home


class Job:
    """Something that will happen. `cancel()` holds even when the clock has rung and the turn is not yet here."""

    def __init__(self, action: Callable[[], None]) -> None:
        self.action = action
        self.timer: Timer | None = None
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
        if self.timer is not None:
            self.timer.cancel()


class SlowEntity(Entity):
    """An entity with at most one thing going on. A new thing ends the old one."""

    home: Home
    _job: Job | None = None
    _done: Future | None = None

    def later(self, delay_s: float, action: Callable[[], None]) -> None:
        """Run `action` in this entity's turn after `delay_s` seconds, instead of what was planned before."""
        self.hold()
        job = self._job = Job(action)
        job.timer = self.home.clock.after(delay_s, self._ring, job)

    def slowly(self, delay_s: float, action: Callable[[], None]) -> Future:
        """As `later`; the caller of the service waits until it is done."""
        self.later(delay_s, action)
        self._finish()
        self._done = Future()
        return self._done

    def hold(self) -> None:
        """Forget what was planned."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _finish(self) -> None:
        """What was going on is over: whoever waits for it goes on."""
        done, self._done = self._done, None
        if done is not None:
            done.set(None)

    def _ring(self, job: Job) -> None:
        """Called by the clock: the rest happens in the entity's own turn."""
        self.home.entities.report(self.entity_id, due=job)

    def apply(self, values: Mapping[str, Any]) -> None:
        job = values.get("due")
        if not isinstance(job, Job):
            super().apply(values)
        elif not job.cancelled:
            if self._job is job:
                self._job = None
            job.action()
            if self._job is None:
                self._finish()

    def interrupted(self) -> None:
        """What was going on will not be finished: show that nothing is."""

    def on_remove(self) -> None:
        self.hold()
        self.interrupted()
        self._finish()
        super().on_remove()
