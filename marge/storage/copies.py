"""The copy of the file that is made before it is migrated. Blocks: not for the hub.

The house waits for it and the disk must hold it. So a file that is large, or larger than what is free, is copied
without the rows of its history: a migration that fails is undone in any case, and history is only ever added to.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

import peewee
import structlog

from marge.storage.errors import DatabaseUnusable

log = structlog.get_logger("marge.storage")

KEPT = 3
WHOLE_UP_TO = 64 * 1024 * 1024
"""Bytes: three seconds of a memory card."""
_SPARE = 32 * 1024 * 1024
"""What the migration itself may need of the disk."""
_PAGES_AT_ONCE = 2_000
HISTORY = frozenset({"states", "events", "statistics", "statistics_short"})


def backup(db: peewee.Database, path: Path, version: int) -> Path:
    """A consistent copy beside the database; only the newest `KEPT` are kept.

    Raises:
        DatabaseUnusable: no room, or no permission.
    """
    target = path.with_name(f"{path.name}.v{version:04d}-{time.strftime('%Y%m%d-%H%M%S')}.bak")
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    try:
        size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
        if size <= WHOLE_UP_TO and size + _SPARE <= free:
            _copy_whole(db, unfinished)
        else:
            _copy_small(db, unfinished)
            log.warning("the database is copied before its migration without its history, for that is large",
                        file=str(target), database_bytes=size, free_bytes=free)
        unfinished.chmod(0o600)
        unfinished.rename(target)
    except (peewee.PeeweeException, sqlite3.Error, OSError) as exc:
        unfinished.unlink(missing_ok=True)
        raise DatabaseUnusable(f"cannot copy {path} before its migration, so it was not touched: {exc}") from exc
    copies = sorted(path.parent.glob(f"{path.name}.v[0-9]*.bak"), key=lambda each: each.stat().st_mtime)
    for old in copies[:-KEPT]:
        old.unlink(missing_ok=True)
    return target


def _copy_whole(db: peewee.Database, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        db.connection().backup(copy, pages=_PAGES_AT_ONCE)
    finally:
        copy.close()


def _copy_small(db: peewee.Database, target: Path) -> None:
    """All tables, and the rows of all but the history's."""
    text = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    schema = db.execute_sql(text).fetchall()
    copy = sqlite3.connect(target)
    try:
        for _kind, _name, sql in sorted(schema, key=lambda each: str(each[0]) != "table"):
            copy.execute(sql)
        copy.commit()
    finally:
        copy.close()
    db.execute_sql("ATTACH DATABASE ? AS copy", (str(target),))
    try:
        with db.atomic():
            for kind, name, _sql in schema:
                if kind == "table" and name not in HISTORY:
                    db.execute_sql(f'INSERT INTO copy."{name}" SELECT * FROM main."{name}"')
    finally:
        db.execute_sql("DETACH DATABASE copy")
