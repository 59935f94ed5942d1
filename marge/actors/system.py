"""The actor system: directory of paths, spawning, delivery. Nothing about homes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
import pykka
import structlog
from pykka._envelope import Envelope
from pykka.messages import _ActorStop

from marge.actors.bus import EventBus
from marge.actors.clock import Clock, WallClock
from marge.actors.deadletters import DeadLetters
from marge.actors.dispatcher import Dispatcher
from marge.actors.future import Future
from marge.actors.graves import Graves
from marge.actors.messages import ChildEnded, ChildReady, ChildStarted, HoldChild, RestartChild, StopChild
from marge.actors.native import Lane
from marge.actors.runtime import Actor, ActorKilled, ActorRef
from marge.actors.supervisor import Backoff, ChildSpec, Intensity, Restart, Strategy, Supervisor
from marge.errors import AlreadyExists, BridgeError, NotFound, Overloaded

log = structlog.get_logger("marge.actors")

ROOT = "/"
ASK_TIMEOUT_S = 5.0


def join(parent: str, name: str) -> str:
    """The path of the child `name` of `parent`."""
    return f"/{name}" if parent == ROOT else f"{parent}/{name}"


def split(path: str) -> tuple[str, str]:
    """`/entities/light.porch` as `("/entities", "light.porch")`."""
    parent, _, name = path.rpartition("/")
    return parent or ROOT, name


_GLANCE_S = 0.005
"""Between two looks at whether somebody has gone."""
_STAMP_S = 0.1
"""Actors that start within it share one number in memory for when they did."""


class ActorSystem:
    """All actors of one process, addressed by path. Used from the hub's thread only.

    The tree's root is a supervisor at `/`. When it gives up, `on_root_failure(reason)` is called: the process should
    end, and the init system start it again.
    """

    def __init__(
        self, clock: Clock | None = None, on_root_failure: Callable[[BaseException | None], None] | None = None
    ) -> None:
        self.dead_letters = DeadLetters(self.sender)
        self.graves = Graves()
        self.bus = EventBus()
        self.dispatcher = Dispatcher()
        self.paused: set[str] = set()
        self._stamp = 0.0
        self.spawned = 0
        self._actors: dict[str, Actor] = {}
        self._ended: deque[Callable[[str], None]] = deque()
        self._lanes: dict[str, Lane] = {}
        self._on_root_failure = on_root_failure
        self.clock: Clock = clock or WallClock()
        root = Supervisor._make(
            self, ROOT, (), {"strategy": Strategy.ONE_FOR_ONE, "intensity": Intensity(restarts=10, within_s=60.0)}
        )
        self._actors[ROOT] = root
        root._start_actor_loop()
        self.clock.attach(self)

    # -- making and finding ------------------------------------------------------------------------------------------

    def spawn(self, spec: ChildSpec, parent: str = ROOT) -> ActorRef:
        """Make the child at once and let its supervisor know. Never waits for the child's `on_start`.

        Raises:
            AlreadyExists: a living actor has this path.
            NotFound: there is no living supervisor at `parent`.
        """
        supervisor = self._actors.get(parent)
        if supervisor is None:
            raise NotFound(f"no supervisor at {parent} for {spec.name}")
        ref = self._make(spec, parent)
        supervisor.actor_inbox.put(Envelope(ChildStarted(spec, ref)))
        return ref

    def _make(self, spec: ChildSpec, parent: str) -> ActorRef:
        path = join(parent, spec.name)
        if path in self._actors:
            raise AlreadyExists(f"{path} is alive")
        actor = spec.actor_class._make(self, path, spec.args, spec.kwargs)
        actor.spec = spec
        now = time.time()
        if not 0 <= now - self._stamp < _STAMP_S:
            self._stamp = now
        actor.actor_inbox.made = self._stamp
        self._actors[path] = actor
        self.spawned += 1
        actor._start_actor_loop()
        return actor.actor_ref

    def ref(self, path: str) -> ActorRef | None:
        """The living actor at `path`, or None. O(1)."""
        actor = self._actors.get(path)
        return None if actor is None else actor.actor_ref

    def actor(self, path: str) -> Actor | None:
        """The actor object, for the console's figures only: its state belongs to itself."""
        return self._actors.get(path)

    def paths(self) -> list[str]:
        """All living actors' paths, in order of start."""
        return list(self._actors)

    def children_of(self, path: str) -> list[Actor]:
        """The living actors right below `path`. Walks all actors: for rare occasions."""
        start = path.rstrip("/") + "/"
        size = len(start)
        return [
            actor for at, actor in self._actors.items()
            if at.startswith(start) and at != ROOT and at.find("/", size) < 0
        ]  # fmt: skip

    def __len__(self) -> int:
        return len(self._actors)

    # -- messages ----------------------------------------------------------------------------------------------------

    def tell(self, path: str, message: Any) -> bool:
        """Send and forget. False: nobody there or no room, and the message is with the dead letters."""
        actor = self._actors.get(path)
        if actor is None:
            self.dead_letters.add(path, message, "no such actor")
            return False
        return self.deliver(actor.actor_ref, message)

    def deliver(self, ref: ActorRef, message: Any) -> bool:
        """`ref.tell(message)` for senders that must not be hit by the receiver's end or full mailbox."""
        inbox = ref.actor_inbox
        if ref.actor_stopped.is_set():
            self.dead_letters.add(ref.actor_urn, message, "stopped")
            return False
        try:
            inbox.put(Envelope(message))
        except Overloaded:
            return False
        return True

    def ask(self, path: str, message: Any, timeout: float = ASK_TIMEOUT_S) -> Any:
        """Send and wait for the reply. Not from a handler on the shared dispatcher.

        Raises:
            NotFound: there is no actor at `path`.
            pykka.Timeout: no reply in time.
            Exception: whatever the receiver raised.
        """
        return self.ask_later(path, message).get(timeout=timeout)

    def ask_later(self, path: str, message: Any) -> Future:
        """Send now; the returned future is waited for later.

        Raises:
            NotFound: there is no actor at `path`.
            Overloaded: its mailbox is full.
        """
        actor = self._actors.get(path)
        if actor is None:
            raise NotFound(f"no actor at {path}")
        future = Future()
        future.target = path
        actor.actor_inbox.put_question(Envelope(message, reply_to=future))
        return future

    def sender(self) -> str | None:
        """The path of the actor in whose turn the caller runs; None: it runs in nobody's."""
        path = self.dispatcher.sender()
        if path is None:
            name = getattr(gevent.getcurrent(), "name", None)  # a pinned actor's greenlet has its path for a name
            path = name if isinstance(name, str) and name.startswith("/") else None
        return path

    # -- an operator's doing -----------------------------------------------------------------------------------------

    def pause(self, path: str) -> bool:
        """Let the actor's messages wait in its mailbox until `resume`. False: nobody runs there."""
        actor = self._actors.get(path)
        if actor is None or not actor._pause_by_hand():
            return False
        self.paused.add(path)
        return True

    def resume(self, path: str) -> bool:
        """Let a paused actor go on. False: it was not paused."""
        self.paused.discard(path)
        actor = self._actors.get(path)
        return actor is not None and actor._resume_by_hand()

    def drain(self, path: str) -> int:
        """Give what waits in the actor's mailbox to the dead letters; how many messages that were.

        Raises:
            NotFound: nobody lives at this path.
        """
        actor = self._actors.get(path)
        if actor is None:
            raise NotFound(f"no actor at {path}")
        return actor._drain_by_hand()

    def hold(self, path: str, timeout: float = ASK_TIMEOUT_S) -> bool:
        """Stop the actor and keep it stopped until somebody calls `restart`. Does not wait for its end. False: no
        supervisor knows it."""
        parent, name = split(path)
        if parent not in self._actors or path == ROOT:
            return False
        return bool(self.ask(parent, HoldChild(name), timeout=timeout))

    # -- ending ------------------------------------------------------------------------------------------------------

    def stop(self, path: str, timeout: float | None = 10.0) -> bool:
        """Orderly stop of one actor and its children; waits. False when nobody was there or it took too long.

        A permanent child is started again by its supervisor; `remove` ends one for good.
        """
        actor = self._actors.get(path)
        if actor is None:
            return False
        actor._resume_by_hand()  # a paused one would never hear of it
        future = actor._create_future()
        actor.actor_inbox.put(Envelope(_ActorStop(), reply_to=future))
        try:
            future.get(timeout=timeout)
        except pykka.Timeout:
            return False
        return True

    def remove(self, path: str, timeout: float = 10.0) -> bool:
        """As `stop`, and its supervisor forgets it, also one that waits to be started again. False when nobody was
        known there or it took too long."""
        parent, name = split(path)
        supervisor = self._actors.get(parent)
        if not isinstance(supervisor, Supervisor) or not self.ask(parent, StopChild(name), timeout=timeout):
            return False
        deadline = self.clock.monotonic() + timeout
        while supervisor.knows(name):  # until its path is free
            if self.clock.monotonic() > deadline:
                return False
            gevent.sleep(_GLANCE_S)
        return True

    def kill(self, path: str, why: str = "killed by hand") -> bool:
        """End an actor by force, as a crash would. Its supervisor heals it. False when nobody was there."""
        actor = self._actors.get(path)
        if actor is None:
            return False
        actor._kill(ActorKilled(why))
        return True

    def restart(self, path: str, timeout: float = ASK_TIMEOUT_S) -> bool:
        """An operator's restart: forgets earlier failures and starts the child anew, also when it had `failed`."""
        parent, name = split(path)
        if parent not in self._actors or path == ROOT:
            return False
        return bool(self.ask(parent, RestartChild(name), timeout=timeout))

    def shutdown(self, timeout: float = 20.0) -> bool:
        """Stop everything, children first, then the dispatcher. False when it took too long."""
        in_time = ROOT not in self._actors or self.stop(ROOT, timeout=timeout)
        if not in_time:
            log.error("shutdown took too long", left=[p for p in self._actors if p.count("/") <= 2][:20])
        self.dispatcher.stop()
        for lane in self._lanes.values():
            lane.close()
        return in_time

    def lane(self, name: str) -> Lane:
        """The native thread of this name, started when it is first asked for; it ends with the system."""
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane()
        return lane

    def on_actor_ended(self, callback: Callable[[str], None]) -> None:
        """Call `callback(path)` whenever an actor ends. For indexes that hold references, such as the bus."""
        self._ended.append(callback)

    # -- called by the runtime ---------------------------------------------------------------------------------------

    def _actor_ready(self, actor: Actor) -> None:
        parent = self._actors.get(split(actor.path)[0])
        if parent is not None and actor.path != ROOT and isinstance(parent, Supervisor):
            parent.child_ready(actor)

    def _actor_ended(self, actor: Actor, reason: BaseException | None, message: str | None) -> None:
        path = actor.path
        if self._actors.get(path) is actor:
            del self._actors[path]
            self.paused.discard(path)
        self.bus.drop(actor.actor_ref)
        for callback in self._ended:
            callback(path)
        if reason is not None:
            self.graves.note(path, type(actor), reason, message)
        if isinstance(reason, BridgeError):  # its text says all; the stack stays with the supervisor's record of deaths
            log.error("actor failed", actor=path, why=str(reason))
        elif reason is not None and not isinstance(reason, ActorKilled):
            log.error("actor failed", actor=path, message=message, exc_info=reason)
        elif reason is not None:
            log.warning("actor killed", actor=path, why=str(reason))
        if path == ROOT:
            if reason is not None and self._on_root_failure is not None:
                self._on_root_failure(reason)
            return
        parent, name = split(path)
        supervisor = self._actors.get(parent)
        if supervisor is not None:
            self.deliver(supervisor.actor_ref, ChildEnded(name, actor.actor_ref, reason, message))

    def tree(self, path: str = ROOT, depth: int = 4, limit: int = 200) -> dict[str, Any]:
        """The actors at and below `path`, with figures (see `marge.actors.inspect`)."""
        from marge.actors.inspect import tree

        return tree(self, path, depth, limit)

    def inspect(self, path: str) -> dict[str, Any]:
        """One actor in detail (see `marge.actors.inspect`)."""
        from marge.actors.inspect import inspect

        return inspect(self, path)

    def settle(self, rounds: int = 3) -> None:
        """Wait until the dispatcher has nothing to do. For tests and simulated time."""
        quiet = 0
        while quiet < rounds:
            gevent.sleep(0)
            quiet = quiet + 1 if self.dispatcher.idle else 0


__all__ = [
    "ActorSystem", "Backoff", "ChildReady", "ChildSpec", "Intensity", "Restart", "Strategy", "Supervisor", "join",
    "split",
]
