"""Runs a sequence of actions: one `ScriptRun` is one run of an automation or a script, in its own greenlet.

What an action kind does stands with the kind. Modes and counting runs are the actor's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from time import perf_counter
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol
from gevent.event import Event as GreenletEvent

from marge.automations import rendering
from marge.automations.environment import Environment
from marge.automations.errors import (
    ConditionFailed,
    RunStopped,
    ScriptAborted,
    ScriptStopped,
    SequenceEnded,
)
from marge.automations.evaluate import is_enabled
from marge.automations.kinds import Action
from marge.automations.places import place_of_run
from marge.automations.shared import shared_of
from marge.automations.tracing import Tracer, TraceStep
from marge.automations.variables import Variables
from marge.errors import MargeError, ServiceNotFound, Unauthorized
from marge.model import Context
from marge.util.breathe import SLICE_S

if TYPE_CHECKING:
    from marge.actors import Future
    from marge.home import Home

log = structlog.get_logger("marge.automations")

MAX_STEPS_WITHOUT_WAIT = 1_000_000
"""A run that does this many steps without ever waiting (loops in loops, a `count` of millions) is cut off."""
STEPS_BETWEEN_LOOKS = 8
"""A run that never waits looks at the clock this often, and lets the hub breathe when its slice is over."""

_CURRENT: ContextVar[ScriptRun | None] = ContextVar("marge_run", default=None)
# Greenlets copy the context of the one that made them, so a parallel branch knows its run.

FINISHED, ABORTED, ERROR, CANCELLED = "finished", "aborted", "error", "cancelled"


class Step:
    """One action being done: what a kind of action gets.

    Attributes:
        run: the run it belongs to.
        config: the action's validated configuration.
        path: where it stands, as in HA's traces: `action/0/choose/1/sequence/0`.
        position: its place in its sequence, from 0.
        scope: the variables that it sees and may assign.
        trace: to be filled with what came of it.
    """

    __slots__ = ("action", "config", "path", "position", "run", "scope", "trace")

    def __init__(self, run: ScriptRun, action: Action, path: str, scope: Variables, trace: TraceStep) -> None:
        self.run = run
        self.action = action
        self.config = action.config
        self.path = path
        self.position = int(path.rpartition("/")[2]) if path[-1].isdigit() else 0
        self.scope = scope
        self.trace = trace

    @property
    def home(self) -> Home:
        return self.run.home

    def environment(self) -> Environment:
        """For the conditions of this step."""
        return Environment(self.run.home, self.scope, self.run.label, self.run.tracer, place=self.run.place)

    def render(self, value: Any) -> Any:
        """A value with its templates rendered.

        Raises:
            TemplateError: a template failed.
        """
        return rendering.render(self.run.home, value, self.scope.flat(), rendering.RUN_BUDGET_S)

    def note(self, what: str) -> None:
        """What the run does now, for `last_action`: the alias if the user gave one."""
        self.run.last_action = self.action.alias or what

    def assign(self, name: str, value: Any) -> None:
        """Set a variable of the run."""
        self.scope.assign(name, value)
        self.run.changed_variables(self.path, name, value)


class ScriptRun:
    """One run. `execute` runs it in the calling greenlet; `stop` ends it from outside.

    Attributes:
        label: the automation's or script's name, for logs.
        execution: how it ended: finished, aborted, error, cancelled; None while it runs.
        response: what `stop` gave back.
        error: what made it fail, when an error did.
        last_action: what it does now, for people.
        on_waiting: called when the run begins to wait; its future is ready when the owner shows that.
        stack: entity ids of the scripts that called each other, this one last.
        shown: ready when the owner shows that the run is on; the first action waits for it.
        done: set when it has ended; settled: when its owner shows that, too.
    """

    # Thousands may wait at once; a dictionary each would be a kilobyte and more.
    __slots__ = (
        "__weakref__", "_greenlet", "_logged", "_pause_callbacks", "_place", "_repeat", "_rested_before",
        "_settle_callbacks", "_shows_waiting", "_slice_ends", "_steps_then", "_stopped", "context",
        "conversation_response", "done", "error", "execution", "home", "label", "last_action", "on_waiting", "response",
        "rested", "root_path", "scope", "sequence", "settled", "shown", "stack", "step_path", "steps", "tracer",
        "waited",
    )  # fmt: skip

    def __init__(
        self,
        home: Home,
        label: str,
        sequence: Sequence[Action],
        variables: Mapping[str, Any],
        context: Context,
        root_path: str,
        tracer: Tracer | None = None,
        on_waiting: Callable[[ScriptRun], Future | None] | None = None,
        stack: tuple[str, ...] = (),
        place: Callable[[str], str | None] | None = None,
    ) -> None:
        self.home = home
        self.label = label
        self.sequence = sequence
        self.scope = Variables(variables)
        self.context = context
        self.root_path = root_path
        self.tracer = tracer or Tracer()
        self.on_waiting = on_waiting
        self.stack = stack
        self._place = place
        self.execution: str | None = None
        self.response: Any = None
        self.conversation_response: str | None = None
        self.error: BaseException | None = None
        self.last_action: str | None = None
        self.step_path = root_path
        self.steps = 0
        self.waited = 0
        self.rested = 0
        self.shown: Future | None = None
        self.done = GreenletEvent()
        self.settled = GreenletEvent()
        self._pause_callbacks: tuple[Callable[[], None], ...] = ()
        self._settle_callbacks: tuple[Callable[[], None], ...] = ()
        self._shows_waiting: Future | None = None
        self._greenlet: gevent.Greenlet | None = None
        self._stopped = False
        self._logged: BaseException | None = None
        self._repeat: Any = None
        self._slice_ends = 0.0
        self._rested_before = 0
        self._steps_then = 0

    # -- the run -----------------------------------------------------------------------------------------------------

    def execute(self) -> None:
        """Run to the end, in the calling greenlet. Never raises: how it ended is in `execution` and `error`."""
        self._greenlet = gevent.getcurrent()
        before = _CURRENT.set(self)
        try:
            if self._stopped:
                raise RunStopped
            self.run_sequence(self.sequence, self.root_path, self.scope)
            self._end(FINISHED)
        except ScriptStopped as exc:
            self.response = exc.response
            self._end(FINISHED)
        except SequenceEnded as exc:
            self._end(FINISHED if isinstance(exc, ConditionFailed) else ABORTED)
        except (RunStopped, gevent.GreenletExit):
            self._end(CANCELLED)
        except Exception as exc:  # noqa: BLE001 - the border of one run: it is logged where it failed
            self.error = exc
            self._end(ERROR)
        finally:
            self._greenlet = None
            _CURRENT.reset(before)
            if self.execution is None:
                self._end(ERROR)
            self.done.set()
            self._tell_pause()

    def _end(self, execution: str) -> None:
        self.execution = execution
        self.tracer.finished(execution, None if self.error is None else error_text(self.error))

    def stop(self) -> None:
        """End the run at the point where it waits. Returns at once; `done` is set a moment later."""
        if self._stopped or self.execution is not None:
            return
        self._stopped = True
        if self._greenlet is None:
            self._end(CANCELLED)
            self.done.set()
            self._tell_pause()
        elif self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(RunStopped, block=False)

    @property
    def stopping(self) -> bool:
        return self._stopped

    # -- sequences and steps -----------------------------------------------------------------------------------------

    def run_sequence(self, actions: Sequence[Action], path: str, scope: Variables) -> None:
        """Run `actions` one after the other.

        Raises:
            SequenceEnded: one of them ended the sequence, or more.
            Exception: one of them failed.
        """
        for position, action in enumerate(actions):
            self.run_action(action, f"{path}/{position}", scope)

    def run_nested(self, actions: Sequence[Action], path: str, scope: Variables) -> bool:
        """Run a sequence inside an action. A false condition ends this sequence only. False when one did."""
        try:
            self.run_sequence(actions, path, scope)
        except ConditionFailed:
            return False
        return True

    def run_action(self, action: Action, path: str, scope: Variables) -> None:
        """Run one action."""
        self.breathe(path)
        if self._stopped and self._greenlet is gevent.getcurrent():
            raise RunStopped
        self.step_path = path
        trace = self.tracer.step(path)
        if self.tracer.records:
            self._note_repeat(trace, scope)
        step = Step(self, action, path, scope, trace)
        try:
            if self.tracer.watched:
                self.tracer.before_step(self, path)
            if action.enabled is not True and not is_enabled(action.enabled, step.environment()):
                trace.set_result(enabled=False)
                return
            action.kind.run(step)
        except ConditionFailed:
            raise
        except SequenceEnded as exc:
            if isinstance(exc, ScriptAborted):
                trace.set_error(exc)
            raise
        except Exception as exc:  # noqa: BLE001 - the border of one step: logged, and raised unless the user says go on
            self._failed(step, exc)

    def breathe(self, path: str) -> None:
        """One more step: let others have their turn now and then.

        Raises:
            ScriptAborted: the run goes on and on without waiting.
        """
        self.steps += 1
        if self.steps % STEPS_BETWEEN_LOOKS or perf_counter() <= self._slice_ends:
            return
        shared_of(self.home).turns.pause()
        self._slice_ends = perf_counter() + SLICE_S
        if self.rested != self._rested_before:
            self._rested_before, self._steps_then = self.rested, self.steps
        elif self.steps - self._steps_then > MAX_STEPS_WITHOUT_WAIT:
            text = f"run terminated: {MAX_STEPS_WITHOUT_WAIT} steps without waiting"
            log.error(f"{self.label}: {text}", automation=self.label, step=path, where=self.place(path))
            raise ScriptAborted(text)

    def _failed(self, step: Step, exc: Exception) -> None:
        """Log a failure where it happened, once; go on if the action says so."""
        if exc is not self._logged:
            self._logged = exc
            log.error(
                f"{self.label}: Error executing script. {_kind_of(exc)} for {step.action.kind.wire_name}"
                f" at pos {step.position + 1}: {error_text(exc)}",
                automation=self.label,
                step=step.path,
                where=self.place(step.path),
                exc_info=exc if not isinstance(exc, (MargeError, vol.Invalid)) else None,
            )
        # As HA: only what a service or a template reports can be passed over, never a malformed call.
        passable = isinstance(exc, MargeError) and not isinstance(exc, ServiceNotFound)
        if step.action.continue_on_error and passable:
            return
        step.trace.set_error(error_text(exc))
        raise exc

    def place(self, path: str) -> str | None:
        """Where a step stands in the files, for the log."""
        if self._place is not None:
            return self._place(path)
        return place_of_run(self.home, self.stack[-1] if self.stack else None, path)

    def _note_repeat(self, trace: TraceStep, scope: Variables) -> None:
        """A loop's variable is new with each round, and the first step of the round shows it."""
        repeat = scope.get("repeat")
        if repeat is not self._repeat:
            self._repeat = repeat
            if repeat is not None:
                trace.changed_variables = {"repeat": repeat}

    def changed_variables(self, path: str, name: str, value: Any) -> None:
        """The seam for traces: a step assigned a variable."""
        if self.tracer.records:
            self.tracer.variable_changed(path, name, value)

    # -- waiting -----------------------------------------------------------------------------------------------------

    def sleep(self, seconds: float) -> None:
        """Wait in the home's time. The timer is cancelled when the run is stopped meanwhile."""
        self.begin_waiting(rests=seconds > 0)
        if seconds <= 0:
            shared_of(self.home).turns.pause()
            return
        self.home.clock.sleep(seconds, home=True)

    def begin_waiting(self, shown: bool = True, rests: bool = True) -> None:
        """The run is about to wait. Not `shown`: for another run, which its entity does not mention. Not `rests`: it
        only lets others go first."""
        self.waited += 1
        self.rested += rests
        if shown and self.on_waiting is not None:
            self._shows_waiting = self.on_waiting(self)
        self._tell_pause()

    def on_first_pause(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the run waits for the first time, or ends. It must not wait."""
        if self.waited or self.execution is not None:
            callback()
        else:
            self._pause_callbacks += (callback,)

    def on_first_pause_shown(self, callback: Callable[[], None]) -> None:
        """As `on_first_pause`, once the run's owner shows that it waits, or is over."""

        def pauses() -> None:
            if self.execution is not None:
                self._settle_callbacks += (callback,)
                if self.settled.is_set():
                    self.settle()
            elif self._shows_waiting is not None:
                self._shows_waiting.link(lambda _result: callback())
            else:
                callback()

        self.on_first_pause(pauses)

    def _tell_pause(self) -> None:
        callbacks, self._pause_callbacks = self._pause_callbacks, ()
        for callback in callbacks:
            callback()

    def settle(self) -> None:
        """The owner shows that the run is over."""
        self.settled.set()
        callbacks, self._settle_callbacks = self._settle_callbacks, ()
        for callback in callbacks:
            callback()

    def describe(self) -> dict[str, Any]:
        """For the console."""
        return {
            "automation": self.label,
            "step": self.step_path,
            "last_action": self.last_action,
            "steps": self.steps,
            "execution": self.execution or "running",
        }


def current_run() -> ScriptRun | None:
    """The run whose action is being done in the calling greenlet, or None."""
    return _CURRENT.get()


def error_text(exc: BaseException) -> str:
    """An error as HA's traces and logs show it."""
    if isinstance(exc, ServiceNotFound):
        return f"Action {exc.domain}.{exc.service} not found"
    return str(exc) or type(exc).__name__


def _kind_of(exc: Exception) -> str:
    if isinstance(exc, vol.Invalid):
        return "Invalid data"
    if isinstance(exc, ServiceNotFound):
        return "Service not found"
    if isinstance(exc, Unauthorized):
        return "Unauthorized"
    return "Error" if isinstance(exc, MargeError) else "Unexpected error"
