"""The shared dispatcher: one greenlet that gives ready actors their turns. No policy of any actor here."""

from __future__ import annotations

import time
import traceback
from collections import deque
from typing import TYPE_CHECKING, Any

import gevent
import structlog
from gevent.event import Event as GreenletEvent

from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.actors.runtime import Actor

log = structlog.get_logger("marge.actors")

MESSAGES_A_TURN = 8
SLICE_S = 0.002
"""How long turns run before other greenlets get the hub: it bounds what a busy mailbox adds to a request's latency."""
SLOW_TURN_S = 0.050
"""A handler that holds the hub longer is reported by name."""
WATCH_EVERY_S = 0.1


class Dispatcher:
    """Runs turns of shared actors, in the order in which they became ready.

    A handler that waits although it must not would stop all of them: a watcher sees a worker that is away inside a
    turn, names the actor, and puts a fresh worker in its place.
    """

    def __init__(self) -> None:
        self.turns = 0
        self.busy_s = 0.0
        self.slow_turns = 0
        self.replaced_workers = 0
        self._ready: deque[Actor] = deque()
        self._wake = GreenletEvent()
        self._current: Actor | None = None
        self._since = 0.0
        self._asker: Any = None
        self._asker_since = 0.0
        self._seen_round = -1
        self._hub = gevent.get_hub()
        self._worker: gevent.Greenlet = gevent.spawn(self._work)
        self._runner: Any = self._worker  # the greenlet whose turn it is
        self._watcher: gevent.Greenlet = gevent.spawn(self._watch)

    def schedule(self, actor: Actor) -> None:
        """Give `actor` a turn soon. Its mailbox's `busy` flag keeps it from standing in the queue twice."""
        self._ready.append(actor)
        if len(self._ready) == 1:
            self._wake.set()

    def forget(self, actor: Actor) -> None:
        """Give `actor`, which was paused, no turn, though it stands in the queue."""
        if actor in self._ready:
            self._ready.remove(actor)

    def waiting(self) -> list[Actor]:
        """The actors that wait for their turn, for the console's figures only."""
        return list(self._ready)

    def sender(self) -> str | None:
        """The path of the shared actor in whose turn the caller runs, if it does."""
        actor = self._current
        return actor.path if actor is not None and self._runner is gevent.getcurrent() else None

    def run_at_once(self, actor: Actor, envelope: Any) -> bool:
        """Give `actor`, whose mailbox is empty, a turn for this message in the greenlet that asks.

        A question costs 6 µs less than with two changes of greenlets. Turns keep their order, since none waits
        meanwhile; and a greenlet that asks and asks goes the long way after `SLICE_S`, so that others have the hub,
        unless the loop has gone round. That many ask, each once, is what one round of sockets brings. False: not now.
        """
        me = gevent.getcurrent()
        if self._ready or self._current is not None or me is self._hub:
            return False
        begun = time.perf_counter()
        this_round = self._hub.loop.iteration
        if me is not self._asker or this_round != self._seen_round:
            self._asker, self._asker_since, self._seen_round = me, begun, this_round
        elif begun - self._asker_since > SLICE_S:
            return False
        inbox = actor.actor_inbox
        inbox.busy = True
        self._current, self._since, self._runner = actor, begun, me
        try:
            actor._handle(envelope)
        finally:
            if self._current is actor:  # not if it waited, and a fresh worker has gone on meanwhile
                self._current = None
        inbox.busy = False
        if not inbox.empty():
            inbox.busy = True
            self.schedule(actor)
        took = time.perf_counter() - begun
        actor._busy_s += took
        self.busy_s += took
        self.turns += 1
        if took > SLOW_TURN_S:
            self._report_slow(actor, took)
        return True

    @property
    def idle(self) -> bool:
        return not self._ready and self._current is None

    def stop(self) -> None:
        """End the worker and the watcher. No turn runs afterwards."""
        gevent.killall([self._worker, self._watcher], block=False)

    def _work(self) -> None:
        me = gevent.getcurrent()
        ready = self._ready
        clock = time.perf_counter
        loop = gevent.get_hub().loop
        seen_round, round_begun = -1, 0.0
        while self._worker is me:
            if not ready:
                self._wake.clear()
                self._wake.wait()
                continue
            begun = slice_begun = clock()
            # Actors and greenlets that wake each other in turn keep the loop from its sockets, however short the turns.
            if loop.iteration != seen_round:
                seen_round, round_begun = loop.iteration, begun
            elif begun - round_begun > SLICE_S:
                let_others_in()
                continue
            while ready:
                actor = ready.popleft()
                self._current, self._since, self._runner = actor, begun, me
                more = actor._run_turn(MESSAGES_A_TURN)
                ended = clock()
                if self._worker is not me:  # replaced while this turn waited
                    if more:
                        self.schedule(actor)
                    return
                self._current = None
                took = ended - begun
                actor._busy_s += took
                self.busy_s += took
                self.turns += 1
                if took > SLOW_TURN_S:
                    self._report_slow(actor, took)
                if more:
                    ready.append(actor)
                begun = ended
                if ended - slice_begun > SLICE_S:
                    break
            if ready:
                let_others_in()

    def _report_slow(self, actor: Actor, took_s: float) -> None:
        self.slow_turns += 1
        actor._slow_turns += 1
        log.warning("a handler held the hub", actor=actor.path, ms=round(took_s * 1000))

    def _watch(self) -> None:
        while True:
            gevent.sleep(WATCH_EVERY_S)
            actor = self._current
            if actor is None or time.perf_counter() - self._since < SLOW_TURN_S:
                continue
            # This greenlet runs, so the worker is not computing: it waits inside a handler.
            self.replaced_workers += 1
            frame = self._runner.gr_frame
            stack = "".join(traceback.format_stack(frame, 12)) if frame else ""
            log.error(
                "a handler waits on the shared dispatcher; it should be a PinnedActor", actor=actor.path, stack=stack
            )
            self._current = None
            self._worker = gevent.spawn(self._work)
            if self._ready:
                self._wake.set()
