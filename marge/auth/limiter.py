"""Slows down who guesses passwords: failures per address, and a ban after too many."""

from __future__ import annotations

from collections import OrderedDict, deque

FAILURES = 10
WITHIN_S = 300.0
BAN_S = 900.0
ADDRESSES_KEPT = 4096


class LoginLimiter:
    """Counts failed log-ins by remote address; the oldest addresses are forgotten when there are too many."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._banned_until: OrderedDict[str, float] = OrderedDict()

    def is_banned(self, remote: str, now: float) -> bool:
        until = self._banned_until.get(remote)
        if until is None:
            return False
        if until <= now:
            del self._banned_until[remote]
            return False
        return True

    def banned_for(self, remote: str, now: float) -> float | None:
        """In how many seconds the ban ends; None: there is none."""
        return self._banned_until[remote] - now if self.is_banned(remote, now) else None

    def failed(self, remote: str, now: float) -> bool:
        """Note a failure. True when it led to a ban."""
        times = self._failures.setdefault(remote, deque(maxlen=FAILURES))
        self._failures.move_to_end(remote)
        times.append(now)
        while len(self._failures) > ADDRESSES_KEPT:
            self._failures.popitem(last=False)
        if len(times) < FAILURES or times[0] < now - WITHIN_S:
            return False
        del self._failures[remote]
        self._banned_until[remote] = now + BAN_S
        while len(self._banned_until) > ADDRESSES_KEPT:
            self._banned_until.popitem(last=False)
        return True

    def succeeded(self, remote: str) -> None:
        self._failures.pop(remote, None)
