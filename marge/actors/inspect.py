"""Figures of actors for the console: the tree, and one actor in detail. Costs nothing while nobody asks.

`tree` and `top` of a big home let others in between; so they are for the asker's greenlet, not for a handler.
"""

from __future__ import annotations

import time
from typing import Any

from marge.actors.mailbox import measure, measure_no_more
from marge.actors.metering import Trace
from marge.actors.runtime import STARTING, Actor, PinnedActor
from marge.actors.supervisor import Child, Supervisor
from marge.actors.system import ROOT, ActorSystem, join, split
from marge.errors import NotFound
from marge.util.breathe import let_others_in
from marge.util.frames import inner_frames

CHILDREN_SHOWN = 200
DEPTH_SHOWN = 4
_STACK_DEPTH = 8
NODES_A_TURN = 1_000


def tree(
    system: ActorSystem, path: str = ROOT, depth: int = DEPTH_SHOWN, limit: int = CHILDREN_SHOWN
) -> dict[str, Any]:
    """The actor at `path` and those below it, with figures.

    `children` holds at most `limit` of them; `child_count` tells how many there are.

    Raises:
        NotFound: no actor was ever supervised at this path.
    """
    below: dict[str, list[str]] = {}
    for at in system.paths():
        if at != ROOT:
            below.setdefault(split(at)[0], []).append(at)
    return _node(system, path, below, depth, limit, _Breath())


def top(system: ActorSystem, sort: str, limit: int) -> list[dict[str, Any]]:
    """The figures of the `limit` actors that have the most of `sort`, a name in `figures`, most first."""
    breath = _Breath()
    rows: list[dict[str, Any]] = []
    for path in system.paths():
        breath.take()
        if system.actor(path) is not None:  # it may have ended while others had their turn
            rows.append(figures(system, path))
        if len(rows) >= 2 * max(limit, NODES_A_TURN):
            rows = _first(rows, sort, limit)
    return _first(rows, sort, limit)


def _first(rows: list[dict[str, Any]], sort: str, limit: int) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: float(row.get(sort, 0)), reverse=True)[:limit]


class _Breath:
    """Lets others have the hub after every `NODES_A_TURN` nodes."""

    def __init__(self) -> None:
        self._nodes = 0

    def take(self) -> None:
        self._nodes += 1
        if self._nodes % NODES_A_TURN == 0:
            let_others_in()


def _node(
    system: ActorSystem, path: str, below: dict[str, list[str]], depth: int, limit: int, breath: _Breath
) -> dict[str, Any]:
    node = figures(system, path)
    children = list(below.get(path, ()))
    actor = system.actor(path)
    if isinstance(actor, Supervisor):
        alive = set(children)
        for name in actor.child_names():
            at = join(path, name)
            if at not in alive:
                children.append(at)
    if children:
        node["child_count"] = len(children)
        if depth > 1:
            node["children"] = shown = []
            for at in children[:limit]:
                breath.take()
                if _is_known(system, at):
                    shown.append(_node(system, at, below, depth - 1, limit, breath))
    return node


def _is_known(system: ActorSystem, path: str) -> bool:
    """Whether there are figures of `path`: it may have ended, and be forgotten, while others had their turn."""
    return system.actor(path) is not None or child_of(system, path) is not None


def figures(system: ActorSystem, path: str) -> dict[str, Any]:
    """Status and figures of one actor, alive or waiting for its restart.

    Raises:
        NotFound: no actor was ever supervised at this path.
    """
    actor = system.actor(path)
    child = child_of(system, path)
    if actor is None and child is None:
        raise NotFound(f"no actor at {path}")
    node: dict[str, Any] = {"path": path, "status": _status(actor, child)}
    if actor is not None:
        node["class"] = type(actor).__name__
        node["mailbox"] = len(actor.actor_inbox)
        node["processed"] = actor._processed
        node["busy_ms"] = round(max(0.0, actor._busy_s) * 1000, 3)
        if actor._slow_turns:
            node["slow_turns"] = actor._slow_turns
        if isinstance(actor, PinnedActor) and actor._waiting_for is not None:
            what, since = actor._waiting_for
            node["waiting_for"] = what
            node["waiting_s"] = round(time.monotonic() - since, 1)
    elif child is not None:
        node["class"] = child.spec.actor_class.__name__
    if child is not None:
        node["restarts"] = child.total_restarts
        if child.deaths:
            node["last_failure"] = child.deaths[-1]
    return node


def inspect(system: ActorSystem, path: str) -> dict[str, Any]:
    """One actor in detail: figures, its own summary, its deaths, its stack while it waits, its trace.

    Raises:
        NotFound: no actor was ever supervised at this path.
    """
    node = figures(system, path)
    actor = system.actor(path)
    child = child_of(system, path)
    if child is not None:
        node["deaths"] = list(child.deaths or ())
        node["restart"] = child.spec.restart.value
    if actor is None:
        return node
    node["pinned"] = isinstance(actor, PinnedActor)
    node["mailbox_limit"] = actor.mailbox_limit
    node["overflow"] = actor.overflow.value
    try:
        node["state"] = actor.describe()
    except Exception as exc:  # noqa: BLE001 - a broken summary must not hide the figures
        node["state"] = {"error": f"describe() failed: {type(exc).__name__}: {exc}"}
    if isinstance(actor, PinnedActor) and actor._greenlet is not None and actor._greenlet.gr_frame is not None:
        frames = inner_frames(actor._greenlet.gr_frame, _STACK_DEPTH)
        node["stack"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    trace = trace_of(actor)
    node["tracing"] = trace is not None
    if trace is not None:
        node["trace"] = list(trace.entries)
    return node


def trace_of(actor: Actor) -> Trace | None:
    """The last messages of an actor, if they are kept."""
    trace = vars(actor).get("_trace")
    return trace if isinstance(trace, Trace) else None


def set_tracing(system: ActorSystem, path: str, on: bool, for_s: float | None = None) -> None:
    """Keep the last messages of an actor, with the time that each waited and took, or stop keeping them.

    Args:
        for_s: after so many seconds it ends by itself; None: it does not.

    Raises:
        NotFound: nobody lives at this path.
    """
    actor = system.actor(path)
    if actor is None:
        raise NotFound(f"no actor at {path}")
    vars(actor).pop("_trace", None)  # what the class says about measuring counts again
    measure_no_more(actor.actor_inbox)
    if not on:
        return
    trace = actor._trace = Trace(None if for_s is None else system.clock.now() + for_s)
    measure(actor.actor_inbox, trace.note_wait)
    if for_s is not None:
        system.clock.after(for_s, lambda _message: _end_trace(actor, trace))


def _end_trace(actor: Actor, trace: Trace) -> None:
    if trace_of(actor) is trace:  # else it was switched off, or on anew
        vars(actor).pop("_trace", None)
        measure_no_more(actor.actor_inbox)


def child_of(system: ActorSystem, path: str) -> Child | None:
    if path == ROOT:
        return None
    parent, name = split(path)
    supervisor = system.actor(parent)
    return supervisor.child(name) if isinstance(supervisor, Supervisor) else None


def _status(actor: Actor | None, child: Child | None) -> str:
    if actor is None:
        return "gone" if child is None else child.status
    if actor._status == STARTING:
        return STARTING
    if child is not None and child.status == "stopping":
        return child.status
    return actor._status
