"""`ScriptActor`: one script. It starts its runs, shows what they do, and gives their responses back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.actors import Future
from marge.automations import rendering
from marge.automations.owner import ScriptOwner
from marge.automations.places import place_of_run
from marge.automations.runner import ScriptRun
from marge.automations.validation import ScriptConfig
from marge.errors import MargeError
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.automations.entities import ScriptEntity
    from marge.automations.shared import Automations
    from marge.home import Home

log = structlog.get_logger("marge.automations")

SCRIPT_STARTED = "script_started"


class StartScript(NamedTuple):
    """Start a run. Reply: the `ScriptRun`, or None when the mode refused it.

    `paused` is set once the run waits for the first time, or is over.
    """

    variables: dict[str, Any]
    context: Context
    paused: Future | None = None
    stack: tuple[str, ...] = ()


class StopScript(NamedTuple):
    """Stop all runs; `stopped` is set when none runs any more."""

    stopped: Future | None = None


class ReconfigureScript(NamedTuple):
    """The configuration has changed: stop the runs and go on with the new one."""

    label: str
    config: ScriptConfig


class ScriptActor(ScriptOwner):
    """One script. Takes `StartScript`, `StopScript`, `ReconfigureScript`."""

    trace_root = "sequence"

    def __init__(self, home: Home, entity: ScriptEntity, label: str, config: ScriptConfig, shared: Automations) -> None:
        super().__init__(home, entity, label, config)
        self._entity = entity
        self._shared = shared
        self._stop_waiters: list[Future] = []

    def on_receive(self, message: Any) -> Any:
        kind = type(message)
        if kind is StartScript:
            return self._start_script(message)
        if kind is StopScript:
            if message.stopped is not None:
                self._stop_waiters.append(message.stopped)
            self.stop_runs()
            self._tell_stopped()
            return None
        if kind is ReconfigureScript:
            self.stop_runs()
            self.label, self.script = message.label, message.config
            return None
        return super().on_receive(message)

    def _start_script(self, message: StartScript) -> ScriptRun | None:
        context = message.context
        now = self.home.clock.now()
        data = {"name": self.label, "entity_id": self.entity_id}
        self.home.bus.publish(Event(SCRIPT_STARTED, data, context, now))
        state = self.home.states.get(self.entity_id)
        known = {"this": None if state is None else state.as_dict(), **message.variables}
        tracer = self._shared.new_tracer(self.home, self.entity_id, context)
        run = None
        if not self._shared.chains.go_on(context.id, context.id, self.home.clock.monotonic()):
            tracer.finished("failed_max_runs", self.cut_off("sequence"))
            if message.paused is not None:
                message.paused.set(None)
            return None
        try:
            variables = rendering.render_variables(
                self.home, self.script.variables, known, rendering.TURN_BUDGET_S
            )
        except MargeError as exc:
            log.error(
                f"{self.label}: Error rendering variables: {exc}",
                automation=self.entity_id,
                step="variables",
                where=place_of_run(self.home, self.entity_id, "variables"),
            )
            tracer.finished("error", str(exc))
        else:
            run = self.begin(variables, context, tracer, lambda: self._starting(now), message.stack, variables)
        if message.paused is not None:
            paused = message.paused
            if run is None or any(each is run for each, _shown in self._queued):
                paused.set(None)
            else:
                run.on_first_pause_shown(lambda: paused.set(None))
        return run

    def _starting(self, now: float) -> dict[str, Any]:
        return {"last_triggered": now, "running": self.running}

    def run_over(self, run: ScriptRun) -> dict[str, Any]:
        self._tell_stopped()
        values: dict[str, Any] = {"running": self.running}
        if self.running:
            values["last_action"] = run.last_action
        else:
            values["last_action"] = None
        return values

    def run_waits(self, run: ScriptRun) -> Future | None:
        return self.show(self._last_context or run.context, last_action=run.last_action)

    def showed_running(self) -> bool:
        return self._entity.running > 0

    def _tell_stopped(self) -> None:
        if not self.runs:
            waiters, self._stop_waiters = self._stop_waiters, []
            for waiter in waiters:
                waiter.set(None)
