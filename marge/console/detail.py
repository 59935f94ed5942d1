"""Everything about one actor, also one that is gone. In the asker's greenlet; lets others in."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from marge.actors import Actor, ActorSystem, PinnedActor, Supervisor
from marge.actors.inspect import child_of, inspect, trace_of
from marge.actors.metering import WAITS_MS
from marge.actors.runtime import PAUSED
from marge.actors.waits import asked_of, wait_of, waits
from marge.console.actions import clean
from marge.console.listing import pinned_actors
from marge.console.rows import Rows
from marge.console.vital import VITAL, refusal
from marge.errors import NotFound
from marge.redact import redact_text, redact_value

if TYPE_CHECKING:
    from marge.console.actions import Actions
    from marge.console.watcher import Viewers

MAX_SHOWN = 100
MAX_MEASURED = 10_000
"""Things inside one actor that are measured for the estimate of its memory."""


def detail(system: ActorSystem, viewers: Viewers, actions: Actions, path: str) -> dict[str, Any]:
    """The actor at `path`.

    Raises:
        NotFound: nobody was ever there, or it is forgotten.
    """
    path = clean(path)
    actor = system.actor(path)
    child = child_of(system, path)
    graves = system.graves.of(path)
    overview = viewers.overview
    rows = Rows(system) if overview is None else overview.rows
    row = rows.row(path, actor)
    if row is None:
        raise NotFound(f"no actor at {path}")
    told: dict[str, Any] = {
        **row,
        "vital": VITAL.get(path),
        "deaths": [death.as_dict() | {"error": redact_text(death.error)} for death in reversed(graves)],
        "paused_until": actions.paused.get(path) if row["state"] == PAUSED else None,
        "refusals": {
            action: reason for action in ("stop", "pause", "drain")
            if (reason := refusal(system, path, action)) is not None
        },
        "exists": actor is not None or child is not None,
    }  # fmt: skip
    for death in told["deaths"]:
        death["stack"] = redact_text(death["stack"])
        death["message"] = None if death["message"] is None else redact_text(death["message"])
    if not told["exists"]:
        return told
    told["logger"] = actions.level_of(path)
    known = inspect(system, path)
    for name in ("restart", "mailbox_limit", "overflow", "stack", "processed", "busy_ms", "slow_turns"):
        if name in known:
            told[name] = known[name]
    if actor is None:
        return told
    told["state_of"] = redact_value(None, known.get("state", {}))
    told |= _living(system, viewers, actor)
    return told


def _living(system: ActorSystem, viewers: Viewers, actor: Actor) -> dict[str, Any]:
    pinned = pinned_actors(system) if viewers.overview is None else viewers.overview.census.latest.pinned
    trace = trace_of(actor)
    waiting = actor.actor_inbox.waiting()
    kinds = Counter(type(envelope.message).__name__ for envelope in waiting)
    asks = wait_of(system, actor) if isinstance(actor, PinnedActor) else None
    questions = asked_of(system, actor.path)
    # Nobody waits for one that has no question and does nothing: then nobody's stack has to be looked at.
    is_asked = questions or (isinstance(actor, PinnedActor) and actor.actor_inbox.busy)
    askers = [wait.as_dict() for wait in waits(system, pinned)] if is_asked else []
    askers = [wait for wait in askers if wait["target"] == actor.path]
    others = len(questions) - sum(wait["message"] is not None for wait in askers)
    subscriptions = system.bus.subscriptions_of(actor.actor_ref)
    timers = system.clock.timers_of(actor.actor_ref)
    return {
        "since": actor.actor_inbox.made,
        "start_s": round(actor._start_s, 4),
        "tracing_until": None if trace is None else trace.until,
        "is_tracing": trace is not None,
        "trace": [] if trace is None else [
            entry | {"message": redact_text(entry["message"])} for entry in reversed(trace.entries)
        ],
        "waits": [] if trace is None else [
            {"below_ms": below, "count": count} for below, count in zip((*WAITS_MS, None), trace.waits, strict=True)
        ],
        "waiting_types": dict(kinds.most_common(MAX_SHOWN)),
        "asks": None if asks is None else asks.as_dict(),
        "asked_by": askers[:MAX_SHOWN],
        "asked_by_others": max(0, others),
        "subscriptions": [
            {"event_type": each.event_type, "key": each.key} for each in subscriptions[:MAX_SHOWN]
        ],
        "subscriptions_total": len(subscriptions),
        "timers": [{"in_s": round(in_s, 1), "type": kind} for in_s, kind in timers[:MAX_SHOWN]],
        "timers_total": len(timers),
        "memory_bytes": memory_of(actor),
        "children": len(actor.child_names()) if isinstance(actor, Supervisor) else 0,
    }  # fmt: skip


def memory_of(actor: Actor) -> int:
    """About how many bytes its own fields take: containers one level deep. What it shares with others is not counted,
    so a lower bound."""
    total = sys.getsizeof(actor) + sys.getsizeof(vars(actor)) + sys.getsizeof(actor.actor_inbox)
    left = MAX_MEASURED
    for name, value in vars(actor).items():
        if name in ("system", "path", "actor_urn", "spec"):
            continue
        if isinstance(value, (str, bytes, bytearray, dict, list, tuple, set, frozenset)):
            total += sys.getsizeof(value)
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            items = list(value.values() if isinstance(value, dict) else value)[:left]
            left -= len(items)
            total += sum(sys.getsizeof(item) for item in items)
    return total
