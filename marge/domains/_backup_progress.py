"""What goes on with backups, one thing at a time, and who is told of each step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from marge.backup.meter import Meter
from marge.errors import HomeError

IDLE, CREATING, RECEIVING, RESTORING = "idle", "create_backup", "receive_backup", "restore_backup"
MANAGER_ERROR, UNKNOWN_ERROR = "backup_manager_error", "unknown_error"
MAX_LISTENERS = 1000


class PasswordIncorrect(HomeError):
    """A protected backup does not open with what was given."""


class ManagerBusy(HomeError):
    """Something else is going on with backups."""


class Progress:
    """The state and its steps. On the hub; nothing here waits.

    Attributes:
        state: `idle`, or what goes on.
        last_event: the latest step, also of what has ended.
        meter: how far it is.
        problem: why the last of it failed, in words.
    """

    def __init__(self) -> None:
        self.state = IDLE
        self.last_event: dict[str, Any] | None = None
        self.meter = Meter()
        self.problem: str | None = None
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        self._watchers: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call `listener` with each step; at once with the present one. It must not wait. Returns how to end that.

        Raises:
            HomeError: too many listen already.
        """
        if len(self._listeners) >= MAX_LISTENERS:
            raise HomeError("too many subscriptions")
        self._listeners.append(listener)
        listener({"manager_state": IDLE} if self.state == IDLE or self.last_event is None else self.last_event)
        return lambda: _drop(self._listeners, listener)

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` when the state or the schedule has changed. It must not wait. Returns how to end that."""
        self._watchers.append(watcher)
        return lambda: _drop(self._watchers, watcher)

    def begin(self, state: str, stage: str | None = None) -> None:
        """Something begins that nothing else may meet.

        Raises:
            ManagerBusy: something else is going on.
        """
        if self.state != IDLE:
            raise ManagerBusy(f"Backup manager busy: {self.state}")
        self.state = state
        self.problem = None
        self.meter = Meter()
        self.tell("in_progress", stage=stage)

    def tell(self, state: str, reason: str | None = None, stage: str | None = None) -> None:
        """A step."""
        self.last_event = {"manager_state": self.state, "reason": reason, "stage": stage, "state": state}
        for listener in tuple(self._listeners):
            listener(self.last_event)
        self.changed()

    def end(self, state: str, reason: str | None = None, problem: str | None = None) -> None:
        """The last step."""
        self.problem = problem
        self.tell(state, reason)
        self.state = IDLE
        for listener in tuple(self._listeners):
            listener({"manager_state": IDLE})
        self.changed()

    def changed(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    @contextmanager
    def busy(self, state: str, stage: str | None = None, goes_on: bool = False) -> Iterator[None]:
        """From `begin` to `end`, which says whether the block raised.

        Args:
            goes_on: what succeeds is not the end of it.
        """
        self.begin(state, stage)
        try:
            yield
        except BaseException as exc:
            expected = MANAGER_ERROR if isinstance(exc, HomeError) else UNKNOWN_ERROR
            self.end("failed", "password_incorrect" if isinstance(exc, PasswordIncorrect) else expected, str(exc))
            raise
        if not goes_on:
            self.end("completed")

    def remember(self, state: str, problem: str | None) -> None:
        """How something went that ended before this process began."""
        self.problem = problem
        reason = None if problem is None else UNKNOWN_ERROR
        result = "completed" if problem is None else "failed"
        self.last_event = {"manager_state": state, "reason": reason, "stage": None, "state": result}


def _drop(listeners: list[Any], listener: Any) -> None:
    with suppress(ValueError):
        listeners.remove(listener)
