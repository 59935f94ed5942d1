"""Counts all actors by class and domain, a part of them at a time. Not here: how busy they are (`overview`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marge.actors import Actor, ActorSystem, PinnedActor, Supervisor
from marge.actors.supervisor import Child

PARTS = 10
"""A census takes this many rounds."""
LEAST_A_ROUND = 2_000
MAX_GROUPS = 500
MAX_TROUBLED = 500
OTHERS = "others"
_DEEP = frozenset(("bridges", "http", "helpers", "integrations"))
"""Tops whose next name says what it is about."""
_TROUBLE = frozenset(("waiting", "failed", "stopped", "stopping"))

WORDS = {"waiting": "restarting"}
"""The supervisor's words for states that have others here."""


def place_of(path: str) -> tuple[str, str]:
    """`(domain, path of the parent that such actors have in common)` of an actor."""
    top, _, rest = path[1:].partition("/")
    if not rest:
        return top or "root", "/"
    if top == "entities":
        return rest.partition(".")[0], "/entities"
    if top in _DEEP:
        below, _, deeper = rest.partition("/")
        return (f"{top}/{below}", f"/{top}/{below}") if deeper else (below.partition("-")[0], f"/{top}")
    return top, f"/{top}"


def key_of(path: str, actor_class: str) -> str:
    """The key of an actor's group. Runs stand with their kind, not with their automation."""
    return f"{place_of(path)[0]} {actor_class}"


class Group:
    """Actors of one class and domain."""

    __slots__ = ("actor_class", "count", "domain", "path", "restarts", "states")

    def __init__(self, domain: str, actor_class: str, path: str) -> None:
        self.domain = domain
        self.actor_class = actor_class
        self.path = path
        self.count = 0
        self.restarts = 0
        self.states: Counter[str] = Counter()


class Count:
    """What one census found.

    Attributes:
        troubled: paths of children that do not run as they should.
        pinned: the living pinned actors.
    """

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.troubled: list[str] = []
        self.pinned: list[PinnedActor] = []
        self.states: Counter[str] = Counter()
        self.restarts = 0

    def add(self, path: str, actor_class: type[Actor], status: str, restarts: int) -> None:
        domain, above = place_of(path)
        name = actor_class.__name__
        key = f"{domain} {name}"
        group = self.groups.get(key)
        if group is None:
            if len(self.groups) >= MAX_GROUPS:
                key, domain, name, above = OTHERS, OTHERS, "", "/"
            group = self.groups.setdefault(key, Group(domain, name, above))
        group.count += 1
        group.states[status] += 1
        self.states[status] += 1
        if restarts:
            group.restarts += restarts
            self.restarts += restarts


class Census:
    """Counts again and again. `step` does a part; `latest` is the last whole count."""

    def __init__(self, system: ActorSystem) -> None:
        self._system = system
        self.latest = Count()
        self._under_way: Iterator[Count | None] | None = None

    def step(self) -> bool:
        """Count a part, within 2 ms or so for each 2,000. True when a count became whole."""
        if self._under_way is None:
            self._under_way = self._run(max(LEAST_A_ROUND, len(self._system) // PARTS))
        done = next(self._under_way)
        if done is None:
            return False
        self.latest, self._under_way = done, None
        return True

    def _run(self, a_round: int) -> Iterator[Count | None]:
        count = Count()
        seen = 0
        root = self._system.actor("/")
        waiting: list[tuple[str, Supervisor]] = [("", root)] if isinstance(root, Supervisor) else []
        if root is not None:
            count.add("/", type(root), "running", 0)
        while waiting:
            prefix, supervisor = waiting.pop()
            for name, child in list(supervisor._children.items()):
                path = f"{prefix}/{name}"
                actor_class = child.spec.actor_class
                status = child.status
                count.add(path, actor_class, WORDS.get(status, status), child.total_restarts)
                if status in _TROUBLE and len(count.troubled) < MAX_TROUBLED:
                    count.troubled.append(path)
                if issubclass(actor_class, (PinnedActor, Supervisor)):
                    actor = self._system.actor(path)
                    if isinstance(actor, PinnedActor):
                        count.pinned.append(actor)
                    elif isinstance(actor, Supervisor):
                        waiting.append((path, actor))
                seen += 1
                if seen % a_round == 0:
                    yield None
        yield count


def countdown(system: ActorSystem, child: Child) -> float | None:
    """Seconds until a child that waits is started again."""
    if child.status != "waiting" or child.timer is None or child.timer.done:
        return None
    return round(max(0.0, child.timer.deadline - system.clock.monotonic()), 1)


