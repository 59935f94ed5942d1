"""Supervisors, after Erlang/OTP: they start, watch and restart children, and do nothing else."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import structlog
from pykka._envelope import Envelope
from pykka.messages import _ActorStop

from marge.actors.mailbox import Overflow
from marge.actors.messages import (
    BackoffElapsed,
    ChildEnded,
    ChildStarted,
    HoldChild,
    RestartChild,
    SettledDown,
    ShutdownElapsed,
    StopChild,
)
from marge.actors.runtime import Actor, ActorKilled, ActorRef
from marge.errors import AlreadyExists, MargeError

if TYPE_CHECKING:
    from marge.actors.clock import Timer

log = structlog.get_logger("marge.actors.supervisor")

DEATHS_KEPT = 5


class Strategy(Enum):
    """Who is restarted when one child fails."""

    ONE_FOR_ONE = "one_for_one"
    ONE_FOR_ALL = "one_for_all"
    REST_FOR_ONE = "rest_for_one"
    """The failed child and those started after it."""


class Restart(Enum):
    """When a child is started again."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    """Only after a failure."""
    TEMPORARY = "temporary"
    """Never; it is forgotten when it ends."""


@dataclass(frozen=True, slots=True)
class Intensity:
    """At most `restarts` restarts in `within_s` seconds; then the supervisor gives up and fails upwards."""

    restarts: int = 5
    within_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Backoff:
    """Growing pauses before restarts, and how many in a row before the child counts as `failed`.

    A child that has run for `settle_s` since its restart is healthy again, and its count starts over.
    """

    pauses_s: tuple[float, ...] = (5.0, 10.0, 30.0, 60.0, 300.0)
    max_restarts: int = 10
    settle_s: float = 600.0

    def pause(self, restarts_before: int) -> float:
        return self.pauses_s[min(restarts_before, len(self.pauses_s) - 1)]


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """How to make a child, as data.

    Attributes:
        name: last part of its path.
        actor_class, args, kwargs: what to make.
        backoff: pauses before restarts. None: restarts at once, and the supervisor's intensity limits them.
        shutdown_s: how long it may take to stop before it is killed.
    """

    name: str
    actor_class: type[Actor]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    restart: Restart = Restart.PERMANENT
    backoff: Backoff | None = None
    shutdown_s: float = 5.0


class SupervisorGaveUp(MargeError):
    """Children failed more often than the restart intensity allows."""


class Child:
    """What a supervisor knows of one child."""

    __slots__ = ("deaths", "ref", "restarts", "spec", "status", "timer", "total_restarts")

    def __init__(self, spec: ChildSpec, ref: ActorRef | None) -> None:
        self.spec = spec
        self.ref = ref
        self.status = "running"  # or: stopping, waiting (for its back-off), failed, stopped
        self.restarts = 0  # in a row, until it settles down
        self.total_restarts = 0
        self.deaths: deque[dict[str, Any]] | None = None
        self.timer: Timer | None = None


class Supervisor(Actor):
    """Starts, watches and restarts its children.

    Takes `ChildStarted` and `ChildEnded` from the system, `RestartChild` and `StopChild` from operators and owners.
    Stops its children before itself: one by one in reverse order, or all at once with `stop_together`. Fails with
    `SupervisorGaveUp` when restarts without a back-off exceed `intensity`.
    """

    # A supervisor that misses a ChildEnded never heals that child; its senders are as many as its children.
    mailbox_limit = 1_000_000
    overflow = Overflow.REJECT

    def __init__(
        self,
        children: list[ChildSpec] | None = None,
        strategy: Strategy = Strategy.ONE_FOR_ONE,
        intensity: Intensity = Intensity(),  # noqa: B008 - frozen
        stop_together: bool = False,
        absent: list[Child] | None = None,
    ) -> None:
        self.strategy = strategy
        self.intensity = intensity
        self.stop_together = stop_together
        self._specs = list(children or ())
        self._absent = absent or []
        self._children: dict[str, Child] = {}
        self._restart_times: deque[float] = deque()
        self._to_restart: list[str] = []
        self._held: frozenset[str] = frozenset()
        self._stopping = False
        self._left_to_stop: int | None = None
        self._stop_queue: list[Child] = []
        self._gave_up: SupervisorGaveUp | None = None

    def on_start(self) -> None:
        for spec in self._specs:
            child = self._children[spec.name] = Child(spec, None)
            self._start(child)
        # A predecessor that crashed left its children running: they are ours now.
        for actor in self.system.children_of(self.path):
            if actor.spec is not None and actor.spec.name not in self._children:
                self._children[actor.spec.name] = Child(actor.spec, actor.actor_ref)
        for child in self._absent:
            if child.spec.name not in self._children:
                self._take_over_absent(child)

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        """Leave the children that wait for their restart, or have failed, to the successor: nobody else knows them."""
        for child in self._children.values():
            if child.timer is not None:
                child.timer.cancel()
        if self.spec is not None:
            absent = [
                child for child in self._children.values()
                if child.status in ("waiting", "failed", "stopped") and child.spec.restart is not Restart.TEMPORARY
            ]  # fmt: skip
            # Supervisors of a kind of their own, whose children are never restarted, do not take it.
            self.spec.kwargs.pop("absent", None)
            if absent:
                self.spec.kwargs["absent"] = absent

    def _take_over_absent(self, child: Child) -> None:
        child.timer = None
        self._children[child.spec.name] = child
        if child.status == "waiting":
            self._schedule_start(child)

    def describe(self) -> dict[str, Any]:
        statuses: dict[str, int] = {}
        for child in self._children.values():
            statuses[child.status] = statuses.get(child.status, 0) + 1
        return {"strategy": self.strategy.value, "children": len(self._children), "statuses": statuses}

    def child(self, name: str) -> Child | None:
        """For the console's figures only."""
        return self._children.get(name)

    def child_names(self) -> list[str]:
        """All children that it knows, also those that are not alive now."""
        return list(self._children)

    def child_ready(self, actor: Actor) -> None:
        """A child's `on_start` has returned. Called by the system in the child's turn; subclasses may extend it."""

    # -- messages ----------------------------------------------------------------------------------------------------

    def on_receive(self, message: Any) -> Any:
        match message:
            case ChildStarted(spec, ref):
                return self._adopt(spec, ref)
            case ChildEnded():
                return self._child_ended(message)
            case BackoffElapsed(name, attempt):
                child = self._children.get(name)
                if child is not None and child.status == "waiting" and child.total_restarts == attempt:
                    self._start(child)
            case SettledDown(name, ref):
                child = self._children.get(name)
                if child is not None and child.ref is ref:
                    child.restarts = 0
            case ShutdownElapsed(ref):
                if not ref.actor_stopped.is_set():
                    self.system.kill(ref.actor_urn, "did not stop in time")
            case RestartChild(name):
                return self._operator_restart(name)
            case StopChild(name):
                return self._remove(name)
            case HoldChild(name):
                return self._hold(name)
            case _:
                raise TypeError(f"a supervisor does not take {type(message).__name__}")
        return None

    def _adopt(self, spec: ChildSpec, ref: ActorRef) -> None:
        known = self._children.get(spec.name)
        if known is not None:
            known.spec, known.ref, known.status = spec, ref, "running"
            self._held -= {spec.name}
        else:
            self._children[spec.name] = Child(spec, ref)
        if self._left_to_stop is not None:
            self._left_to_stop += 1
            self._stop_child(self._children[spec.name])

    def _child_ended(self, message: ChildEnded) -> None:
        child = self._children.get(message.name)
        if child is None or (child.ref is not None and child.ref is not message.ref):
            return
        child.ref = None
        if child.timer is not None:
            child.timer.cancel()
            child.timer = None
        asked_to_stop = child.status == "stopping"
        if message.reason is not None:
            self._note_death(child, message)
        child.status = "stopped"
        if self._stopping:
            self._one_less_to_stop(child)
        elif message.name in self._held:
            child.restarts = 0
            if message.name in self._to_restart:
                self._restart_group()
        elif asked_to_stop:
            self._after_asked_stop(message.name)
        elif child.spec.restart is Restart.TEMPORARY:
            del self._children[message.name]
        elif message.reason is not None or child.spec.restart is Restart.PERMANENT:
            self._heal(child)

    def _note_death(self, child: Child, message: ChildEnded) -> None:
        if child.deaths is None:
            child.deaths = deque(maxlen=DEATHS_KEPT)
        reason = message.reason
        child.deaths.append(
            {
                "time": self.system.clock.now(),
                "error": f"{type(reason).__name__}: {reason}",
                "message": message.message,
            }
        )

    # -- restarting --------------------------------------------------------------------------------------------------

    def _heal(self, child: Child) -> None:
        """Restart a child that ended by itself, and with it those that the strategy names."""
        backoff = child.spec.backoff
        if backoff is not None and child.restarts >= backoff.max_restarts:
            child.status = "failed"
            log.error("gave up on a child; an operator can restart it", actor=self._path_of(child))
            return
        if backoff is None and not self._within_intensity():
            self._give_up(child)
            return
        child.restarts += 1
        child.total_restarts += 1
        if self.strategy is Strategy.ONE_FOR_ONE:
            self._schedule_start(child)
            return
        names = list(self._children)
        if self.strategy is Strategy.REST_FOR_ONE:
            names = names[names.index(child.spec.name):]
        self._plan_restart(names)
        self._restart_group()

    def _plan_restart(self, names: list[str]) -> None:
        """Add to those that are to be started once all of them have ended, in the children's order."""
        planned = {*self._to_restart, *names}
        self._to_restart = [name for name in self._children if name in planned]

    def _restart_group(self) -> None:
        """Stop the group's living members in reverse order; once none lives, start all in order."""
        for name in reversed(self._to_restart):
            member = self._children.get(name)
            if member is not None and member.ref is not None:
                if member.status != "stopping":
                    self._stop_child(member)
                return
        names, self._to_restart = self._to_restart, []
        for name in names:
            member = self._children.get(name)
            if member is not None and member.status != "failed" and name not in self._held:
                self._schedule_start(member)

    def _schedule_start(self, child: Child) -> None:
        backoff = child.spec.backoff
        pause = 0.0 if backoff is None or child.restarts == 0 else backoff.pause(child.restarts - 1)
        if pause <= 0:
            self._start(child)
            return
        child.status = "waiting"
        message = BackoffElapsed(child.spec.name, child.total_restarts)
        child.timer = self.system.clock.after(pause, self.actor_ref, message)

    def _start(self, child: Child) -> None:
        try:
            child.ref = self.system._make(child.spec, self.path)
        except AlreadyExists:
            child.ref = self.system.ref(self._path_of(child))
        except Exception as exc:  # noqa: BLE001 - a constructor that raises is a failure of that child
            log.error("a child could not be made", actor=self._path_of(child), exc_info=exc)
            self.system.graves.note(self._path_of(child), child.spec.actor_class, exc, None)
            child.ref = None
            self._note_death(child, ChildEnded(child.spec.name, self.actor_ref, exc, None))
            child.status = "stopped"
            if child.spec.restart is Restart.TEMPORARY:
                del self._children[child.spec.name]
            else:
                self._heal(child)
            return
        child.status = "running"
        backoff = child.spec.backoff
        if backoff is not None and child.restarts and child.ref is not None:
            message = SettledDown(child.spec.name, child.ref)
            child.timer = self.system.clock.after(backoff.settle_s, self.actor_ref, message)

    def _within_intensity(self) -> bool:
        now = self.system.clock.monotonic()
        times = self._restart_times
        times.append(now)
        while times and times[0] < now - self.intensity.within_s:
            times.popleft()
        return len(times) <= self.intensity.restarts

    def _give_up(self, child: Child) -> None:
        deaths = child.deaths
        last = deaths[-1]["error"] if deaths else "ended"
        self._gave_up = SupervisorGaveUp(
            f"{self.path}: more than {self.intensity.restarts} restarts in {self.intensity.within_s:g} s,"
            f" the last of {child.spec.name} ({last})"
        )
        self._stopping = True
        self._stop_next()

    def _operator_restart(self, name: str) -> bool:
        child = self._children.get(name)
        if child is None:
            return False
        child.restarts = 0
        child.total_restarts += 1
        self._held -= {name}
        if child.ref is not None:
            self._plan_restart([name])
            self._stop_child(child)
        else:
            if child.timer is not None:
                child.timer.cancel()
            self._start(child)
        return True

    def _hold(self, name: str) -> bool:
        """Stop a child and keep it stopped; a restart by an operator ends that."""
        child = self._children.get(name)
        if child is None:
            return False
        if child.spec.restart is Restart.TEMPORARY:
            return self._remove(name)  # nobody would start it again
        self._held |= {name}
        if child.ref is not None:
            self._stop_child(child)
        else:
            if child.timer is not None:
                child.timer.cancel()
                child.timer = None
            child.status = "stopped"
        return True

    # -- stopping ----------------------------------------------------------------------------------------------------

    def _stop_child(self, child: Child) -> None:
        ref = child.ref
        assert ref is not None
        child.status = "stopping"
        if child.timer is not None:
            child.timer.cancel()
        child.timer = self.system.clock.after(child.spec.shutdown_s, self.actor_ref, ShutdownElapsed(ref))
        self.system.resume(ref.actor_urn)  # a paused one would never hear of it
        try:
            ref.actor_inbox.put(Envelope(_ActorStop()))
        except MargeError:
            self.system.kill(ref.actor_urn, "its mailbox is full")

    def knows(self, name: str) -> bool:
        """Whether it has a child of this name, running or waiting to be started again. From any greenlet of the hub."""
        return name in self._children

    def _remove(self, name: str) -> bool:
        child = self._children.get(name)
        if child is None:
            return False
        if child.ref is None:
            if child.timer is not None:
                child.timer.cancel()
            del self._children[name]
        else:
            self._stop_child(child)
        return True

    def _after_asked_stop(self, name: str) -> None:
        if name in self._to_restart:
            self._restart_group()
        else:
            del self._children[name]

    def on_stop_request(self) -> bool:
        if not self._stopping:
            self._stopping = True
            for child in self._children.values():
                if child.timer is not None and child.ref is None:
                    child.timer.cancel()
            self._stop_next()
        return False

    def _stop_next(self) -> None:
        """Stop the next child, or all of them with `stop_together`; the last one's end is this actor's end."""
        if self._left_to_stop is None:
            alive = [child for child in reversed(self._children.values()) if child.ref is not None]
            self._left_to_stop = len(alive)
            if self.stop_together:
                for child in alive:
                    self._stop_child(child)
            else:
                self._stop_queue = alive
        if self._left_to_stop == 0:
            if self._gave_up is not None:
                self._end(self._gave_up)
            else:
                self.finish_stop()
            return
        if not self.stop_together:
            child = self._stop_queue[0]
            if child.ref is not None and child.status != "stopping":
                self._stop_child(child)

    def _one_less_to_stop(self, child: Child) -> None:
        if self._left_to_stop is None:
            return
        self._left_to_stop -= 1
        if child in self._stop_queue:
            self._stop_queue.remove(child)
        self._stop_next()

    def _path_of(self, child: Child) -> str:
        return f"{'' if self.path == '/' else self.path}/{child.spec.name}"


__all__ = [
    "ActorKilled", "Backoff", "Child", "ChildSpec", "Intensity", "Restart", "Strategy", "Supervisor",
    "SupervisorGaveUp",
]
