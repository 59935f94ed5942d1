"""What the recorder takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Commit(NamedTuple):
    """The interval is over."""


class Flush(NamedTuple):
    """Reply: None, once everything that had happened is committed; `Unavailable` when the database fails."""


class PurgeHistory(NamedTuple):
    """Remove history older than `keep_days` (None: as configured). Reply: None; it goes on in the background.

    Attributes:
        repack: give the freed space back to the disk afterwards.
    """

    keep_days: float | None = None
    repack: bool = False


class PurgeEntities(NamedTuple):
    """Remove the history of the entities that `only` says yes to, as far as it is older than `keep_days`."""

    only: Callable[[str], bool]
    keep_days: float = 0.0


class SetRecording(NamedTuple):
    """Record history from now on, or no more. Current states are kept either way."""

    on: bool


class RenameEntity(NamedTuple):
    """The entity `old` is called `new` from now on: its history and its statistics go with it. Reply: None."""

    old: str
    new: str


class PurgeOn(NamedTuple):
    """Do the next step of the running purge."""


class Replay(NamedTuple):
    """Bring the next file of the journal into the database."""
