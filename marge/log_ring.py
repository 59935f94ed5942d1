"""The latest warnings and errors as text, for `GET /api/error_log`. Not here: how lines are written (`marge.log`)."""

from __future__ import annotations

from collections import deque
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

KEPT = 500
MAX_LINE = 8_000
_LEVELS = frozenset({"warning", "error", "critical"})
_OWN = frozenset({"event", "exception", "level", "logger", "timestamp"})


class RecentProblems:
    """A structlog processor that keeps warnings and worse as they pass. Stands behind the one that hides secrets."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=KEPT)

    def __call__(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if event.get("level", method) in _LEVELS:
            self._lines.append(_line(method, event))
        return event

    def text(self) -> str:
        """All lines, oldest first."""
        return "".join(f"{line}\n" for line in self._lines)


def recent_problems() -> str:
    """What the processor in use has kept; "" when logging was set up without one."""
    for processor in structlog.get_config()["processors"]:
        if isinstance(processor, RecentProblems):
            return processor.text()
    return ""


def _line(method: str, event: EventDict) -> str:
    values = " ".join(f"{key}={_shown(value)}" for key, value in event.items() if key not in _OWN)
    head = f"{event.get('timestamp', '')} {event.get('level', method).upper()} [{event.get('logger', 'marge')}]"
    line = " ".join(part for part in (head.strip(), str(event.get("event", "")), values) if part)
    exception = event.get("exception")
    return (f"{line}\n{exception}" if exception else line)[:MAX_LINE]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value and " " not in value else repr(value)
