"""One server a home: a lock beside the database, held for life. The kernel takes it back, also after a kill -9."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from marge.errors import Unavailable


class HomeLock:
    """Holds `<database>.lock`. Tools that only add a row (`marge token`) do not need it.

    Raises:
        Unavailable: another process holds it; the text names its pid.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            raise Unavailable(f"another Marge (pid {holder}) uses {database}; stop it first") from exc
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Give it back. The file stays: removing it would let two servers lock two files of one name."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
