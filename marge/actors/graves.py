"""Why actors died: the last deaths of each path, kept when the actor and its supervisor's word of it are long gone."""

from __future__ import annotations

import time
import traceback
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, NamedTuple

KEPT = 5
"""Deaths of one path."""
MAX_PATHS = 500
"""The paths that have been quiet for longest are forgotten."""
STACK_DEPTH = 20
MAX_STACK = 8_000
MAX_ERROR = 1_000


class Death(NamedTuple):
    """One end that was not asked for. `time`: UTC epoch seconds; `message`: what it was handling."""

    time: float
    path: str
    actor_class: str
    error: str
    message: str | None
    stack: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "time": self.time, "path": self.path, "class": self.actor_class, "error": self.error,
            "message": self.message, "stack": self.stack,
        }  # fmt: skip


class Graves:
    """The deaths of one system. Bounded by paths, deaths a path, and the length of each stack."""

    def __init__(self) -> None:
        self.total = 0
        self._by_path: OrderedDict[str, deque[Death]] = OrderedDict()

    def note(self, path: str, actor_class: type, reason: BaseException, message: str | None) -> None:
        """An actor died of `reason`."""
        self.total += 1
        stack = "".join(traceback.format_exception(type(reason), reason, reason.__traceback__, limit=-STACK_DEPTH))
        error = f"{type(reason).__name__}: {reason}"[:MAX_ERROR]
        deaths = self._by_path.get(path)
        if deaths is None:
            deaths = self._by_path[path] = deque(maxlen=KEPT)
        deaths.append(Death(time.time(), path, actor_class.__name__, error, message, stack[-MAX_STACK:]))
        self._by_path.move_to_end(path)
        if len(self._by_path) > MAX_PATHS:
            self._by_path.popitem(last=False)

    def of(self, path: str) -> list[Death]:
        """The last deaths at this path, the oldest first."""
        return list(self._by_path.get(path, ()))

    def latest(self) -> Iterator[Death]:
        """The last death of each path, newest first."""
        for path in reversed(list(self._by_path)):
            yield self._by_path[path][-1]
