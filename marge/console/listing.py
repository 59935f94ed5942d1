"""Lists of actors for drilling down: filtered and sorted here, never more than 200 rows. In the asker's greenlet."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from marge.actors import Actor, ActorSystem, PinnedActor, Supervisor
from marge.actors.supervisor import Child
from marge.console.actions import clean
from marge.console.census import ENTITIES, key_of
from marge.console.rows import Rows
from marge.errors import InvalidRequest, NotFound
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.console.watcher import Viewers

MAX_ROWS = 200
MAX_OFFSET = 100_000
SORTS = ("guilt", "mailbox", "busy", "messages", "restarts", "name")
DEADLOCK_RANK = 5
_RANKS = {"failed": 4, "waiting": 3, "stopped": 2, "stopping": 1}

Known = tuple[str, Child]
Key = Callable[[Known, "Actor | None"], "tuple[Any, ...]"]


def listing(
    system: ActorSystem, viewers: Viewers, path: str | None = None, group: str | None = None, text: str = "",
    sort: str = "guilt", offset: int = 0, limit: int = MAX_ROWS,
) -> dict[str, Any]:
    """Children of `path`, the members of `group`, or, with a filter alone, all actors in whose path or class it occurs.

    Raises:
        NotFound: nobody was ever supervised at `path`.
        InvalidRequest: there is no such order.
    """
    if sort not in SORTS:
        raise InvalidRequest(f"sort must be one of {', '.join(SORTS)}.")
    limit = max(1, min(limit, MAX_ROWS))
    wanted = text.strip().lower()
    if path is not None:
        path = clean(path)
        source: Iterator[Known] = in_turns(_children(system, path))
    elif group is not None:
        source = _members(system, group)
    elif wanted:
        source = in_turns(_all(system))
    else:
        source = in_turns(_children(system, "/"))
    if wanted:
        source = (each for each in source if wanted in each[0].lower() or wanted in _class_of(each).lower())
    total = 0
    overview = viewers.overview
    rows = Rows(system) if overview is None else overview.rows
    key = _key(sort, rows)

    def keyed() -> Iterator[tuple[tuple[Any, ...], int, Known]]:
        nonlocal total
        for each in source:
            total += 1
            yield key(each, system.actor(each[0])), -total, each

    first = heapq.nlargest(min(offset, MAX_OFFSET) + limit, keyed())[offset:]
    made = [rows.row(found, system.actor(found)) for _key_of, _number, (found, _child) in first]
    shown = [row for row in made if row is not None]
    for row in shown:
        actor = system.actor(row["path"])
        row["children"] = len(actor.child_names()) if isinstance(actor, Supervisor) else 0
        row["processed"] = 0 if actor is None else actor._processed
        row["busy_total_s"] = 0.0 if actor is None else round(max(0.0, actor._busy_s), 3)
    return {"path": path, "group": group, "total": total, "offset": offset, "rows": shown}


def pinned_actors(system: ActorSystem) -> list[PinnedActor]:
    """All living pinned actors. Lets others in."""
    return [
        actor for path in in_turns(system.paths()) if isinstance(actor := system.actor(path), PinnedActor)
    ]  # fmt: skip


def _children(system: ActorSystem, path: str) -> Iterator[Known]:
    supervisor = system.actor(path)
    if supervisor is None:
        raise NotFound(f"no actor at {path}")
    if isinstance(supervisor, Supervisor):
        prefix = "" if path == "/" else path
        for name, child in list(supervisor._children.items()):
            yield f"{prefix}/{name}", child


def _members(system: ActorSystem, group: str) -> Iterator[Known]:
    domain = group.partition(" ")[0]
    entities = system.actor(ENTITIES)
    if isinstance(entities, Supervisor):  # most actors are here: a look at the name comes first
        start = f"{domain}."
        for name, child in in_turns(list(entities._children.items())):
            if name.startswith(start) and f"{domain} {child.spec.actor_class.__name__}" == group:
                yield f"{ENTITIES}/{name}", child
    for known in in_turns(_all(system, but=ENTITIES)):
        if key_of(known[0], _class_of(known)) == group:
            yield known


def _all(system: ActorSystem, but: str | None = None) -> Iterator[Known]:
    waiting = ["/"]
    while waiting:
        at = waiting.pop()
        if at == but or system.actor(at) is None:
            continue  # it ended while others had their turn
        for path, child in _children(system, at):
            if issubclass(child.spec.actor_class, Supervisor):
                waiting.append(path)
            yield path, child


def _class_of(known: Known) -> str:
    return known[1].spec.actor_class.__name__


def _key(sort: str, rows: Rows) -> Key:
    def depth(actor: Actor | None) -> int:
        return 0 if actor is None else len(actor.actor_inbox)

    def guilt(known: Known, actor: Actor | None) -> tuple[Any, ...]:
        child = known[1]
        state = 0 if actor is None or actor._status == "running" else 2
        rank = DEADLOCK_RANK if known[0] in rows.deadlocked else max(_RANKS.get(child.status, 0), state)
        return rank, depth(actor), child.total_restarts, 0 if actor is None else max(0.0, actor._busy_s)

    def mailbox(_known: Known, actor: Actor | None) -> tuple[Any, ...]:
        return (depth(actor),)

    def busy(_known: Known, actor: Actor | None) -> tuple[Any, ...]:
        return (0.0 if actor is None else actor._busy_s,)

    def messages(_known: Known, actor: Actor | None) -> tuple[Any, ...]:
        return (0 if actor is None else actor._processed,)

    def restarts(known: Known, _actor: Actor | None) -> tuple[Any, ...]:
        return (known[1].total_restarts,)

    def name(known: Known, _actor: Actor | None) -> tuple[Any, ...]:
        return tuple(-ord(character) for character in known[0])  # the first of the alphabet comes first

    return {
        "guilt": guilt, "mailbox": mailbox, "busy": busy, "messages": messages, "restarts": restarts, "name": name,
    }[sort]  # fmt: skip
