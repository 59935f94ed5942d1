"""Backups as files: tar archives in `<config>/backups`, each with `backup.json` in front. Blocks: not on the hub.

Not here: when one is made, and who is told.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

FOLDER, ABOUT, CONFIG, DATABASE = "backups", "backup.json", "config", "marge.db"
_LEFT_OUT_FOLDERS = frozenset((FOLDER, "media", "tts", "deps", "__pycache__", ".git", ".marge", ".cache"))
_LEFT_OUT_ENDS = (".db", ".db-shm", ".db-wal", ".db-journal", ".log", ".lock", ".sock", ".pyc")
MAX_ABOUT_BYTES = 64 << 10
MAX_BACKUPS = 1000


def path_of(folder: Path, backup_id: str) -> Path:
    return folder / f"{backup_id}.tar"


def write(folder: Path, config_dir: Path, database: Path | None, about: Mapping[str, Any]) -> int:
    """Make a backup of the configuration, and of the database as it is now. Returns its size in bytes.

    Raises:
        OSError, sqlite3.Error: it cannot be made; nothing is left of it.
    """
    folder.mkdir(exist_ok=True)
    target = path_of(folder, about["backup_id"])
    draft, copy = target.with_suffix(".draft"), target.with_suffix(".database")
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # secrets are in it
        with os.fdopen(number, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                _add_about(archive, about)
                for each in _config_files(config_dir):
                    # A file that goes away meanwhile was no part of the configuration.
                    with suppress(FileNotFoundError):
                        archive.add(each, f"{CONFIG}/{each.relative_to(config_dir)}", recursive=False)
                if database is not None and database.is_file():
                    _copy_database(database, copy)
                    archive.add(copy, DATABASE)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.replace(draft, target)
        return size
    finally:
        for each in (draft, copy):
            with suppress(OSError):
                each.unlink()


def _add_about(archive: tarfile.TarFile, about: Mapping[str, Any]) -> None:
    data = json.dumps(about, indent=1).encode()
    member = tarfile.TarInfo(ABOUT)
    member.size, member.mtime = len(data), int(time.time())
    archive.addfile(member, io.BytesIO(data))


def _config_files(config_dir: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(config_dir):
        folders[:] = [each for each in folders if each not in _LEFT_OUT_FOLDERS]
        for name in names:
            path = Path(root) / name
            if not name.endswith(_LEFT_OUT_ENDS) and path.is_file() and not path.is_symlink():
                yield path


def _copy_database(database: Path, copy: Path) -> None:
    """A consistent copy of a database that is in use."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source, \
            closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # in one go: with pauses it would begin anew with every change


def tidy(folder: Path) -> None:
    """Remove what a backup left behind that was being made when the power went."""
    for pattern in ("*.draft", "*.database"):
        for path in folder.glob(pattern):
            with suppress(OSError):
                path.unlink()


def listed(folder: Path) -> list[tuple[dict[str, Any], int]]:
    """All backups that can be read: what they say of themselves, and their sizes in bytes."""
    found = []
    for path in sorted(folder.glob("*.tar"))[:MAX_BACKUPS] if folder.is_dir() else ():
        about = read_about(path)
        if about is not None and path_of(folder, about["backup_id"]) == path:
            with suppress(OSError):
                found.append((about, path.stat().st_size))
    return sorted(found, key=lambda each: str(each[0].get("date")))


def read_about(path: Path) -> dict[str, Any] | None:
    """What a backup says of itself; None: it is none of ours."""
    try:
        with tarfile.open(path, "r:") as archive:
            member = archive.next()
            if member is None or member.name != ABOUT or member.size > MAX_ABOUT_BYTES:
                return None
            file = archive.extractfile(member)
            about = json.loads(file.read()) if file is not None else None
    except (OSError, tarfile.TarError, ValueError, RecursionError):
        return None
    if not isinstance(about, dict):
        return None
    texts = [about.get(key) for key in ("backup_id", "date", "name")]
    if not all(isinstance(each, str) for each in texts) or not str(about["backup_id"]).isalnum():
        return None
    return about
