"""What an automation and a script share: an entity, a mode, and runs, each a pinned child of its own.

What starts a run is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from gevent.event import Event as GreenletEvent

from marge.actors import ChildSpec, Future, PinnedActor, Restart, Supervisor
from marge.actors.messages import ChildEnded
from marge.automations.chains import complaint
from marge.automations.places import place_of_run
from marge.automations.runner import CANCELLED, ERROR, ScriptRun, error_text
from marge.automations.tracing import Tracer
from marge.automations.validation import ScriptConfig
from marge.entities.messages import Report
from marge.errors import NotFound, Overloaded
from marge.model import Context

if TYPE_CHECKING:
    from marge.entities import Entity
    from marge.home import Home

log = structlog.get_logger("marge.automations")

FIRST_WRITE_TIMEOUT_S = 1.0
"""A run waits this long for its entity to show that it runs; then it goes on regardless."""
RUN_SHUTDOWN_S = 2.0
NOTHING: Mapping[str, Any] = MappingProxyType({})


class RunEnded(NamedTuple):
    """A run is over. Told to its owner by the run's actor."""

    run: ScriptRun


class Perform(NamedTuple):
    """Begin. Told by the run's actor to itself, so that its start is quick."""


class RunActor(PinnedActor):
    """One run of an automation or a script, in a greenlet of its own. Takes `Perform`, once, and stops by itself.

    It is temporary: a run that fails is not started again, and nobody else notices.
    """

    def __init__(self, run: ScriptRun, owner: str) -> None:
        self.run = run
        self._owner = owner

    def on_start(self) -> None:
        self.actor_ref.tell(Perform())

    def on_receive(self, message: Any) -> None:
        run = self.run
        try:
            if run.shown is not None:
                _wait_for(run.shown)
                run.shown = None
            with self.waiting_for("its actions"):
                run.execute()
        finally:
            run.stop()  # when the wait above was cut short; else nothing
            self.system.tell(self._owner, RunEnded(run))
        self.stop()

    def describe(self) -> dict[str, Any]:
        return self.run.describe()


def _wait_for(future: Future) -> None:
    shown = GreenletEvent()
    future.link(lambda _result: shown.set())
    shown.wait(FIRST_WRITE_TIMEOUT_S)


class ScriptOwner(Supervisor):
    """Owns one entity and its runs. Takes `RunEnded` besides what a supervisor takes.

    A crash of it ends no run: its successor adopts them, and shows them as running until they end.
    """

    trace_root = "action"

    def __init__(self, home: Home, entity: Entity, label: str, script: ScriptConfig) -> None:
        super().__init__(stop_together=True)
        self.home = home
        self._owned = entity
        self.label = label
        self.script = script
        self.runs: list[ScriptRun] = []
        self._by_name: dict[str, ScriptRun] = {}
        self._queued: list[tuple[ScriptRun, Future | None]] = []
        self._run_number = 0
        self._last_context: Context | None = None

    def on_start(self) -> None:
        # Looking for a predecessor's runs walks all actors: only when it can have left some.
        if self.showed_running():
            super().on_start()
            for name in self.child_names():
                child = self.system.actor(f"{self.path}/{name}")
                if isinstance(child, RunActor):
                    self._by_name[name] = child.run
            self.runs = list(self._by_name.values())
            self.show(None, running=len(self.runs))

    @property
    def entity_id(self) -> str:
        """Its entity's id now; the user may have renamed it since."""
        return self._owned.entity_id

    # -- starting runs -----------------------------------------------------------------------------------------------

    def begin(
        self,
        variables: dict[str, Any],
        context: Context,
        tracer: Tracer,
        starting: Callable[[], dict[str, Any]],
        stack: tuple[str, ...] = (),
        first_shows: Mapping[str, Any] = NOTHING,
    ) -> ScriptRun | None:
        """Start a run, or queue it, or refuse it, as the mode says.

        Args:
            first_shows: variables that the trace's first step shows as new, beside the context.
            starting: called when it is not refused; returns what the entity shows of it.
        """
        self._last_context = context
        refusal = self._refusal(stack)
        if refusal is not None:
            execution, text = refusal
            self._log_refusal(text)
            tracer.finished(execution)
            return None
        run = ScriptRun(
            self.home, self.label, self.script.sequence, {**variables, "context": context}, context, self.trace_root,
            tracer,
            # Each once, however often they have called each other.
            self.run_waits, (*(each for each in stack if each != self.entity_id), self.entity_id),
        )
        tracer.begins(run, {**first_shows, "context": context})
        waits = self.script.mode == "queued" and bool(self.runs)
        replaced: list[ScriptRun] = []
        if self.script.mode == "restart":
            replaced, self.runs = self.runs, []  # they are on their way out, and not counted any more
        self.runs.append(run)
        shown = self.show(context, **starting())
        if waits:
            self._queued.append((run, None))
            return run
        self._spawn(run, shown)
        for other in replaced:
            other.stop()
        return run

    def cut_off(self, path: str) -> str:
        """Say that one run too many followed from others; what is said, for the trace."""
        text = complaint()
        where = place_of_run(self.home, self.entity_id, path)
        log.error(f"{self.label}: {text}", automation=self.label, entity_id=self.entity_id, step=path, where=where)
        return text

    def _refusal(self, stack: tuple[str, ...]) -> tuple[str, str] | None:
        mode = self.script.mode
        if mode == "single" and self.runs:
            return "failed_single", "Already running"
        if mode in ("queued", "parallel") and len(self.runs) >= self.script.max_runs:
            return "failed_max_runs", "Maximum number of runs exceeded"
        if mode in ("restart", "queued") and self.entity_id in stack:
            return "failed_max_runs", "Disallowed recursion detected"
        return None

    def _log_refusal(self, text: str) -> None:
        level = self.script.max_exceeded
        if level != "silent":
            getattr(log, level)(f"{self.label}: {text}", automation=self.entity_id)

    def _spawn(self, run: ScriptRun, shown: Future | None) -> None:
        self._run_number += 1
        name = f"run-{self._run_number}"
        while self.system.ref(f"{self.path}/{name}") is not None:  # a predecessor's, still running
            self._run_number += 1
            name = f"run-{self._run_number}"
        run.shown = shown
        spec = ChildSpec(name, RunActor, (run, self.path), restart=Restart.TEMPORARY, shutdown_s=RUN_SHUTDOWN_S)
        self._by_name[name] = run
        self.system.spawn(spec, self.path)

    # -- ending runs -------------------------------------------------------------------------------------------------

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, RunEnded):
            return self._run_ended(message.run)
        if isinstance(message, ChildEnded):
            run = self._by_name.pop(message.name, None)
            super().on_receive(message)
            if run is not None and run in self.runs:  # killed before its first turn: it could not tell
                run.stop()
                self._run_ended(run)
            return None
        return super().on_receive(message)

    def _run_ended(self, run: ScriptRun) -> None:
        if run.execution == ERROR and run.error is not None:
            log.error(
                f"Error while executing {self.entity_id}: {error_text(run.error)}",
                automation=self.entity_id,
                step=run.step_path,
                where=run.place(run.step_path),
            )
        if run in self.runs:
            self.runs.remove(run)
        future = self.show(self._last_context or run.context, **self.run_over(run))
        if future is None:
            run.settle()
        else:
            # Whoever waits for the run shall read the entity as it is after it.
            future.link(lambda _result: run.settle())
        self._next_queued(future)

    def _next_queued(self, shown_before: Future | None) -> None:
        """The next one begins once the entity shows that the one before it is over."""
        while self._queued:
            run, shown = self._queued.pop(0)
            if run.execution is None:
                self._spawn(run, shown or shown_before)
                return

    def stop_runs(self) -> None:
        """Stop all runs at the point where they wait. Does not wait for them."""
        queued, self._queued = self._queued, []
        for run in list(self.runs):
            run.stop()
        for run, _shown in queued:
            self._run_ended(run)

    def on_stop_request(self) -> bool:
        self.before_stop()
        self.stop_runs()
        return super().on_stop_request()

    # -- the entity --------------------------------------------------------------------------------------------------

    def show(self, context: Context | None, **values: Any) -> Future | None:
        """Let the entity show these values. Does not wait; the future is ready when it does."""
        path = f"{self.home.entities.path}/{self.entity_id}"
        if not values or self.system.ref(path) is None:
            return None
        try:
            return self.system.ask_later(path, Report(values, context))
        except (NotFound, Overloaded):
            return None

    @property
    def is_full(self) -> bool:
        """Whether one more run would be refused, or replace another."""
        if self.script.mode in ("single", "restart"):
            return bool(self.runs)
        return len(self.runs) >= self.script.max_runs

    def is_beginning(self, run: ScriptRun) -> bool:
        """Whether the run was started, and has not got its first turn yet."""
        return run.execution is None and not run.steps and not any(run is each for each, _shown in self._queued)

    @property
    def running(self) -> int:
        return len(self.runs)

    def describe(self) -> dict[str, Any]:
        return {
            **super().describe(),
            "entity_id": self.entity_id,
            "name": self.label,
            "mode": self.script.mode,
            "running": len(self.runs),
            "queued": len(self._queued),
            "started": self._run_number,
        }

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def showed_running(self) -> bool:
        """Whether the entity shows runs, which a predecessor must have started."""
        return False

    def run_over(self, run: ScriptRun) -> dict[str, Any]:
        """What the entity shows now that `run` is over."""
        return {}

    def run_waits(self, run: ScriptRun) -> Future | None:
        """A run begins to wait. Called in the run's greenlet. The future is ready when the entity shows it."""
        return None

    def before_stop(self) -> None:
        """The owner is about to stop."""


__all__ = ["CANCELLED", "RunActor", "RunEnded", "ScriptOwner"]
