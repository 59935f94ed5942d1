"""Which files of a home belong to a backup. Blocks: not on the hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

FOLDER = "backups"
STATE_FOLDER, PLAN = ".restore", "plan.json"
"""Where a restore is made ready, and what it replaced is kept; the file that says that one waits. See `staging.py`."""
MEDIA = "media"
_LEFT_OUT_FOLDERS = frozenset(
    (FOLDER, STATE_FOLDER, "tts", "deps", "__pycache__", ".git", ".marge", ".cache", ".venv", "venv", "node_modules",
     "lost+found")
)  # fmt: skip
_LEFT_OUT_ENDS = (".db", ".db-shm", ".db-wal", ".db-journal", ".lock", ".sock", ".pyc")
_LOG_ENDS = (".log", ".log.1", ".log.fault")
_SECRETS_OF_THE_MACHINE = frozenset((".marge-cli-token",))
MOST_FILES = 100_000
MOST_LETTERS = 4000


def config_files(config_dir: Path, database: Path | None, with_media: bool = False) -> Iterator[str]:
    """The files that people made or sent, by their paths below `config_dir`, in order. Links are not followed, and
    `database`, its journals and copies are left out, whatever they are called.

    Raises:
        OSError: there are too many.
    """
    count = 0
    for root, folders, names in os.walk(config_dir):
        top = Path(root) == config_dir
        folders[:] = sorted(
            each for each in folders
            if each not in _LEFT_OUT_FOLDERS and not (top and each == MEDIA and not with_media)
        )  # fmt: skip
        for name in sorted(names):
            path = Path(root) / name
            if database is not None and name.startswith(database.name) and path.parent == database.parent:
                continue
            relative = path.relative_to(config_dir).as_posix()
            if _belongs(name) and is_safe(relative) and path.is_file() and not path.is_symlink():
                count += 1
                if count > MOST_FILES:
                    raise OSError(f"more than {MOST_FILES} files in {config_dir}")
                yield relative


def is_safe(relative: str) -> bool:
    """Whether a path names a file below the configuration directory and nowhere else, and not one of the backups."""
    parts = relative.split("/")
    return (
        len(relative) <= MOST_LETTERS
        and all(part not in ("", ".", "..") and "\0" not in part and _short(part) for part in parts)
        and parts[0] not in (FOLDER, STATE_FOLDER)
    )


def _short(part: str) -> bool:
    try:
        return len(os.fsencode(part)) <= 255
    except UnicodeEncodeError:
        return False


def _belongs(name: str) -> bool:
    return not (
        name.endswith(_LEFT_OUT_ENDS) or name.endswith(_LOG_ENDS) or ".db.damaged-" in name or ".db.v" in name
        or name in _SECRETS_OF_THE_MACHINE
    )  # fmt: skip
