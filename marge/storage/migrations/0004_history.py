"""What happened beside changes of state (for the logbook), and long-term statistics."""

from __future__ import annotations

import peewee

_NUMBERS = "mean REAL, min REAL, max REAL, last_reset REAL, state REAL, sum REAL"

STATEMENTS = (
    "CREATE TABLE events (time_us BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT NULL, "
    "context BLOB, parent BLOB, user TEXT) WITHOUT ROWID",
    "CREATE TABLE statistics_meta (id INTEGER NOT NULL PRIMARY KEY, statistic_id TEXT NOT NULL UNIQUE, "
    "source TEXT NOT NULL, unit TEXT, mean_type INTEGER NOT NULL, has_sum INTEGER NOT NULL, name TEXT)",
    f"CREATE TABLE statistics (meta INTEGER NOT NULL, start INTEGER NOT NULL, {_NUMBERS}, "
    "PRIMARY KEY (meta, start)) WITHOUT ROWID",
    f"CREATE TABLE statistics_short (meta INTEGER NOT NULL, start INTEGER NOT NULL, {_NUMBERS}, "
    "PRIMARY KEY (meta, start)) WITHOUT ROWID",
)


def migrate(db: peewee.Database) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
