"""Where triggers are attached: their subscriptions and timers, and what happens when one fires.

A host never lets a trigger work in somebody else's turn: what the bus and the clock deliver is queued, and the owner
(an automation actor, a waiting run) works it off in its own turn. Kinds of triggers are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog

from marge.actors import Timer
from marge.automations import rendering
from marge.automations.environment import Environment, nowhere
from marge.automations.evaluate import is_enabled
from marge.automations.holds import Record, ensure_holds
from marge.automations.kinds import Trigger
from marge.automations.views import for_templates
from marge.errors import MargeError
from marge.model import STATE_CHANGED, Context, Event

if TYPE_CHECKING:
    from marge.actors import Subscription
    from marge.home import Home

log = structlog.get_logger("marge.automations")

Handler = Callable[[Any], None]
Fired = Callable[[dict[str, Any], Context | None], Any]

LATE_S = 2.0
"""A timer this much late (at the home's speed) was jumped over by a set clock, not delayed by work."""


class TriggerHost:
    """Subscriptions and timers of a set of attached triggers; `close` ends all of them.

    Args:
        label: the automation's name, for logs.
        variables: what templates of triggers see (trigger variables, or the variables of a waiting run).
        enqueue: takes `(handler, argument)` and calls `handler(argument)` soon, in the owner's turn.
        fired: called in the owner's turn with the run's variables (`trigger` among them) and the cause's context.
        place: says where a trigger stands in the files, for logs.
        holds_of: under which key what triggers wait for (`for:`) outlives the process; None: it does not.

    Attributes:
        starting: the triggers are attached because the home has just started.
    """

    def __init__(
        self,
        home: Home,
        label: str,
        variables: Mapping[str, Any],
        enqueue: Callable[[Handler, Any], None],
        fired: Fired,
        holds_of: str | None = None,
        place: Callable[[str], str | None] = nowhere,
    ) -> None:
        self.home = home
        self.label = label
        self.variables = variables
        self.closed = False
        self.starting = False
        self._enqueue = enqueue
        self._fired = fired
        self._owner = holds_of
        self.place = place
        self._subscriptions: set[Subscription] = set()
        self._timers: set[Timer] = set()
        self._ends: list[Callable[[], None]] = []
        self._fired_minute: int | None = None

    # -- for kinds of triggers ---------------------------------------------------------------------------------------

    def environment(self, extra: Mapping[str, Any] | None = None) -> Environment:
        """What a trigger may look at, in an actor's turn."""
        variables = {**self.variables, **extra} if extra else self.variables
        return Environment(self.home, variables, self.label, budget_s=rendering.TURN_BUDGET_S, place=self.place)

    def limited(self, value: Any) -> Any:
        """A part of a trigger's configuration, its templates rendered once, now; states cannot be read.

        Raises:
            TemplateError: a template failed.
        """
        return rendering.render_limited(self.home, value, self.variables)

    def subscribe(
        self,
        event_type: str,
        handler: Handler,
        key: str | None = None,
        accept: Callable[[Event], bool] | None = None,
    ) -> Subscription:
        """Call `handler(event)` for events of this type (and key).

        `accept` is asked first, where the event is published: it must be quick, and spares the owner other events.
        """

        def deliver(event: Event) -> None:
            if accept is None or accept(event):
                self.post(handler, event)

        if event_type == STATE_CHANGED and key is not None:
            subscription = self.home.entities.follow(deliver, key)
        else:
            subscription = self.home.bus.subscribe(deliver, event_type, key)
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)
        subscription.cancel()

    def at_close(self, end: Callable[[], None]) -> None:
        """Call `end()` when the triggers are detached."""
        self._ends.append(end)

    def after(self, delay_s: float, handler: Handler) -> Timer:
        """Call `handler(None)` in `delay_s` seconds of the home's time."""
        return self._keep(self.home.clock.after(delay_s, self._timer_target(handler), None, home=True))

    def at(self, epoch_s: float, handler: Handler) -> Timer:
        """Call `handler(None)` at this moment of the home's time."""
        return self._keep(self.home.clock.at(epoch_s, self._timer_target(handler), None, home=True))

    def holds(self, trigger: Trigger) -> dict[str, Record]:
        """What this trigger waited for when the home ended, by the key that it chose: an entity id."""
        return {} if self._owner is None else ensure_holds(self.home).of(self._owner, trigger)

    def note_hold(self, trigger: Trigger, key: str, record: Record) -> None:
        """The trigger begins to wait: write that down, if its owner outlives the process."""
        if self._owner is not None:
            ensure_holds(self.home).put(self._owner, trigger, key, record)

    def drop_hold(self, trigger: Trigger, key: str) -> None:
        """The trigger waits no more. Nothing once the host is closed: the owner knows whether it comes back."""
        if self._owner is not None and not self.closed:
            ensure_holds(self.home).drop(self._owner, trigger, key)

    def post(self, handler: Handler, argument: Any) -> None:
        """Call `handler(argument)` in the owner's turn, unless the host is closed by then."""
        if not self.closed:
            self._enqueue(self._guarded(handler), argument)

    def fire(self, trigger: Trigger, data: Mapping[str, Any], context: Context | None = None) -> Any:
        """The trigger has fired. `data` is what its `trigger` variable holds beside id, idx and alias. Returns what the
        owner made of it: a run, for an automation that has room for one."""
        if self.closed:
            return None
        described = {"id": trigger.id, "idx": str(trigger.index), "alias": trigger.alias, **for_templates(data)}
        variables: dict[str, Any] = {**self.variables, "trigger": described}
        if trigger.variables:
            try:
                variables = rendering.render_variables(
                    self.home, trigger.variables, variables, rendering.TURN_BUDGET_S
                )
            except MargeError as exc:
                path = f"trigger/{trigger.index}"
                log.error(
                    f"{self.label}: error rendering trigger variables: {exc}",
                    automation=self.label,
                    step=path,
                    where=self.place(path),
                )
                return None
        return self._fired(variables, context)

    def fire_timed(self, trigger: Trigger, data: Mapping[str, Any]) -> None:
        """As `fire`, for triggers at a time of the day: under simulated time once a minute at most, however often the
        time is set."""
        clock = self.home.clock
        if clock.home_is_simulated:
            minute = int(clock.home_now() // 60)
            if minute == self._fired_minute:
                return
            self._fired_minute = minute
        self.fire(trigger, data)

    def clock_was_set(self) -> None:
        """The home's time jumped; another minute may fire again."""
        if int(self.home.clock.home_now() // 60) != self._fired_minute:
            self._fired_minute = None

    def jumped_over(self, due: float) -> bool:
        """Whether a timer for `due` comes only because the time was set past it."""
        clock = self.home.clock
        if not clock.home_is_simulated:
            return False
        return clock.home_now() - due > LATE_S * max(1.0, clock.home_speed)

    # -- for the owner -----------------------------------------------------------------------------------------------

    def attach(self, trigger: Trigger) -> None:
        """Attach one trigger, unless it is disabled.

        Raises:
            MargeError, vol.Invalid: a limited template failed or gave nonsense.
        """
        if is_enabled(trigger.enabled, self.environment()):
            trigger.kind.attach(trigger, self)

    def close(self) -> None:
        """Detach everything; handlers that are queued already do nothing."""
        self.closed = True
        for subscription in self._subscriptions:
            subscription.cancel()
        for timer in self._timers:
            timer.cancel()
        for end in self._ends:
            end()
        self._ends.clear()
        self._subscriptions.clear()
        self._timers.clear()

    def counts(self) -> dict[str, int]:
        return {"subscriptions": len(self._subscriptions), "timers": len(self._timers)}

    # -- inside ------------------------------------------------------------------------------------------------------

    def _keep(self, timer: Timer) -> Timer:
        self._timers = {each for each in self._timers if not each.done} if len(self._timers) > 32 else self._timers
        self._timers.add(timer)
        return timer

    def _timer_target(self, handler: Handler) -> Callable[[Any], None]:
        return lambda _message: self.post(handler, None)

    def _guarded(self, handler: Handler) -> Handler:
        def call(argument: Any) -> None:
            if self.closed:
                return
            try:
                handler(argument)
            except Exception:
                # The border of one trigger: the automation's other triggers go on.
                log.exception("a trigger failed", automation=self.label)

        return call


def context_of(event: Event | None) -> Context | None:
    """The cause's context, for the run's parent."""
    return None if event is None else event.context
