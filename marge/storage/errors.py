"""What can go wrong with the database. Texts are for the person who runs Marge."""

from __future__ import annotations

from marge.errors import ConfigError, Unavailable


class DatabaseUnusable(ConfigError):
    """The database cannot be used and Marge must not touch it: no permission, a failed migration, a newer Marge's."""


class DatabaseTooNew(DatabaseUnusable):
    """A newer Marge has written this database; this one would damage it.

    Attributes:
        found, known: schema versions.
    """

    def __init__(self, path: str, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema version {found}, but this Marge knows only {known}: "
            "install the newer Marge again, or restore the backup made before the update"
        )
        self.found = found
        self.known = known


class DatabaseCorrupt(DatabaseUnusable):
    """The file is not a database, or is damaged."""


class StorageClosed(Unavailable):
    """The database is closed (Marge is stopping)."""
