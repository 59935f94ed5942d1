"""A small persistent store of JSON documents by key: registries, settings, notifications. Not for state history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import peewee
import structlog
from gevent.event import AsyncResult

from marge.model import dumps, loads
from marge.storage.database import Database
from marge.storage.models import KeyValueRow

log = structlog.get_logger("marge.storage")

_CHUNK = 500


class KeyValue:
    """JSON documents by key. Keys with a common prefix (`area_registry/…`) make a collection, one row a member.

    `load…` and `save` wait for the database thread; `save_soon` does not and may be called from anywhere on the hub.

    Attributes:
        database: the database below, for those that keep tables of their own.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def load(self, key: str) -> Any:
        """The document saved under `key`, or None."""
        row = self.database.run(lambda db: _select(key).tuples().first(db))
        return None if row is None else loads(row[1])

    def load_all(self, prefix: str) -> dict[str, Any]:
        """`{key: document}` of all keys that begin with `prefix`, in the order in which they were first saved."""

        def read(db: peewee.Database) -> dict[str, Any]:
            query = KeyValueRow.select(KeyValueRow.key, KeyValueRow.value).order_by(KeyValueRow.id)
            # A range, not LIKE: prefixes may hold `_` and `%`.
            query = query.where((KeyValueRow.key >= prefix) & (KeyValueRow.key < prefix + "\U0010ffff"))
            return {key: loads(value) for key, value in query.tuples().execute(db)}

        return self.database.run(read)

    def save(self, key: str, document: Any) -> None:
        """Store `document` under `key`; it is on disk when this returns. None removes the key.

        Raises:
            TypeError: the document has no JSON form.
        """
        self.database.run(lambda db: _write(db, {key: document}))

    def save_many(self, documents: Mapping[str, Any]) -> None:
        """As `save`, all of them or none."""
        self.database.run(lambda db: _write(db, documents))

    def save_soon(self, documents: Mapping[str, Any]) -> AsyncResult:
        """As `save_many` without waiting. The documents are read later, in the native thread: hand over values that
        nobody changes. A failure is logged, and comes through the returned `AsyncResult`.

        Raises:
            Overloaded, StorageClosed: the database takes nothing now.
        """
        reply = self.database.submit(lambda db: _write(db, documents))
        reply.rawlink(lambda result: _report(result, documents))
        return reply


def _report(result: AsyncResult, documents: Mapping[str, Any]) -> None:
    if result.exception is not None:
        log.error("documents were not saved", keys=list(documents)[:5], count=len(documents),
                  problem=repr(result.exception))


def _select(key: str) -> peewee.ModelSelect[KeyValueRow]:
    return KeyValueRow.select(KeyValueRow.id, KeyValueRow.value).where(KeyValueRow.key == key)


def _write(db: peewee.Database, documents: Mapping[str, Any]) -> None:
    rows = [(key, dumps(value).decode()) for key, value in documents.items() if value is not None]
    gone = [key for key, value in documents.items() if value is None]
    for start in range(0, len(rows), _CHUNK):
        insert = KeyValueRow.insert_many(rows[start : start + _CHUNK], [KeyValueRow.key, KeyValueRow.value])
        insert.on_conflict(conflict_target=[KeyValueRow.key], preserve=[KeyValueRow.value]).execute(db)
    for start in range(0, len(gone), _CHUNK):
        KeyValueRow.delete().where(KeyValueRow.key.in_(gone[start : start + _CHUNK])).execute(db)
