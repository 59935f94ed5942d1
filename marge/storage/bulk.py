"""Many rows in few statements. Blocks: for functions on the database's thread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import peewee

from marge.storage.dialect import in_peewees_words, is_postgres

# Each statement gives up the GIL and has to get it back, which on a busy hub takes a while: `executemany` pays that for
# every row, a statement of 64 rows once. More rows would keep the hub waiting while their values are bound (1 µs each).
# Few sizes: few distinct texts are prepared.
_SIZES = (64, 8, 1)
_FEW = 16
"""So many rows are not worth a stream."""


class BulkInsert:
    """`INSERT INTO … VALUES (…), (…), …` for rows given as tuples in the order of `fields`.

    Args:
        update: fields that an existing row takes from the new one; empty: an existing row stays as it is.
        key: the fields that tell whether a row exists.
    """

    def __init__(
        self,
        model: type[peewee.Model],
        fields: Sequence[peewee.Field],
        key: Sequence[peewee.Field] = (),
        update: Sequence[peewee.Field] = (),
    ) -> None:
        self._model = model
        self._fields = list(fields)
        self._key = list(key)
        self._update = list(update)
        self._texts: dict[tuple[str, int], str] = {}

    def run(self, db: peewee.Database, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert all `rows`. Values go to the driver as they are."""
        if is_postgres(db) and len(rows) > _FEW:
            self._copy(db, rows)
            return
        at, left = 0, len(rows)
        for size in _SIZES:
            while left >= size:
                values = tuple(chain.from_iterable(rows[at : at + size]))
                db.execute_sql(self._text(db, size), values)
                at += size
                left -= size

    def _copy(self, db: peewee.Database, rows: Sequence[tuple[Any, ...]]) -> None:
        """PostgreSQL takes a stream ten times as fast as statements; into a table aside, for a stream knows no keys."""
        table = self._model._meta.table_name
        columns = ", ".join(f'"{field.column_name}"' for field in self._fields)
        db.execute_sql(f"CREATE TEMP TABLE IF NOT EXISTS incoming_{table} (LIKE {table}) ON COMMIT DELETE ROWS")
        copy = f"COPY incoming_{table} ({columns}) FROM STDIN"
        with in_peewees_words(), db.connection().cursor().copy(copy) as stream:
            for row in rows:
                stream.write_row(row)
        text = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming_{table}"
        if self._key:
            key = ", ".join(f'"{field.column_name}"' for field in self._key)
            text = text.replace("SELECT", f"SELECT DISTINCT ON ({key})", 1)  # one row must not be updated twice
            text += f" ON CONFLICT ({key}) DO "
            if self._update:
                names = [f'"{field.column_name}"' for field in self._update]
                text += "UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in names)
            else:
                text += "NOTHING"
        db.execute_sql(text)
        db.execute_sql(f"TRUNCATE incoming_{table}")

    def _text(self, db: peewee.Database, size: int) -> str:
        known = (db.param, size)
        text = self._texts.get(known)
        if text is None:
            row = tuple(None for _ in self._fields)
            query = self._model.insert_many([row] * size, self._fields)
            if self._key:
                if self._update:
                    query = query.on_conflict(conflict_target=self._key, preserve=self._update)
                else:
                    query = query.on_conflict(conflict_target=self._key, action="IGNORE")
            text = self._texts[known] = db.get_sql_context().sql(query).query()[0]
        return text
