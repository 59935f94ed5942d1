"""Statements that peewee cannot say are written as SQLite has them; this puts them into a database's own words."""

from __future__ import annotations

from contextlib import AbstractContextManager

import peewee


def is_postgres(db: peewee.Database) -> bool:
    return isinstance(db, peewee.PostgresqlDatabase)


def sql(db: peewee.Database, text: str) -> str:
    """`text` for this database: marks for values, and joins whose order only SQLite is told."""
    if not is_postgres(db):
        return text
    return text.replace("?", db.param).replace("CROSS JOIN", "JOIN")


def in_peewees_words() -> AbstractContextManager[None]:
    """Errors of a driver that is used directly are raised as peewee's of the same name."""
    wrapper: AbstractContextManager[None] = peewee.ExceptionWrapper(
        {
            name: getattr(peewee, name)
            for name in (
                "DataError", "DatabaseError", "IntegrityError", "InterfaceError", "InternalError", "NotSupportedError",
                "OperationalError", "ProgrammingError",
            )
        }
    )  # fmt: skip
    return wrapper
