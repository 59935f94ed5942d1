"""A large body on its way to the disk: for the few routes that take one, from those who may send it.

Not here: which routes and who (`dispatch.py`), reading the socket (`connection.py`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from marge.actors import native

SUFFIX = ".upload"
FLUSH_FROM = 512 * 1024
"""Bytes; less is not worth the way to a native thread."""


class Spool:
    """One body: what came is collected on the hub, and written by a native thread while the sender waits.

    Attributes:
        path: the file; there is none before the first `flush`.
        size: bytes that came so far.
        is_open: until it is discarded.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{secrets.token_hex(8)}{SUFFIX}"
        self.size = 0
        self.is_open = True
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    @property
    def is_due(self) -> bool:
        return self._waiting_bytes >= FLUSH_FROM

    def add(self, data: bytes) -> None:
        """Does not wait."""
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self.size += len(data)

    def flush(self) -> None:
        """Waits until all that came is in the file.

        Raises:
            OSError: the disk does not take it.
        """
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        native.attempt((OSError,), _append, self.path, waiting)

    def discard(self) -> None:
        """Remove the file, if it is still there."""
        self.is_open = False
        self._waiting.clear()
        native.attempt((OSError,), self.path.unlink, True)


def _append(path: Path, pieces: list[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "ab") as file:
        file.writelines(pieces)
