"""The latest warnings and errors: as text for `GET /api/error_log`, gathered by kind for `system_log/list`.

Not here: how lines are written (`marge.log`).
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

KEPT = 500
MAX_LINE = 8_000
MAX_KINDS = 50
MAX_MESSAGES = 5
_LEVELS = frozenset({"warning", "error", "critical"})
_OWN = frozenset({"event", "exception", "level", "logger", "timestamp"})

Follower = Callable[[str, str], None]
"""Gets level and line, in whatever thread logs it; it must neither wait nor log."""


@dataclass(slots=True)
class Problem:
    """Log lines of one kind: of one logger, place and cause.

    Attributes:
        messages: the latest different texts. source: file and line. timestamp, first_occurred: epoch seconds.
    """

    name: str
    level: str
    source: tuple[str, int]
    messages: deque[str] = field(default_factory=lambda: deque(maxlen=MAX_MESSAGES))
    exception: str = ""
    timestamp: float = 0.0
    first_occurred: float = 0.0
    count: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As `system_log/list` shows it."""
        return {
            "name": self.name, "message": list(self.messages), "level": self.level, "source": list(self.source),
            "timestamp": self.timestamp, "exception": self.exception, "count": self.count,
            "first_occurred": self.first_occurred,
        }  # fmt: skip


class RecentProblems:
    """A structlog processor that keeps warnings and worse as they pass. Stands behind the one that hides secrets."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT)
        self._kinds: dict[tuple[str, str, int, str], Problem] = {}
        self.listener: Callable[[Problem], None] | None = None
        """Told of each problem, in whatever thread logs it; it must neither wait nor log."""
        self._followers: tuple[Follower, ...] = ()

    def __call__(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        level = event.get("level", method)
        if level in _LEVELS:
            line = _line(method, event)
            self._lines.append(line)
            problem = self._gather(method, event)
            if self.listener is not None:
                self.listener(problem)
            for follower in self._followers:
                follower(level, line)
        elif self._followers:
            line = _line(method, event)
            for follower in self._followers:
                follower(level, line)
        return event

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Tell it of each line from now on, of any level that is logged. Returns what ends that."""
        self._followers = (*self._followers, follower)

        def leave() -> None:
            self._followers = tuple(each for each in self._followers if each is not follower)

        return leave

    def _gather(self, method: str, event: EventDict) -> Problem:
        name, source = str(event.get("logger", "marge")), _source()
        exception = str(event.get("exception") or "")[:MAX_LINE]
        key = (name, *source, exception.rpartition("\n")[2])
        now = time.time()
        problem = self._kinds.pop(key, None) or Problem(name, "", source, first_occurred=now)
        self._kinds[key] = problem
        if len(self._kinds) > MAX_KINDS:
            self._kinds.pop(next(iter(self._kinds)), None)
        problem.level = str(event.get("level", method)).upper()
        problem.timestamp, problem.count = now, problem.count + 1
        problem.exception = exception or problem.exception
        text = _text(event)
        if text not in problem.messages:
            problem.messages.append(text)
        return problem

    def problems(self) -> list[dict[str, Any]]:
        """The kinds of problems, the latest first."""
        return [problem.as_dict() for problem in reversed(list(self._kinds.values()))]

    def clear(self) -> None:
        """Forget the kinds of problems; the lines stay."""
        self._kinds.clear()

    def lines(self) -> list[str]:
        """The kept warnings and errors, oldest first; a stack belongs to its line."""
        return list(self._lines)

    def text(self) -> str:
        """All lines, oldest first."""
        return "".join(f"{line}\n" for line in self._lines)


def recent_problems() -> str:
    """What the processor in use has kept; "" when logging was set up without one."""
    ring = ring_in_use()
    return "" if ring is None else ring.text()


def ring_in_use() -> RecentProblems | None:
    """The processor in use; None when logging was set up without one."""
    for processor in structlog.get_config()["processors"]:
        if isinstance(processor, RecentProblems):
            return processor
    return None


_PACKAGE = str(Path(__file__).parent)
_PASSED_OVER = (str(Path(structlog.__file__).parent), _PACKAGE + "/log.py", _PACKAGE + "/log_ring.py")


def _source() -> tuple[str, int]:
    """File and line of whoever logs, below the package where it is ours."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PASSED_OVER):
        frame = frame.f_back
    return frame.f_code.co_filename.removeprefix(_PACKAGE + "/"), frame.f_lineno


def _text(event: EventDict) -> str:
    values = " ".join(f"{key}={_shown(value)}" for key, value in event.items() if key not in _OWN)
    return " ".join(part for part in (str(event.get("event", "")), values) if part)[:MAX_LINE]


def _line(method: str, event: EventDict) -> str:
    values = " ".join(f"{key}={_shown(value)}" for key, value in event.items() if key not in _OWN)
    head = f"{event.get('timestamp', '')} {event.get('level', method).upper()} [{event.get('logger', 'marge')}]"
    line = " ".join(part for part in (head.strip(), str(event.get("event", "")), values) if part)
    exception = event.get("exception")
    return (f"{line}\n{exception}" if exception else line)[:MAX_LINE]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value and " " not in value else repr(value)
