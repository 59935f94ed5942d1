"""The seam for traces: the runner and the conditions report each step with its path to a `Tracer`.

`Tracer` forgets everything; `RecordingTracer` keeps the steps. Storing and serving traces: `marge.automations.traces`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marge.automations.runner import ScriptRun


class TraceStep:
    """One execution of one step."""

    __slots__ = ("changed_variables", "child_id", "error", "path", "result", "time")

    def __init__(self, path: str, time: float) -> None:
        self.path = path
        self.time = time  # UTC epoch seconds
        self.result: dict[str, Any] | None = None
        self.error: str | None = None
        self.changed_variables: dict[str, Any] | None = None
        self.child_id: dict[str, str] | None = None

    def set_result(self, **values: Any) -> None:
        """What came of it: replaces an earlier result."""
        self.result = values

    def update_result(self, **values: Any) -> None:
        """More of what came of it."""
        self.result = {**(self.result or {}), **values}

    def set_error(self, error: object) -> None:
        self.error = str(error)


class _Forgetful(TraceStep):
    __slots__ = ()

    def set_result(self, **values: Any) -> None:
        pass

    def update_result(self, **values: Any) -> None:
        pass

    def set_error(self, error: object) -> None:
        pass


_NOWHERE = _Forgetful("", 0.0)


class Tracer:
    """Forgets everything it is told. Override `step` to keep it."""

    __slots__ = ()

    records = False
    watched = False
    """Somebody debugs the run: `before_step` is to be called."""

    def begins(self, run: ScriptRun, changed: Mapping[str, Any]) -> None:
        """A run begins. `changed`: the variables that its first step has and the trigger's step did not."""

    def before_step(self, run: ScriptRun, path: str) -> None:
        """A step is about to be done, in the run's greenlet. May wait."""

    def step(self, path: str) -> TraceStep:
        """A step begins. Fill in the returned object."""
        return _NOWHERE

    def variable_changed(self, path: str, name: str, value: Any) -> None:
        """The step at `path` assigned a variable of the run."""

    def finished(self, execution: str, error: str | None = None) -> None:
        """The run is over: `finished`, `aborted`, `error`, `cancelled`, `failed_conditions`, `failed_single`,
        `failed_max_runs`."""


class RecordingTracer(Tracer):
    """Keeps every step, in order of begin."""

    __slots__ = ("_now", "error", "execution", "steps")

    records = True

    def __init__(self, now: Any) -> None:
        self._now = now
        self.steps: list[TraceStep] = []
        self.execution: str | None = None
        self.error: str | None = None

    def step(self, path: str) -> TraceStep:
        step = TraceStep(path, self._now())
        self.steps.append(step)
        return step

    def variable_changed(self, path: str, name: str, value: Any) -> None:
        for step in reversed(self.steps):
            if step.path == path:
                step.changed_variables = {**(step.changed_variables or {}), name: value}
                return

    def finished(self, execution: str, error: str | None = None) -> None:
        self.execution = execution
        self.error = error

    def by_path(self) -> dict[str, list[TraceStep]]:
        """The steps under their paths."""
        found: dict[str, list[TraceStep]] = {}
        for step in self.steps:
            found.setdefault(step.path, []).append(step)
        return found
