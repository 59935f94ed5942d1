"""Out of a damaged database into a fresh one: everything that can still be read. Blocks: not for the hub.

Two parts. `rescue_small` brings over what a home cannot do without (registries, settings, users, current states, the
dictionaries), while the house waits. `Salvage.step` brings over history and statistics afterwards, a little at a time:
what is damaged there costs a part of one entity's past. Both read from either end of a table up to the damage.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import peewee
import structlog

log = structlog.get_logger("marge.storage")

CHUNK = 500
STEP_S = 0.05
"""A step ends after so long: commits and readers come in between."""
RESCUE_S = 20.0
"""What is small is read within it, or the rest of it is lost: a disk that answers slowly must not keep the house."""
_SMALL_FIRST = ("key_value", "entities", "attribute_sets", "current", "statistics_meta")
_LARGE: Mapping[str, str | None] = MappingProxyType(
    {"states": "entity", "statistics": "meta", "statistics_short": "meta", "events": None}
)
"""Tables that are brought over in steps, and the first column of their key, if it names what a row is of."""
_DICTIONARIES: Mapping[str, str] = MappingProxyType({"entity": "entities", "meta": "statistics_meta"})
MARKER = "storage/salvage"
"""Key of the document that says what is still to be brought over, for the next start."""
_NOT_TAKEN = frozenset({"schema_version", "sqlite_sequence", "backfills"})


class Copied(NamedTuple):
    """What was brought over of one table. `is_whole`: nothing of it was unreadable."""

    rows: int
    is_whole: bool


class _Table(NamedTuple):
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def rescue_small(source: Path, target: peewee.Database) -> dict[str, Copied]:
    """Copy all tables but the large ones. What cannot be read is left out; nothing is raised for it."""
    found: dict[str, Copied] = {}
    deadline = time.monotonic() + RESCUE_S
    try:
        connection = _open(source)
    except sqlite3.Error as exc:
        log.error("nothing of the damaged database can be read", file=str(source), problem=str(exc))
        return found
    try:
        tables = _tables(connection, target)
        order = sorted(tables, key=lambda each: (each not in _SMALL_FIRST, each))
        for name in order:
            if name in _LARGE:
                continue
            with target.atomic():
                found[name] = _copy(connection, target, tables[name], deadline)
    finally:
        connection.close()
    return found


class Salvage:
    """The large tables, brought over in steps that are transactions of the caller's. In the database's thread only.

    A number that was lost with its dictionary is given away again, so only those up to `highest` mean what they meant.

    Attributes:
        source: the damaged file, which is kept.
        rows: brought over so far.
        unreadable: pieces (an entity's history, say) of which something could not be read.
        done: nothing is left to do.
    """

    def __init__(self, source: Path, highest: Mapping[str, int]) -> None:
        self.source, self.highest = source, highest
        self.rows = self.unreadable = 0
        self.done = False
        self._work: Iterator[int] | None = None

    def step(self, db: peewee.Database) -> bool:
        """Bring over a little; True when that was all."""
        if self._work is None:
            self._work = self._pieces(db)
        deadline = time.monotonic() + STEP_S
        for rows in self._work:
            self.rows += rows
            if time.monotonic() > deadline:
                return False
        self.done = True
        _remember(db, None)
        return True

    @classmethod
    def begin(cls, source: Path, db: peewee.Database) -> Salvage:
        """After `rescue_small`, before anything else is written; remembered until it is done."""
        highest = {
            of: int(db.execute_sql(f"SELECT max(id) FROM {name}").fetchone()[0] or 0)
            for of, name in _DICTIONARIES.items()
        }
        _remember(db, {"source": source.name, "highest": highest})
        return cls(source, highest)

    @classmethod
    def unfinished(cls, path: Path, db: peewee.Database) -> Salvage | None:
        """That of an earlier start of the database at `path`; it begins anew, which is harmless."""
        row = db.execute_sql("SELECT value FROM key_value WHERE key = ?", (MARKER,)).fetchone()
        try:
            if row is None:
                return None
            known = json.loads(row[0])
            source = path.with_name(known["source"])
            return cls(source, dict(known["highest"])) if source.exists() else None
        except (ValueError, TypeError, KeyError) as exc:
            log.error("what was to be salvaged is not known any more", problem=repr(exc))
            return None

    def _pieces(self, db: peewee.Database) -> Iterator[int]:
        try:
            connection = _open(self.source)
        except sqlite3.Error:
            return
        try:
            tables = _tables(connection, db)
            for name, of in _LARGE.items():
                table = tables.get(name)
                if table is not None:
                    yield from self._table(connection, db, table, of)
        finally:
            connection.close()

    def _table(
        self, connection: sqlite3.Connection, db: peewee.Database, table: _Table, of: str | None
    ) -> Iterator[int]:
        numbers: Sequence[int | None] = (None,)
        if of is not None:
            text = f"SELECT id FROM {_DICTIONARIES[of]} WHERE id <= ? ORDER BY id DESC"
            numbers = [row[0] for row in db.execute_sql(text, (self.highest.get(of, 0),)).fetchall()]
        for number in numbers:
            reader = _Reader(connection, table, None if number is None else (str(of), number))
            for rows in reader.chunks():
                _insert(db, table, rows)
                yield len(rows)
            self.unreadable += not reader.is_whole
            yield 0


class _Reader:
    """Rows of a table, or of one part of it, forwards to the first damage and then backwards to the last."""

    def __init__(self, connection: sqlite3.Connection, table: _Table, part: tuple[str, int] | None = None) -> None:
        self._connection, self._table, self._part = connection, table, part
        self.is_whole = True

    def chunks(self) -> Iterator[list[tuple[Any, ...]]]:
        key = [self._table.columns.index(name) for name in self._table.key]
        first_kept: tuple[Any, ...] | None = None
        last_kept: tuple[Any, ...] | None = None
        for rows in self._one_way("ASC"):
            last_kept = tuple(rows[-1][at] for at in key)
            yield rows
        if self.is_whole:
            return
        for rows in self._one_way("DESC", stop=last_kept):
            kept = tuple(rows[-1][at] for at in key)
            if first_kept is not None and kept >= first_kept:
                return
            first_kept = kept
            yield rows

    def _one_way(self, direction: str, stop: tuple[Any, ...] | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Chunks of rows; smaller ones near the damage. The last row of a chunk is where the next one begins."""
        table = self._table
        names = ", ".join(f'"{name}"' for name in table.columns)
        key = ", ".join(f'"{name}"' for name in table.key)
        order = ", ".join(f'"{name}" {direction}' for name in table.key)
        marks = ", ".join("?" * len(table.key))
        positions = [table.columns.index(name) for name in table.key]
        at: tuple[Any, ...] | None = None
        size = CHUNK
        while True:
            where, values = [], list[Any]()
            if self._part is not None:
                where.append(f'"{self._part[0]}" = ?')
                values.append(self._part[1])
            if at is not None:
                where.append(f"({key}) {'>' if direction == 'ASC' else '<'} ({marks})")
                values += at
            if stop is not None:
                where.append(f"({key}) {'<' if direction == 'ASC' else '>'} ({marks})")
                values += stop
            condition = f"WHERE {' AND '.join(where)}" if where else ""
            text = f'SELECT {names} FROM "{table.name}" {condition} ORDER BY {order} LIMIT {size}'
            try:
                rows = self._connection.execute(text, values).fetchall()
            except sqlite3.Error:
                self.is_whole = False
                if size == 1:
                    return
                size = max(1, size // 8)
                continue
            if not rows:
                return
            yield rows
            at = tuple(rows[-1][position] for position in positions)


def _open(source: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=5)
    try:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection, target: peewee.Database) -> dict[str, _Table]:
    """The tables that both have, with the columns that both have."""
    found: dict[str, _Table] = {}
    for name in target.get_tables():
        if name in _NOT_TAKEN:
            continue
        ours = [row[1] for row in target.execute_sql(f'PRAGMA table_info("{name}")').fetchall()]
        try:
            info = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
        except sqlite3.Error:
            continue
        theirs = {row[1] for row in info}
        key = [row[1] for row in sorted(info, key=lambda row: int(row[5])) if row[5]]
        if theirs:
            found[name] = _Table(name, tuple(each for each in ours if each in theirs), tuple(key or ["rowid"]))
    return {
        name: table if table.key != ("rowid",) else table._replace(columns=("rowid", *table.columns))
        for name, table in found.items()
    }


def _copy(connection: sqlite3.Connection, target: peewee.Database, table: _Table, deadline: float) -> Copied:
    reader, count = _Reader(connection, table), 0
    for rows in reader.chunks():
        _insert(target, table, rows)
        count += len(rows)
        if time.monotonic() > deadline:
            return Copied(count, False)
    return Copied(count, reader.is_whole)


def _insert(db: peewee.Database, table: _Table, rows: list[tuple[Any, ...]]) -> None:
    """The rows of a damaged file may break rules that hold in a sound one; those that do are left out."""
    names = ", ".join(f'"{name}"' for name in table.columns)
    row = f"({', '.join('?' * len(table.columns))})"
    values = ", ".join([row] * len(rows))
    db.execute_sql(f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES {values}', tuple(chain.from_iterable(rows)))


def _remember(db: peewee.Database, document: Mapping[str, Any] | None) -> None:
    db.execute_sql("DELETE FROM key_value WHERE key = ?", (MARKER,))
    if document is not None:
        db.execute_sql("INSERT INTO key_value (key, value) VALUES (?, ?)", (MARKER, json.dumps(document)))
