"""Dictionaries, history, events and statistics, as SQLite's tables of the same names."""

from __future__ import annotations

import peewee

_NUMBERS = ", ".join(
    f'"{name}" DOUBLE PRECISION' for name in ("mean", "min", "max", "last_reset", "state", "sum")
)

STATEMENTS = (
    "CREATE TABLE key_value (id SERIAL PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL)",
    "CREATE TABLE entities (id INTEGER NOT NULL PRIMARY KEY, entity_id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE attribute_sets (id INTEGER NOT NULL PRIMARY KEY, hash BIGINT NOT NULL, used_day INTEGER NOT NULL, "
    "json TEXT NOT NULL)",
    "CREATE INDEX attribute_sets_hash ON attribute_sets (hash)",
    'CREATE TABLE states (entity INTEGER NOT NULL, updated_us BIGINT NOT NULL, changed_us BIGINT, state TEXT, '
    'attributes INTEGER, context BYTEA, parent BYTEA, "user" TEXT, PRIMARY KEY (entity, updated_us))',
    # Always empty: current states are in the file. It is here so that the same statements run in both.
    "CREATE TABLE current (entity INTEGER NOT NULL PRIMARY KEY, attributes INTEGER NOT NULL)",
    'CREATE TABLE events (time_us BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT NULL, '
    'context BYTEA, parent BYTEA, "user" TEXT)',
    "CREATE TABLE statistics_meta (id SERIAL PRIMARY KEY, statistic_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, "
    "unit TEXT, mean_type INTEGER NOT NULL, has_sum BOOLEAN NOT NULL, name TEXT)",
    f"CREATE TABLE statistics (meta INTEGER NOT NULL, start INTEGER NOT NULL, {_NUMBERS}, PRIMARY KEY (meta, start))",
    f"CREATE TABLE statistics_short (meta INTEGER NOT NULL, start INTEGER NOT NULL, {_NUMBERS}, "
    "PRIMARY KEY (meta, start))",
)


def migrate(db: peewee.Database) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
