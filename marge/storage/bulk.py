"""Many rows in few statements. `pack` is for the hub, `run` blocks: for functions on the database's thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

import orjson
import peewee

from marge.storage.dialect import in_peewees_words, is_postgres

Row = tuple[Any, ...]

# Each statement gives up the GIL and has to get it back, which on a busy hub takes a while: `executemany` pays that for
# every row, a statement of 64 rows once. More rows would keep the hub waiting while their values are bound (1 µs each).
# Few sizes: few distinct texts are prepared.
_SIZES = (64, 8, 1)
_FEW = 16
"""So many rows are not worth a stream."""
_AT_ONCE = 32
"""Rows that become JSON at once: 20 µs."""
_PACKED = 32
"""So many times that many rows are in a statement."""


class Packed(NamedTuple):
    """Rows that wait for SQLite: as JSON, with what JSON cannot hold beside it. Where a text has a NUL in it, at which
    SQLite would end it, as they are."""

    pieces: list[tuple[Any, ...] | list[Row]]


Rows = Sequence[Row] | Packed


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
        self._blobs = [at for at, field in enumerate(self._fields) if isinstance(field, peewee.BlobField)]

    def pack(self, rows: Iterable[Row]) -> Packed:
        """Make `rows` ready for SQLite, which then takes them without the interpreter: binding a value needs it, and a
        busy hub has to wait for it again and again. On the hub; `rows` are made in passing, and freed a few at a time.
        Texts are valid Unicode, numbers finite, keys distinct: those with a NUL may come first.
        """
        pieces: list[tuple[Any, ...] | list[Row]] = []
        made, blobs, end = _begin()
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            values = []
            for row in some:
                value = list(row)
                for column in self._blobs:
                    blob = row[column]
                    value.append(None if blob is None else len(blob))
                    if blob is not None:
                        value[column] = end
                        end += len(blob)
                        blobs.append(blob)
                values.append(value)
            text = orjson.dumps(values)
            if b"\\u0000" in text:
                pieces.append(some)
                continue
            made.append(text[1:-1])
            if len(made) == _PACKED:
                pieces.append(self._piece(made, blobs))
                made, blobs, end = _begin()
        if made:
            pieces.append(self._piece(made, blobs))
        return Packed(pieces)

    def _piece(self, made: list[bytes], blobs: list[bytes]) -> tuple[Any, ...]:
        text = (b"[" + b",".join(made) + b"]").decode()
        return (text, b"".join(blobs)) if self._blobs else (text,)

    def run(self, db: peewee.Database, rows: Rows) -> None:
        """Insert all `rows`. Values go to the driver as they are."""
        if isinstance(rows, Packed):
            for piece in rows.pieces:
                if isinstance(piece, tuple):
                    db.execute_sql(self._json_text(), piece)
                else:
                    self._insert(db, piece)
        elif is_postgres(db) and len(rows) > _FEW:
            self._copy(db, rows)
        else:
            self._insert(db, rows)

    def _insert(self, db: peewee.Database, rows: Sequence[Row]) -> None:
        at, left = 0, len(rows)
        for size in _SIZES:
            while left >= size:
                values = tuple(chain.from_iterable(rows[at : at + size]))
                db.execute_sql(self._text(db, size), values)
                at += size
                left -= size

    def _copy(self, db: peewee.Database, rows: Sequence[Row]) -> None:
        """PostgreSQL takes a stream ten times as fast as statements; into a table aside, for a stream knows no keys."""
        table = self._model._meta.table_name
        columns = _names(self._fields)
        db.execute_sql(f"CREATE TEMP TABLE IF NOT EXISTS incoming_{table} (LIKE {table}) ON COMMIT DELETE ROWS")
        copy = f"COPY incoming_{table} ({columns}) FROM STDIN"
        with in_peewees_words(), db.connection().cursor().copy(copy) as stream:
            for row in rows:
                stream.write_row(row)
        # One row must not be updated twice.
        distinct = f"DISTINCT ON ({_names(self._key)}) " if self._key else ""
        text = f"INSERT INTO {table} ({columns}) SELECT {distinct}{columns} FROM incoming_{table}"
        db.execute_sql(text + self._on_conflict())
        db.execute_sql(f"TRUNCATE incoming_{table}")

    def _json_text(self) -> str:
        text = self._texts.get(("json", 0))
        if text is None:
            lengths = {column: len(self._fields) + number for number, column in enumerate(self._blobs)}
            values = [
                f"substr(?2, {_value(column)}, {_value(lengths[column])})" if column in lengths else _value(column)
                for column in range(len(self._fields))
            ]
            table = self._model._meta.table_name
            text = (
                f"INSERT INTO {table} ({_names(self._fields)}) SELECT {', '.join(values)} FROM json_each(?1) WHERE 1"
                + self._on_conflict()
            )
            self._texts["json", 0] = text
        return text

    def _on_conflict(self) -> str:
        if not self._key:
            return ""
        new = [f"{name} = excluded.{name}" for name in (_names([field]) for field in self._update)]
        return f" ON CONFLICT ({_names(self._key)}) DO " + (f"UPDATE SET {', '.join(new)}" if new else "NOTHING")

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


def _begin() -> tuple[list[bytes], list[bytes], int]:
    """Of a statement: its rows as JSON, its blobs, and where in them the next one begins. SQLite finds nothing, not
    even nothing, in an empty blob."""
    return [], [b" "], 2


def _names(fields: Sequence[peewee.Field]) -> str:
    return ", ".join(f'"{field.column_name}"' for field in fields)


def _value(column: int) -> str:
    return f"json_extract(value, '$[{column}]')"
