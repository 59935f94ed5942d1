"""An actor that looks at something again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from marge.actors import PinnedActor

if TYPE_CHECKING:
    from marge.actors import Timer


class _Look(NamedTuple):
    """The timer."""


class PeriodicWatch(PinnedActor):
    """Calls `look` every `every_s` seconds, first after `first_after_s`. Owns its timer; takes nothing else."""

    every_s: ClassVar[float]
    first_after_s: ClassVar[float] = 0.0
    _timer: Timer | None = None

    def look(self) -> None:
        """In its own greenlet: it may wait. What it raises ends the actor, and its supervisor begins it anew."""
        raise NotImplementedError

    def on_start(self) -> None:
        self._next_look(self.first_after_s)

    def on_stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        self.on_stop()

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, _Look):
            raise TypeError(f"{type(self).__name__} does not take {message!r}")
        self.look()
        self._next_look(self.every_s)

    def _next_look(self, delay_s: float) -> None:
        if delay_s <= 0:
            self.actor_ref.tell(_Look())
        else:
            self._timer = self.system.clock.after(delay_s, self.actor_ref, _Look())
