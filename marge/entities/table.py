"""The state table: the snapshot of all entities that everybody reads. Only entity actors write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import TracebackType

from marge.model import State


class Collecting:
    """Notes which states change under one context while its block runs. `states`: each change, in order (an entity that
    changed twice is there twice, as in HA's replies)."""

    __slots__ = ("_collectors", "_context_id", "states")

    def __init__(self, collectors: dict[str, list[Collecting]], context_id: str) -> None:
        self._collectors = collectors
        self._context_id = context_id
        self.states: list[State] = []

    def __enter__(self) -> Collecting:
        self._collectors.setdefault(self._context_id, []).append(self)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        collecting = self._collectors[self._context_id]
        if len(collecting) == 1:
            del self._collectors[self._context_id]
        else:
            collecting.remove(self)


class StateTable:
    """Entity id to `State`, in order of creation. Reading is free, from any greenlet of the hub."""

    def __init__(self) -> None:
        self.changes = 0
        """State changes since start."""
        self.former: Mapping[str, str] = {}
        """Ids that renamed entities had, to those they have now. The entity registry's; nobody has the former ones."""
        self._states: dict[str, State] = {}
        self._domains: dict[str, dict[str, State]] = {}
        self._owners: dict[str, str] = {}
        self._kinds: Counter[tuple[str | None, str]] = Counter()
        self._collectors: dict[str, list[Collecting]] = {}

    def get(self, entity_id: str) -> State | None:
        return self._states.get(entity_id)

    def current_id(self, entity_id: str) -> str:
        """The id of the entity that is meant: its present one, if this is one that it had before it was renamed."""
        if self.former and entity_id not in self._states:
            return self.former.get(entity_id, entity_id)
        return entity_id

    def find(self, entity_id: str) -> State | None:
        """As `get`, for what people wrote down once (automations, templates, groups): former ids count too."""
        state = self._states.get(entity_id)
        return self._states.get(self.former.get(entity_id, "")) if state is None and self.former else state

    def all(self) -> list[State]:
        """All states, in order of creation."""
        return list(self._states.values())

    def domain(self, name: str) -> list[State]:
        """The states of one domain, in order of creation."""
        return list(self._domains.get(name, {}).values())

    def ids(self) -> list[str]:
        return list(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, entity_id: str) -> bool:
        return entity_id in self._states

    def owner(self, entity_id: str) -> str | None:
        """The bridge or platform that owns the entity; None for a virtual one."""
        return self._owners.get(entity_id)

    def kinds(self) -> set[tuple[str | None, str]]:
        """`(owner, domain)` of all entities, each pair once; the owner of virtual ones is None."""
        return {kind for kind, count in self._kinds.items() if count > 0}

    def collect(self, context_id: str) -> Collecting:
        """For a `with` block: the states that change under this context while it runs."""
        return Collecting(self._collectors, context_id)

    # -- for entity actors only --------------------------------------------------------------------------------------

    def _put(self, state: State, changed: bool) -> None:
        entity_id = state.entity_id
        domain = entity_id.partition(".")[0]
        if entity_id not in self._states:
            self._kinds[self._owners.get(entity_id), domain] += 1
        self._states[entity_id] = state
        of_domain = self._domains.get(domain)
        if of_domain is None:
            of_domain = self._domains[domain] = {}
        of_domain[entity_id] = state
        if changed:
            self.changes += 1
            if self._collectors:
                for collecting in self._collectors.get(state.context.id, ()):
                    collecting.states.append(state)

    def _remove(self, entity_id: str) -> None:
        domain = entity_id.partition(".")[0]
        if self._states.pop(entity_id, None) is not None:
            self._kinds[self._owners.get(entity_id), domain] -= 1
        self._domains.get(domain, {}).pop(entity_id, None)

    def _set_owner(self, entity_id: str, owner: str | None) -> None:
        if entity_id in self._states:
            domain = entity_id.partition(".")[0]
            self._kinds[self._owners.get(entity_id), domain] -= 1
            self._kinds[owner, domain] += 1
        if owner is None:
            self._owners.pop(entity_id, None)
        else:
            self._owners[entity_id] = owner


class LastingStates:
    """The table as those read it who name entities by what was written down once: former ids count."""

    def __init__(self, table: StateTable) -> None:
        self.get = table.find
        self.all = table.all
        self.domain = table.domain
        self._table = table

    def owner(self, entity_id: str) -> str | None:
        return self._table.owner(self._table.current_id(entity_id))
