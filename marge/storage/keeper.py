"""The database in the tree of actors: its figures, and the salvage of a damaged one, a step at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

import peewee
import structlog

from marge.actors import PinnedActor
from marge.errors import MargeError
from marge.storage.database import Database

log = structlog.get_logger("marge.storage")

BEGIN_S = 5.0
"""After a start the house has better things to do with the disk."""
RETRY_S = 60.0


class SalvageOn(NamedTuple):
    """Do the next step."""


class StorageKeeper(PinnedActor):
    """Takes `SalvageOn`. Owns nothing: the database outlives it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on_start(self) -> None:
        if self._database.salvage is not None:
            self.system.clock.after(BEGIN_S, self.path, SalvageOn())

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, SalvageOn):
            raise TypeError(f"the database's actor does not take {message!r}")
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
        if done:
            log.info("the history of the damaged database was brought over", rows=salvage.rows,
                     incomplete_parts=salvage.unreadable, source=str(salvage.source))
        else:
            self.actor_ref.tell(SalvageOn())

    def describe(self) -> dict[str, Any]:
        return self._database.describe()
