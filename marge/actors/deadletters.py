"""Dead letters: messages nobody could take. Counted, and the latest kept to look at."""

from __future__ import annotations

import time
from collections import Counter, deque
from typing import Any, NamedTuple

KEPT = 200


class DeadLetter(NamedTuple):
    """One message that reached nobody. `time` is UTC epoch seconds; `message` a short text of it."""

    time: float
    path: str
    reason: str
    message: str


class DeadLetters:
    """Counts per reason and the latest `KEPT` letters."""

    def __init__(self) -> None:
        self.total = 0
        self.by_reason: Counter[str] = Counter()
        self.latest: deque[DeadLetter] = deque(maxlen=KEPT)

    def add(self, path: str, message: Any, reason: str) -> None:
        """Note that `message` for the actor at `path` could not be delivered."""
        from marge.actors.runtime import summary

        self.total += 1
        self.by_reason[reason] += 1
        self.latest.append(DeadLetter(time.time(), path, reason, summary(message)))

    def as_dict(self) -> dict[str, Any]:
        """Figures and letters, newest first."""
        return {
            "total": self.total,
            "by_reason": dict(self.by_reason),
            "latest": [letter._asdict() for letter in reversed(self.latest)],
        }
