"""History in PostgreSQL: the same face as `Database`, for a server that may be away. Not here: what is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import peewee
import structlog
from gevent.event import AsyncResult

from marge.redact import redact_text
from marge.storage import postgres_migrations
from marge.storage.errors import DatabaseUnusable
from marge.storage.migrate import Migration, bring_up, find
from marge.storage.worker import NativeWorker

if TYPE_CHECKING:
    from marge.storage.postgres_driver import OneThreadPostgres

log = structlog.get_logger("marge.storage")

R = TypeVar("R")
_MIGRATING = 7_120_431_961
"""Number of the advisory lock under which one of several servers migrates."""


class PostgresDatabase:
    """The database of the history, at a server of its own. Making it does not connect: the house starts without it.

    Every access runs on one native thread, in order, each in a transaction. While the server is away accesses fail with
    peewee's `OperationalError`, each after a new attempt to connect.

    Args:
        url: `postgresql://user:password@host:port/name`, as libpq understands it. It is not logged.
        steps: the migrations; None: those of the package.

    Raises:
        DatabaseUnusable: the driver is not installed.
    """

    def __init__(self, url: str, pending_limit: int = 10_000, steps: list[Migration] | None = None) -> None:
        try:  # on the hub: a native thread must not import
            from marge.storage import postgres_driver
        except ImportError as exc:
            raise DatabaseUnusable(
                f"PostgreSQL needs its driver: install Marge with `pip install marge[postgres]` ({exc})"
            ) from exc
        self._driver = postgres_driver
        self.steps = find(postgres_migrations) if steps is None else steps
        self._url = url
        self.failures = 0
        self.connections = 0
        self.last_error: str | None = None
        self._connection: OneThreadPostgres | None = None  # belongs to the worker's thread
        self._worker = NativeWorker(pending_limit)

    def run(self, function: Callable[[peewee.Database], R]) -> R:
        """`function(db)` in a transaction; the calling greenlet waits for its result. Not on the shared dispatcher.

        Raises:
            Overloaded: too many jobs wait.
            StorageClosed: the database was closed.
            peewee.OperationalError: the server is away.
            DatabaseUnusable: its tables were made by a newer Marge, or cannot be made.
            Exception: whatever `function` raised; the transaction was rolled back.
        """
        result: R = self.submit(function).get()
        return result

    def submit(self, function: Callable[[peewee.Database], Any]) -> AsyncResult:
        """As `run`, but returns at once; the `AsyncResult` gets the result or the error."""
        return self._worker.submit(lambda: self._transact(function))

    def close(self) -> None:
        """Finish what is queued and hang up; waits. Idempotent."""
        if not self._worker._closed:
            self._worker.submit(self._hang_up)
        self._worker.close()

    def describe(self) -> dict[str, Any]:
        """Figures for the console; never waits."""
        return {
            "path": redact_text(self._url),
            "pending": self._worker.pending,
            "jobs": self._worker.done,
            "failures": self.failures,
            "connections": self.connections,
            "last_error": self.last_error,
        }

    # -- in the native thread ----------------------------------------------------------------------------------------

    def _transact(self, function: Callable[[peewee.Database], R]) -> R:
        try:
            connection = self._connection or self._connect()
            with connection.atomic():
                return function(connection)
        except (peewee.OperationalError, peewee.InterfaceError, DatabaseUnusable) as exc:
            self.failures += 1
            self.last_error = redact_text(str(exc)).strip()
            self._hang_up()  # the next job gets a new connection
            reason = exc.__context__
            if isinstance(reason, peewee.OperationalError):
                raise reason from None  # that nothing could be rolled back tells nobody why
            if isinstance(exc, peewee.InterfaceError):  # it is the connection's fault, not the data's
                raise peewee.OperationalError(str(exc)) from exc
            raise

    def _connect(self) -> OneThreadPostgres:
        connection = self._driver.OneThreadPostgres(self._url)
        connection.connect()
        try:
            with connection.atomic():
                connection.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
                bring_up(connection, "the PostgreSQL database", self.steps)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        self.connections += 1
        self.last_error = None
        log.info("connected to PostgreSQL", server=redact_text(self._url), connections=self.connections)
        return connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except peewee.PeeweeException as exc:
                log.debug("the connection was gone already", problem=str(exc))
