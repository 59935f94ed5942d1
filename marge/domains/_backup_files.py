"""The files of backups in their folder: taken in, read back, shown to clients. Blocks, but for `shown`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marge.backup import read, write
from marge.backup.about import About
from marge.backup.errors import BackupError, BackupMismatch


def read_back(path: Path) -> None:
    """A disk that wears out says nothing while it is written; what comes back otherwise must not replace a good one."""
    try:
        read.check_sum(path)
    except BackupError:
        path.unlink(missing_ok=True)
        raise


def keep(folder: Path, draft: Path, replaces: bool = True) -> str:
    """Take a backup that was sent among the others. Returns its id.

    Args:
        replaces: whether another one of its id gives way to it.

    Raises:
        BackupError: it is none; the draft is gone in any case.
    """
    try:
        about = read.read_about(draft)
        path = write.path_of(folder, about.backup_id)
        if not replaces:
            read.check_sum(draft)
            if _about(path) not in (None, about):
                raise BackupMismatch("another one of its id lies here already, and stays")
        draft.replace(path)
        return about.backup_id
    finally:
        draft.unlink(missing_ok=True)


def _about(path: Path) -> About | None:
    """What lies there says of itself; None: no backup does."""
    try:
        return read.read_about(path)
    except (BackupError, FileNotFoundError):
        return None


def shown(about: About, size: int, agent_id: str) -> dict[str, Any]:
    """A backup as clients read it. `size`: of its file, in bytes."""
    return {
        "addons": [],
        "agents": {agent_id: {"protected": about.protected, "size": size}},
        "backup_id": about.backup_id,
        "database_included": about.history,
        "date": about.date,
        "extra_metadata": dict(about.extra),
        "failed_agent_ids": [],
        "folders": list(about.folders),
        "homeassistant_included": True,
        "homeassistant_version": about.homeassistant_version,
        "name": about.name,
        "with_automatic_settings": about.automatic,
    }
