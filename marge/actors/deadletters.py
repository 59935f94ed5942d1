"""Dead letters: messages nobody could take. Counted, and the latest kept to read and to send again."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, NamedTuple

KEPT = 200
MAX_KEPT_SIZE = 65_536
"""Characters and bytes in a message that is kept to be sent again; of a larger one only its text is."""
_LOOKED_AT = 200
"""Fields of a message that are measured; one with more is large."""


class DeadLetter(NamedTuple):
    """One message that reached nobody.

    Attributes:
        time: UTC epoch seconds.
        message: a short text of it.
        number: counts up from 1.
        kind: the message's type.
        sender: the path of the actor that sent it; None: a client's request, or it had been waiting in a mailbox.
        original: the message itself, to be sent again; None when it is too large to be kept.
    """

    time: float
    path: str
    reason: str
    message: str
    number: int = 0
    kind: str = ""
    sender: str | None = None
    original: Any = None

    def as_dict(self) -> dict[str, Any]:
        """All but the message itself."""
        return {
            "number": self.number, "time": self.time, "path": self.path, "reason": self.reason, "type": self.kind,
            "sender": self.sender, "message": self.message, "can_resend": self.original is not None,
        }  # fmt: skip


class DeadLetters:
    """Counts per reason and the latest `KEPT` letters.

    Args:
        sender: the path of the actor in whose turn a message is sent now, if it is one.
    """

    def __init__(self, sender: Callable[[], str | None] = lambda: None) -> None:
        self.total = 0
        self.by_reason: Counter[str] = Counter()
        self.latest: deque[DeadLetter] = deque(maxlen=KEPT)
        self._sender = sender

    def add(self, path: str, message: Any, reason: str, waited: bool = False) -> None:
        """Note that `message` for the actor at `path` could not be delivered.

        Args:
            waited: it was in the mailbox already, so whoever runs now did not send it.
        """
        from marge.actors.runtime import summary

        self.total += 1
        self.by_reason[reason] += 1
        sender = None if waited else self._sender()
        kept = message if _is_small(message) else None
        kind = type(message).__name__
        self.latest.append(DeadLetter(time.time(), path, reason, summary(message), self.total, kind, sender, kept))

    def letter(self, number: int) -> DeadLetter | None:
        """The letter of this number, if it is kept still."""
        return next((each for each in self.latest if each.number == number), None)

    def forget(self, number: int) -> None:
        """Take one letter away: it was sent again."""
        self.latest = deque((each for each in self.latest if each.number != number), maxlen=KEPT)

    def clear(self) -> int:
        """Throw the kept letters away; the counts stay. Returns how many there were."""
        count = len(self.latest)
        self.latest.clear()
        return count

    def as_dict(self) -> dict[str, Any]:
        """Figures and letters, newest first."""
        return {
            "total": self.total,
            "by_reason": dict(self.by_reason),
            "latest": [letter.as_dict() for letter in reversed(self.latest)],
        }


def _is_small(message: Any) -> bool:
    """Whether the message is small enough to be kept. Looks two levels deep at most, so it takes no time."""
    size = looked_at = 0
    waiting: list[tuple[Any, int]] = [(message, 0)]
    while waiting:
        item, depth = waiting.pop()
        looked_at += 1
        if isinstance(item, (str, bytes, bytearray)):
            size += len(item)
        elif depth == 0 and hasattr(item, "__dict__"):
            waiting.append((vars(item), 0))
        elif isinstance(item, (dict, list, tuple, set, frozenset)):
            if len(item) > _LOOKED_AT:
                return False
            if depth < 2:
                values = item.values() if isinstance(item, dict) else item
                waiting += [(each, depth + 1) for each in values]
        if size > MAX_KEPT_SIZE or looked_at > 2 * _LOOKED_AT:
            return False
    return True
