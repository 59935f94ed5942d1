"""Counts all actors by class and domain, a part of them at a time. Not here: how busy they are (`overview`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from marge.actors import Actor, ActorSystem, PinnedActor, Supervisor
from marge.actors.supervisor import Child

PARTS = 10
"""A census takes this many rounds."""
A_STEP = 500
LEAST_A_ROUND = 2_000
MAX_GROUPS = 500
MAX_TROUBLED = 500
OTHERS = "others"
ENTITIES = "/entities"
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
        return rest.partition(".")[0], ENTITIES
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
        self._quick: dict[tuple[str, type], Group] = {}

    @property
    def states(self) -> Counter[str]:
        """How many are in which state."""
        return sum((group.states for group in self.groups.values()), Counter())

    @property
    def restarts(self) -> int:
        return sum(group.restarts for group in self.groups.values())

    def add(self, domain: str, above: str, actor_class: type[Actor], status: str, restarts: int) -> None:
        """One actor more. The hot path: 60,000 of them."""
        group = self._quick.get((domain, actor_class))
        if group is None:
            group = self._quick[domain, actor_class] = self._group(domain, above, actor_class.__name__)
        group.count += 1
        group.states[status] += 1
        if restarts:
            group.restarts += restarts

    def _group(self, domain: str, above: str, name: str) -> Group:
        key = f"{domain} {name}"
        if key not in self.groups and len(self.groups) >= MAX_GROUPS:
            key, domain, name, above = OTHERS, OTHERS, "", "/"
        return self.groups.setdefault(key, Group(domain, name, above))


class Census:
    """Counts again and again. `step` does a part; `latest` is the last whole count."""

    def __init__(self, system: ActorSystem) -> None:
        self._system = system
        self.latest = Count()
        self._under_way: Iterator[Count | None] | None = None

    @property
    def steps_a_round(self) -> int:
        """How often to call `step` a second."""
        return max(LEAST_A_ROUND, len(self._system) // PARTS) // A_STEP

    def step(self) -> bool:
        """Count the next 500, in less than a millisecond. True when a count became whole."""
        if self._under_way is None:
            self._under_way = self._run()
        done = next(self._under_way)
        if done is None:
            return False
        self.latest, self._under_way = done, None
        return True

    def _run(self) -> Iterator[Count | None]:
        count = Count()
        plain: set[type[Actor]] = set()
        seen = 0
        root = self._system.actor("/")
        waiting: list[tuple[str, Supervisor]] = [("", root)] if isinstance(root, Supervisor) else []
        if root is not None:
            count.add(*place_of("/"), type(root), "running", 0)
        while waiting:
            prefix, supervisor = waiting.pop()
            for name, child in list(supervisor._children.items()):
                actor_class = child.spec.actor_class
                status = child.status
                if prefix == ENTITIES:
                    domain, above = name.partition(".")[0], ENTITIES
                else:
                    domain, above = place_of(f"{prefix}/{name}")
                count.add(domain, above, actor_class, WORDS.get(status, status), child.total_restarts)
                if status in _TROUBLE and len(count.troubled) < MAX_TROUBLED:
                    count.troubled.append(f"{prefix}/{name}")
                if actor_class not in plain and not issubclass(actor_class, (PinnedActor, Supervisor)):
                    plain.add(actor_class)
                if actor_class not in plain:
                    path = f"{prefix}/{name}"
                    actor = self._system.actor(path)
                    if isinstance(actor, PinnedActor):
                        count.pinned.append(actor)
                    elif isinstance(actor, Supervisor):
                        waiting.append((path, actor))
                seen += 1
                if seen % A_STEP == 0:
                    yield None
        yield count


def countdown(system: ActorSystem, child: Child) -> float | None:
    """Seconds until a child that waits is started again."""
    if child.status != "waiting" or child.timer is None or child.timer.done:
        return None
    return round(max(0.0, child.timer.deadline - system.clock.monotonic()), 1)


