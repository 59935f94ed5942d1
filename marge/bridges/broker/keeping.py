"""What the broker retains, while it is down: a copy in memory for its crashes, one on disk for ours.

Blocking file work. The broker saves into a directory of memory (`/dev/shm`), which costs nothing, twice a second;
from there it goes to disk once a minute and at the end, and only if it is different: a memory card should live.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger("marge.bridges.broker")

MEMORY = Path("/dev/shm")
FILES = ("mosquitto.db", "retained.jsonl")
"""mosquitto's, and that of the program around amqtt."""
SECONDS_A_MEGABYTE = 0.5
"""Saving 7 MB (10,000 announcements) keeps mosquitto busy for 5 ms: at this pace it is never noticed."""
LEAST_PAUSE_S, DISK_PAUSE_S = 0.5, 60.0


class Keeper:
    """The files of one home's broker. Its methods block: they run beside the hub, one at a time.

    Args:
        persistent: keep it beyond Marge. Else a start of Marge begins with nothing, and only a crash of the broker's
            own is survived.
    """

    def __init__(self, config_dir: Path, persistent: bool, memory: Path = MEMORY) -> None:
        self.persistent = persistent
        self.disk_dir = config_dir / ".marge" / "broker"
        name = hashlib.sha256(os.fsencode(config_dir.resolve())).hexdigest()[:16]
        self._memory_dir = memory / f"marge-{os.getuid()}-{name}"
        self.state_dir = self.disk_dir
        self.failed_starts = 0
        self._has_begun = False
        self._written: dict[str, str] = {}

    @property
    def is_in_memory(self) -> bool:
        return self.state_dir != self.disk_dir

    def prepare(self) -> Path:
        """Before the broker starts: the directory, with what is to be retained in it.

        Raises:
            OSError: there is no place for it.
        """
        self.disk_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.state_dir = self._memory_dir if _make_private(self._memory_dir) else self.disk_dir
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        if self.failed_starts >= 2:  # one failure may be anything; two in a row before it answers, and it is the file
            self._set_aside()
        return self.state_dir

    def pause_s(self) -> float:
        """Until the next save: the larger the file, the longer."""
        size = max((_facts(self.state_dir / name)[1] for name in FILES), default=0)
        least = LEAST_PAUSE_S if self.is_in_memory else DISK_PAUSE_S
        return max(least, size / (1 << 20) * SECONDS_A_MEGABYTE)

    def write_back(self) -> None:
        """Bring to disk what differs."""
        if not self.persistent or not self.is_in_memory:
            return
        for name in FILES:
            try:
                content = (self.state_dir / name).read_bytes()
                digest = hashlib.sha256(content).hexdigest()
                if content and self._written.get(name) != digest:
                    _write(self.disk_dir / name, content)
                    self._written[name] = digest
            except FileNotFoundError:
                continue

    def end(self) -> None:
        """After the broker ended with Marge: to disk, and out of memory."""
        self.write_back()
        if self.is_in_memory:
            shutil.rmtree(self.state_dir, ignore_errors=True)
        elif not self.persistent:
            for name in FILES:
                (self.disk_dir / name).unlink(missing_ok=True)

    def _begin(self) -> None:
        """The newest of both copies, or none."""
        for name in FILES:
            memory, disk = self.state_dir / name, self.disk_dir / name
            if not self.persistent:
                memory.unlink(missing_ok=True)
                disk.unlink(missing_ok=True)
            elif self.is_in_memory and _facts(disk) > _facts(memory):
                shutil.copy2(disk, memory)

    def _set_aside(self) -> None:
        for directory in {self.state_dir, self.disk_dir}:
            for name in FILES:
                file = directory / name
                if file.exists():
                    aside = self.disk_dir / f"{name}.damaged"
                    shutil.move(file, aside)
                    log.error("the broker does not start with what it retained; it is set aside", file=str(aside))
        self.failed_starts = 0


def _make_private(directory: Path) -> bool:
    """Whether it is a directory of ours that nobody else can read; made when it is not there."""
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError:
        return False
    try:
        found = directory.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _facts(file: Path) -> tuple[float, int]:
    """When it was written, and its size; zeros when there is none."""
    try:
        found = file.stat()
    except OSError:
        return 0.0, 0
    return found.st_mtime, found.st_size


def _write(file: Path, content: bytes) -> None:
    """All or nothing, also when the power goes."""
    beside = file.with_name(f"{file.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def write_private(file: Path, text: str) -> None:
    """A file for this user's eyes only, replaced at once."""
    beside = file.with_name(f"{file.name}.new")
    with contextlib.suppress(FileNotFoundError):
        beside.unlink()
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    beside.replace(file)


def keeper_of(shared: dict[str, Any], config_dir: Path, persistent: bool) -> Keeper:
    """The home's keeper; made at first use, and it outlives the broker's actor."""
    found = shared.get("broker_keeper")
    if not isinstance(found, Keeper):
        found = shared["broker_keeper"] = Keeper(config_dir, persistent)
    return found
