"""One row of the console: an actor's figures of the last second, and how guilty it is."""

from __future__ import annotations

from typing import Any

from marge.actors import Actor, ActorSystem, PinnedActor
from marge.actors.inspect import child_of
from marge.actors.metering import COUNT, TOTAL_S
from marge.actors.runtime import RUNNING
from marge.actors.waits import Wait
from marge.console.census import countdown, place_of

DEADLOCKED = "deadlocked"
_BY_STATE = {
    DEADLOCKED: 2_000.0, "failed": 1_000.0, "restarting": 500.0, "killed": 500.0, "paused": 300.0, "stopped": 200.0,
    "gone": 150.0, "stopping": 100.0, "starting": 40.0,
}  # fmt: skip
"""Points for a state; those for waiting messages and a busy handler come on top."""
_MAX_SEEN = 5_000
DEEP = 10
"""So many waiting messages are nothing to speak of."""


class Rows:
    """Makes rows. Keeps what it needs to compare with the second before: first waiting messages, busy times.

    Attributes:
        deadlocked: what those ask who wait for each other in a circle, by path.
    """

    def __init__(self, system: ActorSystem) -> None:
        self.deadlocked: dict[str, Wait] = {}
        self._asked_s: dict[str, float] = {}
        self._system = system
        self._now = 0.0
        self._span = 1.0
        self._active: dict[Actor, list[float]] = {}
        self._seen: dict[Actor, tuple[object, float]] = {}  # the envelope itself: its address would soon be another's
        self._seen_now: dict[Actor, tuple[object, float]] = {}
        self._busy: dict[Actor, float] = {}
        self._busy_now: dict[Actor, float] = {}

    def begin(self, now: float, span: float, active: dict[Actor, list[float]]) -> None:
        """A new second: `now` in steady seconds, `active` what was handled in the last `span` of them."""
        self._now, self._span, self._active = now, span, active
        self._seen, self._seen_now = self._seen_now, {}
        self._busy, self._busy_now = self._busy_now, {}

    def lock(self, deadlocked: dict[str, Wait]) -> None:
        """Who is in a deadlock now. Since when they wait is known exactly."""
        self.deadlocked = deadlocked
        self._asked_s = {
            wait.target: wait.since_s for wait in deadlocked.values() if wait.target and wait.since_s is not None
        }

    def busy_of(self, actor: PinnedActor) -> float:
        """Seconds that a pinned actor computed or held up its mailbox since the second before."""
        total = max(0.0, actor._busy_s)
        self._busy_now[actor] = total
        return max(0.0, total - self._busy.get(actor, total))

    def oldest(self, actor: Actor) -> float:
        """How long the oldest message has waited, in seconds; see docs/console.md for how exact that is."""
        inbox = actor.actor_inbox
        first = inbox.oldest()
        if first is None:
            return 0.0
        known = self._seen_now.get(actor) or self._seen.get(actor)
        since = known[1] if known is not None and known[0] is first else self._now
        if len(self._seen_now) < _MAX_SEEN:
            self._seen_now[actor] = (first, since)
        seen = self._now - since
        backlog = inbox.backlog_since()
        if backlog is None:
            return seen
        waited = max(0.0, self._now - backlog)
        handled = self._active.get(actor)
        if handled is not None and handled[COUNT]:
            waited = min(waited, len(inbox) * self._span / handled[COUNT])
        return max(seen, waited)

    def row(self, path: str, actor: Actor | None) -> dict[str, Any] | None:
        """The row of the actor at `path`; None: nobody knows it any more."""
        child = child_of(self._system, path)
        if actor is None and child is None:
            deaths = self._system.graves.of(path)
            if not deaths:
                return None
            row = self._plain(path, deaths[-1].actor_class, "gone")
        elif actor is None:
            assert child is not None
            status = "restarting" if child.status == "waiting" else child.status
            row = self._plain(path, child.spec.actor_class.__name__, status)
            left = countdown(self._system, child)
            if left is not None:
                row["countdown_s"] = left
        else:
            row = self._living(path, actor)
        if child is not None:
            row["restarts"] = child.total_restarts
            if child.deaths:
                row["last_failure"] = child.deaths[-1]
        elif actor is None or row["state"] != RUNNING:
            deaths = self._system.graves.of(path)
            if deaths:
                row["last_failure"] = {"time": deaths[-1].time, "error": deaths[-1].error}
        if path in self.deadlocked:
            row["state"] = DEADLOCKED
            row["oldest_s"] = max(row["oldest_s"], round(self._asked_s.get(path, 0.0), 2))
        row["score"] = _score(row, self._system.clock.now())
        return row

    def _plain(self, path: str, actor_class: str, state: str) -> dict[str, Any]:
        return {
            "path": path, "class": actor_class, "domain": place_of(path)[0], "state": state, "mailbox": 0,
            "oldest_s": 0.0, "messages_s": 0.0, "busy": 0.0, "restarts": 0, "pinned": False, "score": 0.0,
        }  # fmt: skip

    def _living(self, path: str, actor: Actor) -> dict[str, Any]:
        row = self._plain(path, type(actor).__name__, actor._status)
        handled = self._active.get(actor)
        busy = 0.0 if handled is None else handled[TOTAL_S]
        if isinstance(actor, PinnedActor):
            row["pinned"] = True
            busy = max(0.0, self._busy_now.get(actor, 0.0) - self._busy.get(actor, self._busy_now.get(actor, 0.0)))
            if actor._waiting_for is not None:
                what, since = actor._waiting_for
                row["waiting_for"], row["waiting_s"] = what, round(max(0.0, self._now - since), 1)
        row["mailbox"] = len(actor.actor_inbox)
        row["oldest_s"] = round(self.oldest(actor), 2)
        row["messages_s"] = 0.0 if handled is None else round(handled[COUNT] / self._span, 1)
        row["busy"] = round(min(1.0, busy / self._span), 4)  # a long turn counts where it ends
        if actor._slow_turns:
            row["slow_turns"] = actor._slow_turns
        return row


def _score(row: dict[str, Any], now: float) -> float:
    """How much an operator should look at it."""
    points = _BY_STATE.get(row["state"], 0.0)
    if row["state"] == "starting" and row.get("waiting_s", 0.0) > 10:
        points += 60
    points += min(row["oldest_s"], 100.0) * 5
    points += max(0, min(row["mailbox"], 10_000) - DEEP) / 20
    points += row["busy"] * 100
    failure = row.get("last_failure")
    if failure is not None and now - failure["time"] < 600:
        points += 30
    return round(points, 2)
