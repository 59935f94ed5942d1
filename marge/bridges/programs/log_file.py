"""A program's own log file: two of a bounded size, the present one and the one before. Written beside the hub."""

from __future__ import annotations

import os
import time
from collections import deque
from pathlib import Path

import gevent
import structlog

from marge.actors import native

log = structlog.get_logger("marge.bridges.programs")

MAX_WAITING = 5_000
WRITE_EVERY_S = 0.2


class LogFile:
    """Takes lines from the hub and writes them a moment later.

    Attributes:
        lost: lines that there was no room for, or that could not be written.
    """

    def __init__(self, path: Path, size: int) -> None:
        self.path, self.size = path, size
        self.lost = 0
        self._waiting: deque[str] = deque()
        self._writer: gevent.Greenlet | None = None
        self._is_complaining = False

    def add(self, line: str) -> None:
        """Never waits."""
        if len(self._waiting) >= MAX_WAITING:
            self.lost += 1
            return
        self._waiting.append(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} {line}\n")
        if self._writer is None:
            self._writer = gevent.spawn_later(WRITE_EVERY_S, self.flush)

    def flush(self) -> None:
        """Write what waits. Waits for the disk."""
        self._writer = None
        lines = list(self._waiting)
        self._waiting.clear()
        if not lines:
            return
        try:
            native.run(_append, self.path, "".join(lines).encode("utf-8", "replace"), self.size)
            self._is_complaining = False
        except OSError as exc:
            self.lost += len(lines)
            if not self._is_complaining:
                self._is_complaining = True
                log.warning("a program's log cannot be written", file=str(self.path), reason=str(exc))


def _append(path: Path, content: bytes, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        if path.stat().st_size + len(content) > size:
            path.replace(path.with_name(f"{path.name}.1"))
    except FileNotFoundError:
        pass
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, content[-size:])
    finally:
        os.close(descriptor)
