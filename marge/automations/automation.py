"""`AutomationActor`: attaches an automation's triggers, checks its conditions, starts its runs.

Everything happens in a turn on the shared dispatcher, so nothing here waits.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
import voluptuous as vol

from marge.automations import evaluate, rendering
from marge.automations.environment import Environment
from marge.automations.holds import ensure_holds
from marge.automations.hosts import Handler, TriggerHost
from marge.automations.owner import ScriptOwner
from marge.automations.places import place_of
from marge.automations.runner import ScriptRun
from marge.automations.sun_times import asks_sun, warm
from marge.automations.validation import AutomationConfig
from marge.errors import MargeError
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.automations.entities import AutomationEntity
    from marge.automations.shared import Automations
    from marge.home import Home

log = structlog.get_logger("marge.automations")

AUTOMATION_TRIGGERED = "automation_triggered"

HELD_BACK_S = 0.05
"""Triggers wait this long at most for a run that was started just before them to do its first actions."""
MAX_HELD_BACK = 1_000
MAX_WAITING_TRIGGERS = 5_000
"""Changes that wait for the automation's turn; more are dropped and counted with the dead letters."""


class HandleTrigger(NamedTuple):
    """Something that an attached trigger waits for: its handler runs in the automation's turn."""

    handler: Handler
    argument: Any


class SetEnabled(NamedTuple):
    """Attach or detach the triggers. Told by the entity, which shows it already."""

    enabled: bool
    stop_actions: bool = True


class HomeStarted(NamedTuple):
    """The home has started: attach the triggers."""


class GoOn(NamedTuple):
    """The run that was about to begin waits, is over, or takes its time: handle the triggers that came meanwhile."""

    run: ScriptRun


class TriggerNow(NamedTuple):
    """Run now, whatever the triggers say. Reply: the `ScriptRun`, or None when the conditions or the mode refused."""

    context: Context
    variables: dict[str, Any]
    skip_condition: bool = True
    stack: tuple[str, ...] = ()


class Reconfigure(NamedTuple):
    """The configuration has changed: stop the runs, attach the new triggers. Reply: None, when that is done."""

    config: AutomationConfig


class AutomationActor(ScriptOwner):
    """One automation. Takes `HandleTrigger`, `GoOn`, `HomeStarted`, `SetEnabled`, `TriggerNow`, `Reconfigure`.

    Owns its entity's figures and its runs (pinned children `run-<n>`). What survives its crash stands in the entity:
    whether it is enabled, when it ran last, how often it ran.
    """

    def __init__(self, home: Home, entity: AutomationEntity, config: AutomationConfig, shared: Automations) -> None:
        super().__init__(home, entity, config.alias, config.script)
        self._entity = entity
        self._config = config
        self._shared = shared
        self._host: TriggerHost | None = None
        self._total = entity.total_runs
        self._beginning: ScriptRun | None = None
        self._held_back: deque[tuple[dict[str, Any], Context | None]] = deque()

    def on_start(self) -> None:
        super().on_start()
        if self._reacts and self._shared.started:
            self._attach()

    def on_receive(self, message: Any) -> Any:
        kind = type(message)
        if kind is HandleTrigger:
            message.handler(message.argument)
        elif kind is GoOn:
            self._go_on(message.run)
        elif kind is SetEnabled:
            self._set_enabled(message)
        elif kind is TriggerNow:
            return self._trigger_now(message)
        elif kind is HomeStarted:
            if self._reacts and self._host is None:
                self._attach(starting=True)
        elif kind is Reconfigure:
            self._reconfigure(message.config)
        else:
            return super().on_receive(message)
        return None

    def _place(self, path: str) -> str | None:
        return place_of(self.home, self._entity, path)

    @property
    def _reacts(self) -> bool:
        return self._entity.is_on and not self._entity.parked

    def showed_running(self) -> bool:
        return self._entity.running > 0

    def describe(self) -> dict[str, Any]:
        host = {"subscriptions": 0, "timers": 0} if self._host is None else self._host.counts()
        return {**super().describe(), "enabled": self._host is not None, "total_runs": self._total, **host}

    def before_stop(self) -> None:
        self._detach()

    def on_failure(self, *_: Any) -> None:
        # The bus would go on calling: its subscribers are functions, which do not end with the actor.
        self._detach()

    # -- triggers ----------------------------------------------------------------------------------------------------

    def _attach(self, starting: bool = False) -> None:
        self._detach()
        try:
            variables = rendering.render_variables(
                self.home, self._config.trigger_variables, {}, rendering.TURN_BUDGET_S, limited=True
            )
        except MargeError as exc:
            log.error(
                f"{self.label}: error rendering trigger variables: {exc}",
                automation=self.entity_id,
                step="trigger_variables",
                where=self._place("trigger_variables"),
            )
            variables = {}
        ref, system = self.actor_ref, self.system

        def enqueue(handler: Handler, argument: Any) -> None:
            # The mailbox itself has room for what supervision needs; triggers must not fill it.
            if len(ref.actor_inbox) >= MAX_WAITING_TRIGGERS:
                system.dead_letters.add(self.path, HandleTrigger(handler, argument), "too many triggers")
                return
            system.deliver(ref, HandleTrigger(handler, argument))

        self._host = host = TriggerHost(
            self.home, self.label, variables, enqueue, self._fired, holds_of=self._entity.key, place=self._place
        )
        host.starting = starting
        if asks_sun(self._config.conditions):
            warm(self.home)
        for trigger in self._config.triggers:
            try:
                host.attach(trigger)
            except (MargeError, vol.Invalid) as exc:
                path = f"trigger/{trigger.index}"
                log.error(
                    "a trigger cannot be attached",
                    automation=self.entity_id,
                    trigger=trigger.index,
                    error=str(exc),
                    step=path,
                    where=self._place(path),
                )

    def _detach(self) -> None:
        self._held_back.clear()
        if self._host is not None:
            self._host.close()
            self._host = None

    def _set_enabled(self, message: SetEnabled) -> None:
        if message.enabled:
            if self._host is None and self._shared.started:
                self._attach()
            return
        self._detach()
        ensure_holds(self.home).forget(self._entity.key)
        if message.stop_actions:
            self.stop_runs()

    def _reconfigure(self, config: AutomationConfig) -> None:
        attached = self._host is not None
        self._detach()
        ensure_holds(self.home).forget(self._entity.key)
        self.stop_runs()
        self._config = config
        self.label = config.alias
        self.script = config.script
        if attached:
            self._attach()

    # -- running -----------------------------------------------------------------------------------------------------

    def _fired(self, variables: dict[str, Any], cause: Context | None) -> ScriptRun | None:
        """A trigger fired. Returns the run, if it brought one about now.

        Of several changes in one moment each finds the actions of the one before done as far as they go without
        waiting: so it is in HA, where a run begins at once. Here a run begins when its greenlet gets its turn, so
        triggers that come before that are held back if the mode had no room for them.
        """
        if self._beginning is not None and not self._beginning.steps and self.is_full:
            if len(self._held_back) < MAX_HELD_BACK:
                self._held_back.append((variables, cause))
            else:
                log.warning("too many triggers at once; one is dropped", automation=self.entity_id)
            return None
        run = self._run(variables, cause, skip_condition=False, stack=())
        if run is not None and self.is_beginning(run):
            self._beginning = run
            message = GoOn(run)
            run.on_first_pause(lambda: self._tell_self(message))
            self.home.clock.after(HELD_BACK_S, self.actor_ref, message)
        return run

    def _tell_self(self, message: GoOn) -> None:
        self.system.deliver(self.actor_ref, message)

    def _go_on(self, run: ScriptRun) -> None:
        if run is not self._beginning or (run.execution is not None and run in self.runs):
            return  # `run_over` follows
        self._beginning = None
        while self._held_back and self._beginning is None and self._host is not None:
            self._fired(*self._held_back.popleft())

    def _trigger_now(self, message: TriggerNow) -> ScriptRun | None:
        variables = {**message.variables, "trigger": {"platform": None}}
        return self._run(variables, message.context, message.skip_condition, message.stack)

    def _run(
        self, given: dict[str, Any], cause: Context | None, skip_condition: bool, stack: tuple[str, ...]
    ) -> ScriptRun | None:
        context = Context.new(parent_id=None if cause is None else cause.id)
        state = self.home.states.get(self.entity_id)
        variables = {"this": None if state is None else state.as_dict(), **given}
        tracer = self._shared.new_tracer(self.home, self.entity_id, context)
        if self._config.script.variables:
            try:
                variables = rendering.render_variables(
                    self.home, self._config.script.variables, variables, rendering.TURN_BUDGET_S
                )
            except MargeError as exc:
                log.error(
                    f"{self.label}: Error rendering variables: {exc}",
                    automation=self.entity_id,
                    step="variables",
                    where=self._place("variables"),
                )
                tracer.finished("error", str(exc))
                return None
        trigger = variables["trigger"]
        index = trigger.get("idx")
        tracer.step("trigger" if index is None else f"trigger/{index}").changed_variables = variables
        cause_id = None if cause is None else cause.id
        if not self._shared.chains.go_on(cause_id, context.id, self.home.clock.monotonic()):
            path = "trigger" if index is None else f"trigger/{index}"
            tracer.finished("failed_max_runs", self.cut_off(path))
            return None
        if not skip_condition and self._config.conditions:
            environment = Environment(self.home, variables, self.label, tracer, rendering.TURN_BUDGET_S, self._place)
            if not evaluate.holds(self._config.conditions, environment, "condition"):
                tracer.finished("failed_conditions")
                return None
        return self.begin(variables, context, tracer, lambda: self._starting(trigger, context), stack)

    def _starting(self, trigger: dict[str, Any], context: Context) -> dict[str, Any]:
        """Tell the world, and what the entity shall show."""
        data: dict[str, Any] = {"name": self.label, "entity_id": self.entity_id}
        if "description" in trigger:
            data["source"] = trigger["description"]
        now = self.home.clock.now()
        self.home.bus.publish(Event(AUTOMATION_TRIGGERED, data, context, now))
        self._total += 1
        self._shared.total_runs += 1
        return {"last_triggered": now, "running": self.running, "total_runs": self._total}

    def run_over(self, run: ScriptRun) -> dict[str, Any]:
        if run is self._beginning:
            self._tell_self(GoOn(run))
        return {"running": self.running}
