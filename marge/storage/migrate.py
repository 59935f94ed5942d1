"""Schema versions: finds the migrations, makes a backup, runs what is missing. Blocks: not for the hub.

A migration is a file `marge/storage/migrations/nnnn_what.py` with one function `migrate(db: peewee.Database) -> None`.
It runs in a transaction of its own and never changes once released. It does not use the models, which move on: it says
in SQL or through peewee's schema tools what it does.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import peewee
import structlog

from marge.storage import migrations as migrations_package
from marge.storage.connect import is_damage
from marge.storage.errors import DatabaseCorrupt, DatabaseTooNew, DatabaseUnusable

log = structlog.get_logger("marge.storage")

BACKUPS_KEPT = 3
_FILE = re.compile(r"^(\d{4})_[a-z0-9_]+$")
_COPY_PAGES = 2_000


class Migration(NamedTuple):
    """One step from `version - 1` to `version`."""

    version: int
    name: str
    migrate: Callable[[peewee.Database], None]


def find(package: ModuleType = migrations_package) -> list[Migration]:
    """All migrations of `package`, in order.

    Raises:
        RuntimeError: numbers are missing or taken twice (a mistake in the source).
    """
    found: list[Migration] = []
    for info in pkgutil.iter_modules(package.__path__):
        match = _FILE.match(info.name)
        if match is None:
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found.append(Migration(int(match[1]), info.name, module.migrate))
    found.sort()
    if [each.version for each in found] != list(range(1, len(found) + 1)):
        raise RuntimeError(f"migrations must be numbered 1, 2, 3 …: {[each.name for each in found]}")
    return found


def schema_version(db: peewee.Database) -> int:
    """The version the database has; 0 for an empty one."""
    if "schema_version" not in db.get_tables():
        return 0
    row = db.execute_sql("SELECT max(version) FROM schema_version").fetchone()
    return int(row[0] or 0)


def migrate(db: peewee.Database, path: Path, steps: list[Migration] | None = None) -> Path | None:
    """Bring the database to the newest version. Returns the backup's path when one was made.

    Raises:
        DatabaseTooNew: a newer Marge has written it.
        DatabaseUnusable: a migration failed; the database is as it was before that migration.
    """
    steps = find() if steps is None else steps
    version = schema_version(db)
    if version > len(steps):
        raise DatabaseTooNew(str(path), version, len(steps))
    if version == len(steps):
        return None
    saved = backup(db, path, version) if version > 0 else None
    for step in steps[version:]:
        _run(db, path, step, saved)
    return saved


def bring_up(db: peewee.Database, name: str, steps: list[Migration]) -> None:
    """As `migrate`, inside the caller's transaction and without a copy: for a server that undoes changes of tables.

    Raises:
        DatabaseTooNew: a newer Marge has written it.
    """
    version = schema_version(db)
    if version > len(steps):
        raise DatabaseTooNew(name, version, len(steps))
    for step in steps[version:]:
        _apply(db, step)
        log.info("database migrated", path=name, migration=step.name)


def _apply(db: peewee.Database, step: Migration) -> None:
    if step.version == 1:
        db.execute_sql(
            "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
            "applied_us BIGINT NOT NULL)"
        )
    step.migrate(db)
    sql = f"INSERT INTO schema_version VALUES ({db.param}, {db.param}, {db.param})"
    db.execute_sql(sql, (step.version, step.name, time.time_ns() // 1_000))


def _run(db: peewee.Database, path: Path, step: Migration, saved: Path | None) -> None:
    try:
        with db.atomic("IMMEDIATE"):
            if schema_version(db) >= step.version:
                return  # another process (the CLI beside the server) was quicker
            _apply(db, step)
    except Exception as exc:
        if is_damage(exc):
            raise DatabaseCorrupt(f"{path} is damaged: {exc}") from exc
        copy = f"; the copy made before is {saved}" if saved is not None else ""
        raise DatabaseUnusable(f"migration {step.name} of {path} failed and was undone: {exc}{copy}") from exc
    if saved is not None:
        log.info("database migrated", path=str(path), migration=step.name)


def backup(db: peewee.Database, path: Path, version: int) -> Path:
    """A consistent copy beside the database; only the newest `BACKUPS_KEPT` are kept.

    Raises:
        DatabaseUnusable: no room, or no permission.
    """
    target = path.with_name(f"{path.name}.v{version:04d}-{time.strftime('%Y%m%d-%H%M%S')}.bak")
    unfinished = target.with_name(target.name + ".part")
    try:
        copy = sqlite3.connect(unfinished)
        try:
            db.connection().backup(copy, pages=_COPY_PAGES)
        finally:
            copy.close()
        unfinished.chmod(0o600)
        unfinished.rename(target)
    except (sqlite3.Error, OSError) as exc:
        unfinished.unlink(missing_ok=True)
        raise DatabaseUnusable(f"cannot copy {path} before its migration, so it was not touched: {exc}") from exc
    kept = sorted(path.parent.glob(f"{path.name}.v[0-9]*.bak"), key=lambda each: each.stat().st_mtime)
    for old in kept[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)
    return target
