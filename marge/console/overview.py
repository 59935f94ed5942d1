"""The overview: what the whole system does, once a second, for all who look. In the greenlet of `/console`, in slices.

Only what may be of interest is looked at each second: who has something waiting, who handled something, who does not
run. The rest is counted by the census. Not here: who looks (`watcher`).
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from marge.actors import Actor, PinnedActor
from marge.actors.metering import COUNT, MAX_S, TOTAL_S, unwatch, watch
from marge.actors.runtime import PAUSED, RUNNING
from marge.actors.waits import deadlocks
from marge.automations.runner import current_run
from marge.console.census import Census, key_of
from marge.console.flow import NODES, edges, part_of
from marge.console.ledger import CALL_SERVICE
from marge.console.rows import DEADLOCKED, Rows
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Event

MAX_GROUPS = 200
MAX_ROWS = 50
MAX_TYPES = 100
NOTABLE = 1.0
"""Points from which an actor is shown: busy for a hundredth of the time, or a message waits for a fifth of a second."""
CANDIDATES = 400
RECENT_DEATH_S = 600.0
HEADROOM_S = 10
HISTORY_S = 300
SLICE_S = 0.002
GUILTY_STATES = (DEADLOCKED, "failed", "restarting", PAUSED, "stopped")
"""A group with one of these comes before those that only wait."""
MESSAGES, BUSY, DEPTH, DEEPEST, OLDEST = range(5)


class Overview:
    """Made while somebody looks. `make` once a second; `close` when nobody does."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._system = home.system
        self.census = Census(home.system)
        self.rows = Rows(home.system)
        self._meter = watch(home.system)
        self._calls: Counter[str] = Counter()
        self._subscription = home.bus.subscribe(self._called, CALL_SERVICE)
        self._subscription.listeners = 0
        self._counters = self._read_counters()
        self._at = time.monotonic()
        self._spent = 0.0
        self._slice = 0.0
        self._is_counted = False

    def close(self) -> None:
        """Measure nothing any more."""
        self._subscription.cancel()
        unwatch(self._system)

    def _called(self, _event: Event) -> None:
        """In the caller's greenlet."""
        self._calls["clients" if current_run() is None else "automations"] += 1

    def _breathe(self) -> None:
        """Let others in when the slice is over."""
        spent = time.thread_time() - self._slice
        if spent > SLICE_S:
            self._spent += spent
            let_others_in()
            self._slice = time.thread_time()

    def make(self) -> dict[str, Any]:
        """What happened since the last call."""
        self._slice, self._spent = time.thread_time(), 0.0
        left = self.census.steps_a_round if self._is_counted else len(self._system)
        while left and not self.census.step():
            left -= 1
            self._breathe()
        self._is_counted = True
        self._breathe()
        now = time.monotonic()
        span, self._at = max(0.001, now - self._at), now
        types, active = self._meter.take()
        self.rows.begin(now, span, active)
        sums: dict[str, list[float]] = {}
        candidates, asking = self._look(active, sums, span)
        circles = deadlocks(self._system, asking)
        self.rows.lock({wait.asker: wait for circle in circles for wait in circle if wait.asker is not None})
        for path, wait in self.rows.deadlocked.items():
            actor = self._system.actor(path)
            of_group = None if actor is None else sums.get(key_of(path, type(actor).__name__))
            if of_group is not None:
                of_group[OLDEST] = max(of_group[OLDEST], wait.since_s or 0.0)
        guilty = self._guilty(candidates)
        counters, before = self._read_counters(), self._counters
        self._counters = counters
        rates = {name: max(0.0, counters[name] - before[name]) / span for name in counters}
        calls, self._calls = self._calls, Counter()
        told = self._answer(types, sums, guilty, rates, span)
        told["deadlocks"] = [[wait.as_dict() for wait in circle] for circle in circles]
        told["flow"] = {"nodes": list(NODES), "edges": self._flow(types, rates, calls, span)}
        self._spent += time.thread_time() - self._slice
        told["cost"] = {"cpu": round(self._spent / span, 5), "ms": round(self._spent * 1000, 2)}
        return told

    # -- looking -------------------------------------------------------------------------------------------------------

    def _look(
        self, active: dict[Actor, list[float]], sums: dict[str, list[float]], span: float
    ) -> tuple[dict[str, Actor | None], list[PinnedActor]]:
        """Add up by group; and whom to make rows of, and who may be in a deadlock."""
        rows, system = self.rows, self._system
        found: dict[str, Actor | None] = {}
        asking: list[PinnedActor] = []
        for number, (actor, (count, total_s)) in enumerate(list(active.items())):
            of_group = sums.setdefault(key_of(actor.path, type(actor).__name__), [0.0, 0.0, 0, 0, 0.0])
            of_group[MESSAGES] += count
            if not isinstance(actor, PinnedActor):
                of_group[BUSY] += total_s
            if number % 256 == 0:
                self._breathe()
        busiest = sorted(active, key=lambda actor: active[actor][TOTAL_S], reverse=True)[:20]
        found.update((actor.path, actor) for actor in busiest)
        paused = [one for path in list(system.paused) if (one := system.actor(path)) is not None]
        waiting = dict.fromkeys([*system.dispatcher.waiting(), *self.census.latest.pinned, *paused])
        deep: list[tuple[float, int, Actor]] = []
        for number, actor in enumerate(waiting):
            if actor.actor_inbox.stopped:
                continue
            depth = len(actor.actor_inbox)
            if isinstance(actor, PinnedActor):
                busy = rows.busy_of(actor)
                if busy > 0.0005:
                    sums.setdefault(key_of(actor.path, type(actor).__name__), [0.0, 0.0, 0, 0, 0.0])[BUSY] += busy
                if busy > 0.01 * span or actor._status != RUNNING:
                    found.setdefault(actor.path, actor)
            if depth:
                oldest = rows.oldest(actor)
                of_group = sums.setdefault(key_of(actor.path, type(actor).__name__), [0.0, 0.0, 0, 0, 0.0])
                of_group[DEPTH] += depth
                of_group[DEEPEST] = max(of_group[DEEPEST], depth)
                of_group[OLDEST] = max(of_group[OLDEST], oldest)
                deep.append((oldest * 100 + depth, number, actor))
                if isinstance(actor, PinnedActor):
                    asking.append(actor)
            if number % 256 == 0:
                self._breathe()
        deep.sort(reverse=True)
        found.update((actor.path, actor) for _score, _number, actor in deep[:CANDIDATES])
        found.update((actor.path, actor) for actor in paused)
        for path in self.census.latest.troubled:
            found.setdefault(path, system.actor(path))
        since = time.time() - RECENT_DEATH_S
        for death in system.graves.latest():
            if death.time < since:
                break
            found.setdefault(death.path, system.actor(death.path))
        return found, asking

    def _guilty(self, candidates: dict[str, Actor | None]) -> list[dict[str, Any]]:
        made = []
        for path, actor in candidates.items():
            if actor is not None and actor.actor_inbox.stopped:
                continue  # it ended meanwhile, as runs do: nothing to look at
            row = self.rows.row(path, actor)
            if row is not None and row["score"] >= NOTABLE:
                made.append(row)
            self._breathe()
        made.sort(key=lambda row: (-row["score"], row["path"]))
        return made[:MAX_ROWS]

    # -- telling -------------------------------------------------------------------------------------------------------

    def _answer(
        self, types: dict[tuple[type, type], list[float]], sums: dict[str, list[float]], guilty: list[dict[str, Any]],
        rates: dict[str, float], span: float,
    ) -> dict[str, Any]:  # fmt: skip
        system, count = self._system, self.census.latest
        groups = self._groups(sums, span)
        messages = sum(of_group[MESSAGES] for of_group in sums.values())
        return {
            "time": self._home.clock.now(),
            "actors": len(system),
            "totals": {
                "messages_s": round(messages / span, 1),
                "busy": round(sum(of_group[BUSY] for of_group in sums.values()) / span, 4),
                "mailbox": int(sum(of_group[DEPTH] for of_group in sums.values())),
                "oldest_s": round(max((of_group[OLDEST] for of_group in sums.values()), default=0.0), 2),
                "restarts": count.restarts,
                "deaths": system.graves.total,
                "dead_letters": system.dead_letters.total,
                "states": dict(count.states),
            },
            "groups": groups[:MAX_GROUPS],
            "groups_total": len(groups),
            "guilty": guilty,
            "types": _types(types, span),
            "hub": self.hub(),
            "dispatcher": {
                "ready": len(system.dispatcher.waiting()),
                "turns_s": round(rates["turns"], 1),
                "slow_turns": system.dispatcher.slow_turns,
                "replaced_workers": system.dispatcher.replaced_workers,
            },
            "bus": {
                "published_s": round(rates["published"], 1),
                "delivered_s": round(rates["delivered"], 1),
                "listeners": sum(system.bus.listener_counts().values()),
            },
        }

    def hub(self, whole: bool = False) -> dict[str, Any]:
        """The hub's seconds: the newest, or all that are kept."""
        run = self._home.shared.get("run")
        watchdog = None if run is None else run.watchdog
        kept = [] if watchdog is None else list(watchdog.seconds)
        recent = kept[-HEADROOM_S:]
        computed = sum(each.computed for each in recent) / len(recent) if recent else 0.0
        shown = kept[-HISTORY_S:] if whole else kept[-1:]
        return {
            "seconds": [
                [round(each.time, 1), round(each.late_s * 1000, 1), round(each.computed, 4), round(each.turns, 4)]
                for each in shown
            ],
            "headroom": round(max(0.0, 1.0 - computed), 4),
            "held": 0 if watchdog is None else watchdog.held_count,
            "longest_ms": 0 if watchdog is None else round(watchdog.longest_s * 1000),
            "latest": [] if watchdog is None else list(watchdog.holds)[-5:],
        }

    def _groups(self, sums: dict[str, list[float]], span: float) -> list[dict[str, Any]]:
        made = []
        apart = self._apart()
        for key, group in self.census.latest.groups.items():
            messages, busy, depth, deepest, oldest = sums.get(key, (0.0, 0.0, 0, 0, 0.0))
            row: dict[str, Any] = {
                "key": key, "domain": group.domain, "class": group.actor_class, "path": group.path,
                "count": group.count, "messages_s": round(messages / span, 1),
                "busy": round(min(busy / span, group.count), 4),
                "mailbox": int(depth), "mailbox_max": int(deepest), "oldest_s": round(oldest, 2),
                "restarts": group.restarts, "states": _states(group.states, apart.get(key, Counter())),
            }  # fmt: skip
            made.append(row)
        made.sort(key=_group_order)
        return made

    def _apart(self) -> dict[str, Counter[str]]:
        """By group, how many run by their supervisors' count and do not go on all the same."""
        found: dict[str, Counter[str]] = {}
        shown = dict.fromkeys(self._system.paused, PAUSED) | dict.fromkeys(self.rows.deadlocked, DEADLOCKED)
        for path, state in shown.items():
            actor = self._system.actor(path)
            if actor is not None:
                found.setdefault(key_of(path, type(actor).__name__), Counter())[state] += 1
        return found

    def _flow(
        self, types: dict[tuple[type, type], list[float]], rates: dict[str, float], calls: Counter[str], span: float
    ) -> list[dict[str, Any]]:
        # A class lives in one part, but for supervisors: their group's path tells.
        parts = {group.actor_class: part_of(f"{group.path}/x") for group in self.census.latest.groups.values()}
        handled = [
            (parts.get(actor_class.__name__, "core"), message.__name__, row[COUNT] / span)
            for (actor_class, message), row in types.items()
        ]
        others = max(0.0, rates["published"] - rates["changes"])
        by_caller = {caller: count / span for caller, count in calls.items()}
        return edges(handled, rates["changes"], others, by_caller, rates["delivered"])

    def _read_counters(self) -> dict[str, float]:
        system = self._system
        return {
            "published": system.bus.published, "delivered": system.bus.delivered, "turns": system.dispatcher.turns,
            "changes": self._home.states.changes,
        }  # fmt: skip


def _types(types: dict[tuple[type, type], list[float]], span: float) -> list[dict[str, Any]]:
    """Handler time by actor class and message type, the most expensive first."""
    first = sorted(types.items(), key=lambda item: -item[1][TOTAL_S])[:MAX_TYPES]
    return [
        {
            "class": actor_class.__name__, "type": message.__name__, "count_s": round(row[COUNT] / span, 1),
            "mean_ms": round(row[TOTAL_S] / row[COUNT] * 1000, 3), "max_ms": round(row[MAX_S] * 1000, 3),
            "busy": round(row[TOTAL_S] / span, 4), "waits": issubclass(actor_class, PinnedActor),
        }
        for (actor_class, message), row in first
    ]  # fmt: skip


def _states(counted: Counter[str], apart: Counter[str]) -> dict[str, int]:
    """States of a group's members, with those that are paused or deadlocked taken out of the running ones."""
    left = Counter(counted)
    left["running"] -= apart.total()
    return {state: number for state, number in (*apart.items(), *left.items()) if number > 0}


def _group_order(row: dict[str, Any]) -> tuple[float, ...]:
    states = row["states"]
    return (
        *(-states.get(state, 0) for state in GUILTY_STATES), -row["oldest_s"], -row["mailbox"], -row["busy"],
        -row["messages_s"], -row["count"],
    )  # fmt: skip
