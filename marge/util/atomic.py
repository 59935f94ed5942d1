"""Files that are there whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Put `data` into `path`: a reader, and a start after a power cut, sees the old file or the new one. Blocks.

    A link stays a link: what it points to is replaced. The mode of an existing file stays.

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = 0o644
    # Not `tempfile`: its lock belongs to the hub, and this runs in native threads.
    draft = target.parent / f".{target.name}.{os.getpid()}-{time.monotonic_ns()}"
    number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, mode)
        os.replace(draft, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(draft)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """The rename itself is on disk."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
