"""The database: one SQLite file, used by one native thread. Not here: what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import peewee
import structlog
from gevent.event import AsyncResult

from marge.storage import backfill
from marge.storage.connect import (
    QUICK_CHECK_LIMIT_S,
    OneThreadSqlite,
    check,
    connect,
    ended_uncleanly,
    is_damage,
    move_aside,
)
from marge.storage.errors import DatabaseCorrupt
from marge.storage.migrate import Migration, find, migrate
from marge.storage.salvage import Copied, Salvage, rescue_small
from marge.storage.worker import NativeWorker

log = structlog.get_logger("marge.storage")

MARKED_CHECK_S = 60.0
"""For the check of a file that is known to be damaged."""

R = TypeVar("R")

Function = Callable[[peewee.Database], R]


class Database:
    """The server's database. Making it opens the file: the calling greenlet waits until it is checked and migrated.

    Every access runs on one native thread with a connection of its own, in order, each in a transaction. Functions get
    the peewee database and must not touch gevent objects; models carry no database, so queries end in `.execute(db)`.
    `run` and `submit` may be called from any greenlet of the hub; `submit` also from the shared dispatcher.

    A damaged file is moved aside and a fresh one made, with everything small that could still be read; history follows
    through `salvage`. A file that turns out damaged later is marked, so that the next opening checks it whole.

    Raises:
        DatabaseTooNew: a newer Marge has written the file.
        DatabaseUnusable: it cannot be opened, or a migration failed.

    Args:
        steps: the migrations; None: those of the package.

    Attributes:
        path: the file.
        steps: its migrations.
        moved_aside: where a damaged file was moved to by this opening, else None.
        rescued: what came over from it, by table.
        salvage: what is still to be brought over from a damaged file, in steps; None: nothing.
        damaged: why the file has to be checked at the next start; None: it need not be.
    """

    def __init__(self, path: str | Path, pending_limit: int = 10_000, steps: list[Migration] | None = None) -> None:
        self.path = Path(path)
        self.steps = find() if steps is None else steps  # on the hub: a native thread must not import
        self.moved_aside: Path | None = None
        self.rescued: dict[str, Copied] = {}
        self.salvage: Salvage | None = None
        self.damaged: str | None = None
        self.failures = 0
        self._worker = NativeWorker(pending_limit)
        self._connection: OneThreadSqlite | None = None  # belongs to the worker's thread
        try:
            self._worker.submit(self._open).get()
        except BaseException:
            self._worker.close()
            raise

    def run(self, function: Function[R]) -> R:
        """`function(db)` in a transaction; the calling greenlet waits for its result. Not on the shared dispatcher.

        Raises:
            Overloaded: too many jobs wait.
            StorageClosed: the database was closed.
            Exception: whatever `function` raised; the transaction was rolled back.
        """
        result: R = self.submit(function).get()
        return result

    def submit(self, function: Function[Any]) -> AsyncResult:
        """As `run`, but returns at once; the `AsyncResult` gets the result or the error."""
        return self._worker.submit(lambda: self._transact(function))

    def close(self) -> None:
        """Finish what is queued, fold the journal into the file and close it; waits. Idempotent."""
        if not self._worker._closed:
            self._worker.submit(self._close)
        self._worker.close()

    def describe(self) -> dict[str, Any]:
        """Figures for the console; never waits."""
        return {
            "path": str(self.path),
            "pending": self._worker.pending,
            "jobs": self._worker.done,
            "failures": self.failures,
            "moved_aside": str(self.moved_aside) if self.moved_aside else None,
            "damaged": self.damaged,
            "salvaged_rows": None if self.salvage is None else self.salvage.rows,
        }

    @staticmethod
    @contextmanager
    def open_sync(path: str | Path) -> Iterator[peewee.Database]:
        """The database opened in this thread, inside one transaction: for the CLI, whether the server runs or not.

        Never moves a file aside.

        Raises:
            DatabaseCorrupt, DatabaseTooNew, DatabaseUnusable: it cannot be used.
        """
        connection = connect(Path(path))
        try:
            migrate(connection, Path(path))
            with connection.atomic("IMMEDIATE"):
                yield connection
        finally:
            connection.close()

    # -- in the native thread ----------------------------------------------------------------------------------------

    def _open(self) -> None:
        marker = _marker(self.path)
        unclean = ended_uncleanly(self.path) or marker.exists()
        try:
            connection = self._open_checked(unclean, MARKED_CHECK_S if marker.exists() else QUICK_CHECK_LIMIT_S)
            self.salvage = Salvage.unfinished(self.path, connection)
        except DatabaseCorrupt as exc:
            aside = self.moved_aside = move_aside(self.path)
            connection = self._open_checked(unclean=False)
            self.rescued = rescue_small(aside, connection)
            if self.rescued:
                with connection.atomic("IMMEDIATE"):
                    self.salvage = Salvage.begin(aside, connection)
                    backfill.begin_again(connection)  # what comes over may be of an older schema
            log.error(
                "the database is damaged; it was moved aside, and what could be read of it is in a new one",
                problem=str(exc), moved_to=str(aside), rescued={name: each.rows for name, each in self.rescued.items()},
                incomplete=[name for name, each in self.rescued.items() if not each.is_whole],
            )
        marker.unlink(missing_ok=True)
        self._connection = connection

    def _open_checked(self, unclean: bool, limit_s: float = QUICK_CHECK_LIMIT_S) -> OneThreadSqlite:
        connection = connect(self.path)
        try:
            if unclean and not check(connection, limit_s):
                log.warning("the database is too large to be checked whole at start", path=str(self.path))
            migrate(connection, self.path, self.steps)
        except BaseException as exc:
            connection.close()
            if not isinstance(exc, DatabaseCorrupt) and is_damage(exc):
                raise DatabaseCorrupt(f"{self.path} is damaged: {exc}") from exc
            raise
        return connection

    def _transact(self, function: Function[R]) -> R:
        connection = self._connection
        if connection is None:
            connection = self._connection = connect(self.path)
        try:
            # IMMEDIATE: a lock that another process holds is waited for at the beginning, not met in the middle.
            with connection.atomic("IMMEDIATE"):
                return function(connection)
        except peewee.DatabaseError as exc:
            self._note_damage(exc)
            if not isinstance(exc, peewee.OperationalError):
                raise
            self.failures += 1
            # After an I/O error a connection may be stuck with it; the next job gets a new one.
            self._connection = None
            connection.close()
            reason = exc.__context__
            if isinstance(reason, peewee.OperationalError) and "rollback" in str(exc):
                raise reason from None  # the disk is full, say; that nothing was left to roll back tells nobody why
            raise

    def _note_damage(self, exc: BaseException) -> None:
        """Found in the middle of work: the next start, when nobody holds the old states, is the time to mend it."""
        if self.damaged is None and is_damage(exc):
            self.damaged = str(exc)
            _marker(self.path).touch()
            log.error("the database is damaged; restart Marge to have it mended", problem=str(exc), path=str(self.path))

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except peewee.PeeweeException as exc:
            log.warning("the database's journal stays; the next start reads it", problem=str(exc))
        connection.close()


def _marker(path: Path) -> Path:
    """Beside a database that has to be checked before it is used again."""
    return path.with_name(path.name + "-damaged")
