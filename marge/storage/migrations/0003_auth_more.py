"""Users who may log in from the home's network only, second factors, where a log-in came from."""

from __future__ import annotations

import peewee

STATEMENTS = (
    "ALTER TABLE users ADD COLUMN local_only INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tokens ADD COLUMN client_icon TEXT",
    "ALTER TABLE tokens ADD COLUMN provider TEXT",
    "CREATE TABLE linked_accounts (user_id TEXT NOT NULL, provider TEXT NOT NULL, PRIMARY KEY (user_id, provider))",
    "CREATE TABLE totp (user_id TEXT NOT NULL PRIMARY KEY, secret TEXT NOT NULL, used_step INTEGER NOT NULL)",
)


def migrate(db: peewee.Database) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
