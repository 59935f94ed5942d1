"""Runs that follow from one another: an automation that triggers the next one, scripts that start each other.

What each of them does is short, yet all together may never end. A chain that goes on and on at speed is cut off.
Memory is bounded: chains that have been quiet for longest are forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

MAX_RUNS = 10_000
WITHIN_S = 600.0
"""More than 16 runs a second for ten minutes, each the consequence of the one before, end by themselves no more."""
MAX_CHAINS = 4_096


class _Link(NamedTuple):
    runs: int
    began: float


class Chains:
    """How long the chains of runs are. Used from the hub only."""

    def __init__(self) -> None:
        self._links: OrderedDict[str, _Link] = OrderedDict()

    def go_on(self, cause: str | None, own: str, now: float) -> bool:
        """Note a run; whether it may begin.

        Args:
            cause: the context that it follows from; None: nothing that is known.
            own: the context of what it does itself; for scripts the same.
            now: seconds of any clock that goes on.
        """
        before = None if cause is None else self._links.pop(cause, None) if cause == own else self._links.get(cause)
        if before is None or now - before.began > WITHIN_S:
            before = _Link(0, now)
        self._links[own] = _Link(before.runs + 1, before.began)
        if len(self._links) > MAX_CHAINS:
            self._links.popitem(last=False)
        return before.runs < MAX_RUNS


def complaint() -> str:
    """What is said of the run that was not begun."""
    return f"terminated: {MAX_RUNS} runs have followed from one another within {WITHIN_S / 60:g} minutes"
