"""Variables of a run: nested scopes, assigned where they were defined. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Variables(Mapping[str, Any]):
    """A scope, and the scopes around it.

    An assignment changes the variable where it is defined, else it defines it for the whole run, as HA does.
    `local` defines it here only: a loop's `repeat`, a parallel branch's `wait`.
    """

    __slots__ = ("_own", "_parent", "parallel")

    def __init__(self, own: Mapping[str, Any] | None = None, parent: Variables | None = None) -> None:
        self._own: dict[str, Any] = dict(own or {})
        self._parent = parent
        self.parallel = False  # the root of a branch that runs beside others

    def child(self, own: Mapping[str, Any] | None = None, *, parallel: bool = False) -> Variables:
        """A scope inside this one."""
        scope = Variables(own, self)
        scope.parallel = parallel
        return scope

    def assign(self, name: str, value: Any) -> None:
        """Set `name` in the nearest scope that has it, else in the outermost."""
        scope = self
        while name not in scope._own and scope._parent is not None:
            scope = scope._parent
        scope._own[name] = value

    def assign_wait(self, value: Any) -> None:
        """Set `wait`: for the whole run, but inside a parallel branch for that branch only."""
        scope = self
        while not scope.parallel and scope._parent is not None:
            scope = scope._parent
        scope._own["wait"] = value

    def local(self, name: str, value: Any) -> None:
        """Set `name` in this scope."""
        self._own[name] = value

    def flat(self) -> dict[str, Any]:
        """All that is visible here, as a new dict."""
        if self._parent is None:
            return dict(self._own)
        seen = self._parent.flat()
        seen.update(self._own)
        return seen

    def __getitem__(self, name: str) -> Any:
        scope: Variables | None = self
        while scope is not None:
            if name in scope._own:
                return scope._own[name]
            scope = scope._parent
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As a dict's, without the price of an exception for each miss."""
        scope: Variables | None = self
        while scope is not None:
            if name in scope._own:
                return scope._own[name]
            scope = scope._parent
        return default

    def __iter__(self) -> Iterator[str]:
        return iter(self.flat())

    def __len__(self) -> int:
        return len(self.flat())
