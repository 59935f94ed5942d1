"""What a migration leaves for later: old rows are filled in behind the house's back. In the database's thread only.

A migration that would take long changes the tables only, and brings `backfill(db, position) -> Filled` beside its
`migrate(db)`. That is called again and again, each time for a bite of some hundred rows (20 ms at most), inside a
transaction that also keeps how far it came: a kill costs one step, and the next start goes on there. Until it is done
readers meet filled and unfilled rows side by side, and the code of the release must understand both. What is written
meanwhile needs no filling: a backfill must not run after it for ever.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import peewee

from marge.storage.dialect import is_postgres, sql

if TYPE_CHECKING:
    from marge.storage.migrate import Migration

TABLE = "backfills"
STEP_S = 0.05
"""A step ends after so long: commits and readers come in between."""
_MADE = (
    f"CREATE TABLE IF NOT EXISTS {TABLE} (version INTEGER NOT NULL PRIMARY KEY, position TEXT, "
    "rows_done BIGINT NOT NULL, share DOUBLE PRECISION, begun_us BIGINT NOT NULL, done_us BIGINT)"
)


class Filled(NamedTuple):
    """What one bite did.

    Attributes:
        position: where the next one begins, anything that JSON can say; None: all is filled.
        rows: looked at.
        share: of the whole, from 0 to 1, where that can be told without counting.
    """

    position: Any
    rows: int
    share: float | None = None


Backfill = Callable[[peewee.Database, Any], Filled]


class Progress(NamedTuple):
    """How far a backfill is.

    Attributes:
        migration: its name. since: UTC epoch seconds. rows, share: as in `Filled`, of all bites.
    """

    migration: str
    since: float
    rows: int
    share: float | None


def announce(db: peewee.Database, step: Migration, *, fresh: bool) -> None:
    """Inside the transaction of the migration: there is something to fill, unless the database was made just now."""
    if step.backfill is None:
        return
    db.execute_sql(_MADE)
    now = time.time_ns() // 1_000
    text = f"INSERT INTO {TABLE} (version, rows_done, begun_us, done_us) VALUES (?, 0, ?, ?)"
    db.execute_sql(sql(db, text), (step.version, now, now if fresh else None))


def begin_again(db: peewee.Database) -> None:
    """Rows of an older database have come or will come into this one: everything has to be looked at once more."""
    if db.table_exists(TABLE):
        text = f"UPDATE {TABLE} SET position = NULL, rows_done = 0, share = NULL, begun_us = ?, done_us = NULL"
        db.execute_sql(sql(db, text), (time.time_ns() // 1_000,))


def progress(db: peewee.Database, steps: Sequence[Migration]) -> Progress | None:
    """Of the backfill that is next; None: nothing is left to fill."""
    found = _next(db, steps)
    return None if found is None else found[0]


def step(db: peewee.Database, steps: Sequence[Migration]) -> Progress | None:
    """Fill a little, and keep how far it came. What is left to do, as `progress`.

    Of several Marges at one server each goes on where the last one stopped.
    """
    found = _next(db, steps, lock=True)
    if found is None:
        return None
    before, migration, position = found
    assert migration.backfill is not None
    rows, share = before.rows, before.share
    deadline = time.monotonic() + STEP_S
    while True:
        filled = migration.backfill(db, position)
        position, rows = filled.position, rows + filled.rows
        share = share if filled.share is None else filled.share
        if position is None or time.monotonic() > deadline:
            break
    done_us = time.time_ns() // 1_000 if position is None else None
    text = f"UPDATE {TABLE} SET position = ?, rows_done = ?, share = ?, done_us = ? WHERE version = ?"
    kept = None if position is None else json.dumps(position)
    db.execute_sql(sql(db, text), (kept, rows, share, done_us, migration.version))
    return before._replace(rows=rows, share=share) if position is not None else progress(db, steps)


def _next(
    db: peewee.Database, steps: Sequence[Migration], *, lock: bool = False
) -> tuple[Progress, Migration, Any] | None:
    if not any(each.backfill for each in steps) or not db.table_exists(TABLE):
        return None
    text = f"SELECT version, position, rows_done, share, begun_us FROM {TABLE} WHERE done_us IS NULL ORDER BY version"
    if lock and is_postgres(db):
        text += " FOR UPDATE"
    for version, position, rows, share, begun_us in db.execute_sql(text).fetchall():
        migration = steps[version - 1]
        if migration.backfill is not None:
            known = Progress(migration.name, begun_us / 1e6, int(rows), share)
            return known, migration, None if position is None else json.loads(position)
    return None
