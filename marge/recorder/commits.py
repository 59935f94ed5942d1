"""Writes batches to where they belong: history and events to the history's database, current states to the file.

Both are one database unless the history has a server of its own. Waits: in the recorder's greenlet only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import peewee
import structlog

from marge.errors import MargeError
from marge.recorder.changes import Batch
from marge.recorder.events import EventWriter, Happening
from marge.recorder.purge import Purge
from marge.recorder.renaming import rename
from marge.recorder.repack import Repack
from marge.recorder.writer import Writer
from marge.storage import Database
from marge.storage.postgres import PostgresDatabase

log = structlog.get_logger("marge.recorder")

DATABASE_ERRORS = (peewee.PeeweeException, sqlite3.Error, OSError, MargeError)
"""Unless they are data errors they are the database's fault, not the data's: the batch is tried again as it is."""
_DATA_ERRORS = (peewee.DataError, peewee.IntegrityError, peewee.InterfaceError, peewee.ProgrammingError)

HistoryDatabase = Database | PostgresDatabase


class Commits:
    """Transactions of the recorder.

    Args:
        database: the file, with the current states.
        history: the server of the history; None: the file has it, too.
    """

    def __init__(self, database: Database, history: PostgresDatabase | None = None) -> None:
        self.database = database
        self.history: HistoryDatabase = database if history is None else history
        self.recorded = self.unrecordable = 0
        self._current_writer = Writer()
        self._history_writer = self._current_writer if history is None else Writer(packs=False)
        self._events = EventWriter()

    @property
    def databases(self) -> list[HistoryDatabase]:
        """The one or the two, the file last."""
        return [self.database] if self.is_one else [self.history, self.database]

    @property
    def is_one(self) -> bool:
        """Whether history and current states are in one database."""
        return self.history is self.database

    def write(self, batch: Batch) -> None:
        """Write a batch. Two databases: current states first, for the file is there when the server is not.

        Raises:
            DATABASE_ERRORS: it could not be written; what was, may be written again.
        """
        if self.is_one:
            self._write(self.database, self._current_writer, batch)
            return
        self.write_current(batch)
        self._write(self.history, self._history_writer, Batch(batch.history, {}))

    def write_current(self, batch: Batch) -> None:
        """The current states of a batch, and nothing of its history. Raises as `write`."""
        if batch.current:
            self._write(self.database, self._current_writer, Batch([], batch.current))

    def write_events(self, happenings: list[Happening]) -> None:
        """Write events. Raises as `write`."""
        self.history.run(partial(self._events.write, happenings=happenings))

    def run_purge(self, purge: Purge) -> bool:
        """One step; True when nothing is left to do. Raises as `write`."""
        sets_before = purge.attribute_sets
        done = self.history.run(purge.step)
        if purge.attribute_sets != sets_before:
            self.distrust()  # the writers may remember sets that are gone
        return done

    def run_repack(self, repack: Repack) -> bool:
        """One step, of the file; True when nothing is left to do. Raises as `write`."""
        return self.database.run(repack.step)

    def tidy_file(self, purge: Callable[[], Purge]) -> None:
        """Where the history is elsewhere: remove attribute sets from the file that no current state has any more."""
        if not self.is_one:
            whole = purge()
            while not self.database.run(whole.step):
                pass
            self.distrust()

    def rename(self, old: str, new: str) -> None:
        """Give an entity's past to its new name. Raises as `write`."""
        try:
            for database in self.databases:
                database.run(lambda db: rename(db, old, new))
        finally:
            self.distrust()

    def distrust(self) -> None:
        """A transaction may have been rolled back, or others have written: nothing that is remembered counts."""
        self._current_writer.distrust()
        self._history_writer.distrust()

    def _write(self, database: HistoryDatabase, writer: Writer, batch: Batch) -> None:
        """Write a batch; one that holds something unwritable is halved until that is found and left out."""
        try:
            self.recorded += writer.write(database.run, batch)
        except Exception as exc:
            if isinstance(exc, DATABASE_ERRORS) and not isinstance(exc, _DATA_ERRORS):
                raise
            # Whatever a state does to us, it costs that state only.
            writer.distrust()
            halves = _halves(batch)
            if halves is None:
                self.unrecordable += 1
                names = list(batch.current) or [name for segment in batch.history for name in segment.entities]
                log.error("a state cannot be recorded and was left out", entity_id=names, problem=repr(exc))
                return
            for half in halves:
                self._write(database, writer, half)


def _halves(batch: Batch) -> list[Batch] | None:
    """Smaller batches; None when there is but one change in it."""
    history, current = batch.history, list(batch.current.items())
    if history and current:
        return [Batch(history, {}), Batch([], batch.current)]
    if batch.rows + len(current) <= 1:
        return None
    if current:
        middle = len(current) // 2
        return [Batch([], dict(current[:middle])), Batch([], dict(current[middle:]))]
    if len(history) > 1:
        middle = len(history) // 2
        return [Batch(history[:middle], {}), Batch(history[middle:], {})]
    return [Batch([half], {}) for half in history[0].halves()]


def figures(commits: Commits, unrecordable: int) -> dict[str, Any]:
    """For the console. `unrecordable`: what never became a row."""
    return {"recorded": commits.recorded, "unrecordable": commits.unrecordable + unrecordable, **_described(commits)}


def _described(commits: Commits) -> dict[str, Any]:
    found: dict[str, Any] = {"database": commits.database.describe()}
    if not commits.is_one:
        found["history_database"] = commits.history.describe()
    return found
