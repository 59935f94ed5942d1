"""What can be wrong with a backup. The texts are for people."""

from __future__ import annotations

from marge.errors import MargeError


class BackupError(MargeError):
    """Something could not be done with a backup."""


class BackupDamaged(BackupError):
    """It is no backup, it is not as it was made, or it holds what no backup holds."""


class WrongPassword(BackupError):
    """Its contents were sealed with another password, or to other keys."""


class BackupMismatch(BackupError):
    """It is whole, but does not hold what was asked for, or comes from a newer Marge."""


class NoRoom(BackupError):
    """The disk has not enough room for it."""
