"""Connections to SQLite: how one is opened, and what is done about a damaged file. Blocks: not for the hub."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import peewee
import structlog

from marge.storage.errors import DatabaseCorrupt, DatabaseUnusable

log = structlog.get_logger("marge.storage")

BUSY_TIMEOUT_MS = 5_000
"""How long a statement waits for another process (a `marge token create` beside the server)."""
WAL_AUTOCHECKPOINT_PAGES = 4_000
"""16 MB of journal: a checkpoint about every 100,000 changes instead of every 7,000."""
QUICK_CHECK_LIMIT_S = 3.0
"""After an unclean end the whole file is checked, but for no longer than this: the house waits."""
_PROGRESS_STEPS = 10_000

_PRAGMAS = {
    "busy_timeout": BUSY_TIMEOUT_MS,  # first: the others may have to wait already
    "journal_mode": "wal",
    # In WAL mode a kill loses nothing with NORMAL, and a power cut at most the last commits; the file stays intact.
    "synchronous": "normal",
    "foreign_keys": 1,
    "wal_autocheckpoint": WAL_AUTOCHECKPOINT_PAGES,
    "journal_size_limit": 64 * 1024 * 1024,
    "cache_size": -8_000,  # KiB; what is not in it is mostly in the system's own cache
    "temp_store": "memory",
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class OneThreadSqlite(peewee.SqliteDatabase):
    """peewee's SQLite without its locks: each instance is used by one thread only."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            str(path), pragmas=_PRAGMAS, timeout=BUSY_TIMEOUT_MS / 1000, thread_safe=False, autoconnect=False
        )


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the file is damaged or no database at all (and not merely locked or unreadable)."""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None:
            return code & 0xFF in _DAMAGE
        error = error.__cause__ or error.__context__
    return False


def connect(path: Path) -> OneThreadSqlite:
    """An open connection; the file and its folder are made when they do not exist.

    Raises:
        DatabaseCorrupt: the file is damaged.
        DatabaseUnusable: it cannot be opened (permissions, disk, locked for too long).
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            _prepare_new(path)
        database = OneThreadSqlite(path)
        database.connect()
        database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()
    except (peewee.PeeweeException, sqlite3.Error, OSError) as exc:
        if is_damage(exc):
            raise DatabaseCorrupt(f"{path} is damaged or not a database: {exc}") from exc
        raise DatabaseUnusable(f"cannot open the database {path}: {exc}") from exc
    return database


def _prepare_new(path: Path) -> None:
    """Settings that only a file without tables takes."""
    with sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000) as connection:
        connection.execute("PRAGMA auto_vacuum = incremental")  # so that a purge can give space back without a copy
        connection.execute("PRAGMA journal_mode = wal")
    connection.close()
    os.chmod(path, 0o600)  # it holds token hashes and who was home when


def ended_uncleanly(path: Path) -> bool:
    """Whether the last process left its journal: it was killed, or it still runs. Asked before opening."""
    journal = path.with_name(path.name + "-wal")
    return journal.exists() and journal.stat().st_size > 0


def check(database: OneThreadSqlite, limit_s: float = QUICK_CHECK_LIMIT_S) -> bool:
    """SQLite's quick check of the whole file. False when `limit_s` was not enough to finish it.

    Raises:
        DatabaseCorrupt: it found damage.
    """
    connection: sqlite3.Connection = database.connection()
    deadline = time.monotonic() + limit_s
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _PROGRESS_STEPS)
    try:
        rows = connection.execute("PRAGMA quick_check(5)").fetchall()
    except sqlite3.Error as exc:
        if is_damage(exc):
            raise DatabaseCorrupt(f"{database.database} is damaged: {exc}") from exc
        if exc.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return False
        raise DatabaseUnusable(f"cannot check the database {database.database}: {exc}") from exc
    finally:
        connection.set_progress_handler(None, 0)
    if rows != [("ok",)]:
        raise DatabaseCorrupt(f"{database.database} is damaged: {rows[0][0]}")
    return True


def move_aside(path: Path) -> Path:
    """Rename a damaged database and its journal so that a fresh one can take its place. Returns the new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    path.rename(aside)
    for suffix in ("-wal", "-shm"):
        journal = path.with_name(path.name + suffix)
        if journal.exists():
            journal.rename(aside.with_name(aside.name + suffix))
    return aside
