"""The databases in the tree of actors: their figures, and what is done behind the house's back, a step at a time.

That is the salvage of a damaged file, and after it the backfills that migrations have left.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import peewee
import structlog

from marge.actors import PinnedActor
from marge.errors import MargeError
from marge.storage import backfill
from marge.storage.backfill import Progress
from marge.storage.database import Database
from marge.storage.postgres import PostgresDatabase

log = structlog.get_logger("marge.storage")

BEGIN_S = 5.0
"""After a start the house has better things to do with the disk."""
RETRY_S = 60.0


class SalvageOn(NamedTuple):
    """Do the next step of the salvage."""


class LookForWork(NamedTuple):
    """See what there is to fill in this database: `file` or `history`."""

    which: str


class FillOn(NamedTuple):
    """Do the next step of this database's backfill."""

    which: str


class StorageKeeper(PinnedActor):
    """Takes `SalvageOn`, `LookForWork` and `FillOn`. Owns nothing: the databases outlive it.

    Args:
        history: the server of the history, if it has one.
        begin_s: after its start work begins.
    """

    def __init__(
        self, database: Database, history: PostgresDatabase | None = None, begin_s: float = BEGIN_S
    ) -> None:
        self._database = database
        self._databases: dict[str, Database | PostgresDatabase] = {"file": database}
        if history is not None:
            self._databases["history"] = history
        self._begin_s = begin_s
        self._progress: dict[str, Progress] = {}
        self._problems: dict[str, str] = {}

    def on_start(self) -> None:
        if self._is_salvaging:
            self.system.clock.after(self._begin_s, self.path, SalvageOn())
        for which in self._databases:
            self.actor_ref.tell(LookForWork(which))

    def on_receive(self, message: Any) -> None:
        if isinstance(message, SalvageOn):
            self._salvage_on()
        elif isinstance(message, LookForWork):
            self._look_for_work(message.which)
        elif isinstance(message, FillOn):
            self._fill_on(message.which)
        else:
            raise TypeError(f"the database's actor does not take {message!r}")

    def describe(self) -> dict[str, Any]:
        return {**self._database.describe(), "backfill": self.filling()}

    def filling(self) -> dict[str, Any] | None:
        """The backfill that is under way (`migration`, `rows`, `share` from 0 to 1 or None, `since`, `problem`)."""
        for which, progress in self._progress.items():
            return {"database": which, **progress._asdict(), "problem": self._problems.get(which)}
        return None

    # -- salvage -----------------------------------------------------------------------------------------------------

    @property
    def _is_salvaging(self) -> bool:
        return self._database.salvage is not None and not self._database.salvage.done

    def _salvage_on(self) -> None:
        salvage = self._database.salvage
        if salvage is None or salvage.done:
            return
        try:
            with self.waiting_for("the database"):
                done = self._database.run(salvage.step)
        except (peewee.PeeweeException, OSError, MargeError) as exc:
            log.warning("old history is not brought over now; it is tried again", problem=str(exc))
            self.system.clock.after(RETRY_S, self.path, SalvageOn())
            return
        if not done:
            self.actor_ref.tell(SalvageOn())
            return
        log.info("the history of the damaged database was brought over", rows=salvage.rows,
                 incomplete_parts=salvage.unreadable, source=str(salvage.source))
        self.actor_ref.tell(LookForWork("file"))

    # -- backfills ---------------------------------------------------------------------------------------------------

    def _look_for_work(self, which: str) -> None:
        database = self._databases[which]
        if not any(step.backfill for step in database.steps) or (which == "file" and self._is_salvaging):
            return
        try:
            with self.waiting_for("the database"):
                found = database.run(lambda db: backfill.progress(db, database.steps))
        except (peewee.PeeweeException, OSError, MargeError):
            self.system.clock.after(RETRY_S, self.path, LookForWork(which))  # a server that is away, say
            return
        if found is not None:
            log.info("old rows are filled in, in the background", migration=found.migration, done_already=found.rows)
            self._progress[which] = found
            self.system.clock.after(self._begin_s, self.path, FillOn(which))

    def _fill_on(self, which: str) -> None:
        database, before = self._databases[which], self._progress.get(which)
        begun = time.monotonic()
        try:
            with self.waiting_for("the database"):
                found = database.run(lambda db: backfill.step(db, database.steps))
        except Exception as exc:  # noqa: BLE001 - the border: whatever a backfill does to us, it costs that one only
            if which not in self._problems:
                log.error("old rows cannot be filled in now; it is tried again", problem=repr(exc),
                          migration=None if before is None else before.migration)
            self._problems[which] = str(exc).strip() or repr(exc)
            self.system.clock.after(RETRY_S, self.path, FillOn(which))
            return
        self._problems.pop(which, None)
        if before is not None and (found is None or found.migration != before.migration):
            log.info("old rows are filled in", migration=before.migration)
        if found is None:
            self._progress.pop(which, None)
            return
        self._progress[which] = found
        # Half of the thread's time stays for commits and readers.
        self.system.clock.after(time.monotonic() - begun, self.path, FillOn(which))
