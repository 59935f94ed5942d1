"""The database's part in a backup: a consistent copy, with or without the history; two of them made one. Blocks."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from marge.backup.errors import BackupDamaged, BackupMismatch

HISTORY = ("states", "events", "statistics", "statistics_short", "statistics_meta")
"""What grows with time, and what a backup without the history leaves out."""
RECORDER = (*HISTORY, "entities", "attribute_sets", "current")
"""What refers to each other by numbers; the rest of the tables is settings, users, tokens, and what people made."""


def copy_database(source: Path, target: Path, with_history: bool = True) -> None:
    """A consistent copy of a database that is in use, in one file without a journal.

    Raises:
        OSError, sqlite3.Error: it cannot be made.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(f"file:{_quoted(source)}?mode=rw", uri=True)) as origin, \
            closing(sqlite3.connect(target, isolation_level=None)) as copy:
        origin.backup(copy)  # in one go: with pauses it would begin anew with every change
        copy.execute("PRAGMA journal_mode = delete")
        if not with_history:
            for table in _tables(copy) & set(HISTORY):
                copy.execute(f"DELETE FROM {table}")
            if {"attribute_sets", "current"} <= _tables(copy):
                copy.execute("DELETE FROM attribute_sets WHERE id NOT IN (SELECT attributes FROM current)")
            copy.execute("VACUUM")


def check_database(path: Path) -> None:
    """Whether a file is a whole database of Marge.

    Raises:
        BackupDamaged: it is not.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = off")
            rows = database.execute("PRAGMA integrity_check(3)").fetchall()
            if rows != [("ok",)]:
                raise BackupDamaged(f"its database is damaged: {rows[0][0]}")
            if not {"key_value", "schema_version"} <= _tables(database):
                raise BackupDamaged("its database is not one of Marge")
            if database.execute("SELECT 1 FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone():
                raise BackupDamaged("its database holds code")  # Marge's own has none; it would run in our name
    except sqlite3.Error as exc:
        raise BackupDamaged(f"its database cannot be read: {exc}") from exc


def fold_journal(path: Path) -> None:
    """Bring what is in the journal beside a database into it, so that it is one file. What it holds is checked later.

    Raises:
        BackupDamaged: it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"file:{_quoted(path)}?mode=rw", uri=True, isolation_level=None)) as database:
            database.execute("PRAGMA trusted_schema = off")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.execute("PRAGMA journal_mode = delete")
    except sqlite3.Error as exc:
        raise BackupDamaged(f"its database cannot be read: {exc}") from exc
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def take_settings(target: Path, source: Path) -> None:
    """Give the database `target` the settings of `source`; the history of `target` stays. Both are closed databases of
    one version. All or nothing.

    Raises:
        BackupMismatch: their tables differ.
        sqlite3.Error: it cannot be done.
    """
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        database.execute("ATTACH DATABASE ? AS other", (str(source),))
        wanted = _tables(database, "other") - set(RECORDER)
        if wanted != _tables(database) - set(RECORDER):
            raise BackupMismatch("its database is of another version than the one that is to be kept")
        database.execute("BEGIN IMMEDIATE")
        for table in sorted(wanted):
            columns = [row[1] for row in database.execute(f'PRAGMA other.table_info("{table}")')]
            if columns != [row[1] for row in database.execute(f'PRAGMA main.table_info("{table}")')]:
                raise BackupMismatch(f"its table {table} is of another version")
            database.execute(f'DELETE FROM main."{table}"')
            database.execute(f'INSERT INTO main."{table}" SELECT * FROM other."{table}"')
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = delete")


def _tables(database: sqlite3.Connection, schema: str = "main") -> set[str]:
    rows = database.execute(f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table'")
    return {row[0] for row in rows if not row[0].startswith("sqlite_")}


def _quoted(path: Path) -> str:
    """`path` as it stands in a `file:` address."""
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
