"""The first steps of a home: which are done. Kept in the key-value store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gevent.lock import RLock

if TYPE_CHECKING:
    from marge.storage import KeyValue

STEPS = ("user", "core_config", "analytics", "integration")
_KEY = "onboarding"


class Onboarding:
    """Ticks steps off, each once."""

    def __init__(self, storage: KeyValue) -> None:
        self._storage = storage
        self._lock = RLock()

    def done(self, has_owner: bool) -> list[str]:
        """The steps that are done; a home with an owner has had its first one, one that lost its users has not."""
        stored = self._storage.load(_KEY)
        steps = [str(step) for step in stored if has_owner or step != "user"] if isinstance(stored, list) else []
        if has_owner and "user" not in steps:
            steps.insert(0, "user")
        return steps

    def finish(self, step: str, has_owner: bool) -> bool:
        """Tick a step off; waits. False: it was done already, perhaps by somebody else just now."""
        with self._lock:
            done = self.done(has_owner)
            if step in done and (step != "user" or self._storage.load(_KEY) is not None):
                return False
            self._storage.save(_KEY, list(dict.fromkeys([*done, step])))
        return True
