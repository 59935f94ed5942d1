"""Watches the disk that the database is on: says so when it fills, and lets old history go before it is full.

A full disk stops everything: settings cannot be saved, and other programs fail. So beyond `EMERGENCY` history is cut to
half of its days, and to half of that an hour later if that was not enough, down to one day; only where the history is
large enough for that to help. Hourly statistics are never cut.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.actors import native
from marge.history.periodic import PeriodicWatch
from marge.history.reader import RECORDER
from marge.recorder import PurgeHistory

if TYPE_CHECKING:
    from collections.abc import Callable

    from marge.home import Home

log = structlog.get_logger("marge.history")

WARN, RELAX, EMERGENCY = 0.90, 0.88, 0.95
"""Shares of the disk: a notice, its end, and a cut."""
EVERY_S = 60.0
CUT_EVERY_S = 3_600.0
WORTH_CUTTING = 0.02
"""Of the disk: a smaller database is not what fills it."""
LEAST_DAYS = 1.0
ISSUE = "disk_nearly_full"


class Space(NamedTuple):
    """Of a disk, in bytes. `free`: what we may still write."""

    total: int
    free: int

    @property
    def used(self) -> float:
        """Its share that is taken."""
        return 1 - self.free / self.total if self.total else 0.0


def space_of(path: Path) -> Space:
    """Of the disk that `path` is on. Blocks."""
    found = shutil.disk_usage(path)
    return Space(found.total, found.free)


class DiskWatch(PeriodicWatch):
    """Looks once a minute. Owns the repair notice `disk_nearly_full`.

    Args:
        space: asked for the disk.
    """

    every_s = EVERY_S

    def __init__(self, home: Home, space: Callable[[Path], Space] = space_of) -> None:
        self._home = home
        self._path = home.config.marge.db_path
        self._space_of = space
        self._space: Space | None = None
        self._database_bytes = 0
        self._kept_days = float(home.config.marge.history_days) or float("inf")
        self._cut_at = float("-inf")
        self._cuts = 0
        self._is_warning = False

    def look(self) -> None:
        try:
            with self.waiting_for("the disk"):
                self._space, self._database_bytes = native.run(self._measure)
        except OSError as exc:
            log.warning("the disk cannot be asked for its space", path=str(self._path.parent), problem=str(exc))
        else:
            self._judge(self._space)

    def describe(self) -> dict[str, Any]:
        space = self._space
        return {
            "disk_total_bytes": None if space is None else space.total,
            "disk_free_bytes": None if space is None else space.free,
            "disk_used": None if space is None else round(space.used, 4),
            "database_bytes": self._database_bytes,
            "cuts": self._cuts,
        }

    def _measure(self) -> tuple[Space, int]:
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        return self._space_of(self._path.parent), sum(file.stat().st_size for file in files if file.exists())

    def _judge(self, space: Space) -> None:
        issues = self._home.registries.issues
        if space.used >= WARN and not self._is_warning:
            self._is_warning = True
            facts = {
                "used": f"{space.used:.0%}", "free": f"{space.free / 1e6:.0f} MB", "path": str(self._path.parent),
            }  # fmt: skip
            log.error("the disk is nearly full", **facts)
            issues.raise_issue("homeassistant", ISSUE, severity="error", translation_placeholders=facts)
        elif space.used < RELAX and self._is_warning:
            self._is_warning = False
            issues.delete("homeassistant", ISSUE)
        if space.used >= EMERGENCY:
            self._cut(space)

    def _cut(self, space: Space) -> None:
        now = self.system.clock.monotonic()
        if now - self._cut_at < CUT_EVERY_S or self._database_bytes < WORTH_CUTTING * space.total:
            return
        self._cut_at = now
        days = max(LEAST_DAYS, min(self._kept_days, 20.0) / 2)
        if days >= self._kept_days:
            return
        self._kept_days, self._cuts = days, self._cuts + 1
        log.error("the disk is almost full: history is cut", keep_days=days, used=f"{space.used:.0%}")
        self.system.tell(RECORDER, PurgeHistory(days, repack=True))
