"""Users, their passwords and their tokens."""

from __future__ import annotations

import peewee

STATEMENTS = (
    "CREATE TABLE users (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, user_group TEXT NOT NULL, "
    "is_owner INTEGER NOT NULL, is_active INTEGER NOT NULL, is_system INTEGER NOT NULL, created_at REAL NOT NULL)",
    "CREATE TABLE credentials (username TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, password_hash TEXT NOT NULL)",
    "CREATE TABLE tokens (id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT, "
    "client_id TEXT, hash TEXT NOT NULL UNIQUE, created_at REAL NOT NULL, expires_at REAL, last_used_at REAL, "
    "last_used_ip TEXT)",
)


def migrate(db: peewee.Database) -> None:
    for statement in STATEMENTS:
        db.execute_sql(statement)
