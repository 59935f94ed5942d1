"""The way to the recorded past: what has happened is committed before it is read.

These wait for the recorder and the database; not on the shared dispatcher.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import peewee
import pykka

from marge.errors import NotFound, Unavailable
from marge.recorder import Flush

if TYPE_CHECKING:
    from marge.home import Home

RECORDER = "/recorder"
HISTORY_DATABASE = "history_database"
"""In `home.shared` where the history has a server of its own."""
FLUSH_S = 10.0
"""For the commit before a reading; on a memory card under load it is not short."""

R = TypeVar("R")


def flush(home: Home) -> None:
    """Have everything committed that has happened, so that a reader sees what a writer was told is done.

    A database that cannot be written may still be read: then the answer lacks the last changes, and the log says why.
    """
    try:
        home.system.ask(RECORDER, Flush(), timeout=FLUSH_S)
    except (Unavailable, NotFound, pykka.Timeout, pykka.ActorDeadError):
        return  # it has logged why, or is about to be back


def read(home: Home, function: Callable[[peewee.Database], R]) -> R:
    """`function(db)` on the thread of the history's database.

    Raises:
        Unavailable: the database cannot be reached.
    """
    database = home.shared.get(HISTORY_DATABASE, home.storage.database)
    try:
        found: R = database.run(function)
    except peewee.OperationalError as exc:
        raise Unavailable(f"The history cannot be reached now: {str(exc).strip()}") from exc
    return found
