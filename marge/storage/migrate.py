"""Schema versions: finds the migrations, makes a backup, runs what is missing. Blocks: not for the hub.

A migration is a file `marge/storage/migrations/nnnn_what.py` with one function `migrate(db: peewee.Database) -> None`.
It runs in a transaction of its own and never changes once released. It does not use the models, which move on: it says
in SQL or through peewee's schema tools what it does. The house waits for it, so it adds tables and columns only; what
takes long to fill in is the work of a second function in the file, `backfill` (see `marge.storage.backfill`).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import peewee
import structlog

from marge.storage import migrations as migrations_package
from marge.storage.backfill import Backfill, announce
from marge.storage.connect import is_damage
from marge.storage.copies import backup
from marge.storage.errors import DatabaseCorrupt, DatabaseTooNew, DatabaseUnusable

log = structlog.get_logger("marge.storage")

_FILE = re.compile(r"^(\d{4})_[a-z0-9_]+$")


class Migration(NamedTuple):
    """One step from `version - 1` to `version`."""

    version: int
    name: str
    migrate: Callable[[peewee.Database], None]
    backfill: Backfill | None = None


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
        found.append(Migration(int(match[1]), info.name, module.migrate, getattr(module, "backfill", None)))
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
        _run(db, path, step, saved, fresh=version == 0)
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
        _apply(db, step, fresh=version == 0)
        log.info("database migrated", path=name, migration=step.name)


def _apply(db: peewee.Database, step: Migration, *, fresh: bool) -> None:
    if step.version == 1:
        db.execute_sql(
            "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, "
            "applied_us BIGINT NOT NULL)"
        )
    step.migrate(db)
    announce(db, step, fresh=fresh)
    sql = f"INSERT INTO schema_version VALUES ({db.param}, {db.param}, {db.param})"
    db.execute_sql(sql, (step.version, step.name, time.time_ns() // 1_000))


def _run(db: peewee.Database, path: Path, step: Migration, saved: Path | None, *, fresh: bool) -> None:
    try:
        with db.atomic("IMMEDIATE"):
            if schema_version(db) >= step.version:
                return  # another process (the CLI beside the server) was quicker
            _apply(db, step, fresh=fresh)
    except Exception as exc:
        if is_damage(exc):
            raise DatabaseCorrupt(f"{path} is damaged: {exc}") from exc
        copy = f"; the copy made before is {saved}" if saved is not None else ""
        raise DatabaseUnusable(f"migration {step.name} of {path} failed and was undone: {exc}{copy}") from exc
    if saved is not None:
        log.info("database migrated", path=str(path), migration=step.name)
