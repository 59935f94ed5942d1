"""Key-value store, dictionaries, history and current states."""

from __future__ import annotations

import peewee

STATEMENTS = (
    "CREATE TABLE key_value (id INTEGER NOT NULL PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL)",
    "CREATE TABLE entities (id INTEGER NOT NULL PRIMARY KEY, entity_id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE attribute_sets (id INTEGER NOT NULL PRIMARY KEY, hash BIGINT NOT NULL, used_day INTEGER NOT NULL, "
    "json TEXT NOT NULL)",
    "CREATE INDEX attribute_sets_hash ON attribute_sets (hash)",
    # Clustered by entity and time: a graph of one entity reads neighbouring pages, and no second index is paid for.
    "CREATE TABLE states (entity INTEGER NOT NULL, updated_us BIGINT NOT NULL, changed_us BIGINT, state TEXT, "
    "attributes INTEGER, context BLOB, parent BLOB, user TEXT, PRIMARY KEY (entity, updated_us)) WITHOUT ROWID",
    "CREATE TABLE current (entity INTEGER NOT NULL PRIMARY KEY, state TEXT NOT NULL, attributes INTEGER NOT NULL, "
    "changed_us BIGINT NOT NULL, updated_us BIGINT NOT NULL, reported_us BIGINT NOT NULL, context BLOB NOT NULL, "
    "parent BLOB, user TEXT, owner TEXT)",
)


def migrate(db: peewee.Database) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
