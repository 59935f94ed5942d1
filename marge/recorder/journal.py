"""What waits on the disk while the database of the history is away: files of lines, oldest first.

A line is a JSON list: `["h", …]` a segment of the history, `["e", …]` an event; files of an earlier form have
`["s", …]` for a state and `["r", …]` for a removal. A kill may cost the last line of the newest file. Blocks: for a
native thread, one caller at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from marge.model import Context, ReadOnlyDict, State, dumps, dumps_anyhow, loads
from marge.recorder.events import Happening
from marge.recorder.rows import Removal, segments_of
from marge.recorder.segments import Segment

log = structlog.get_logger("marge.recorder")

FILE_BYTES = 8 << 20
"""A file is closed beyond it; about 60,000 changes."""
MAX_BYTES = 1 << 30
"""Of all files. What comes beyond it is not kept: the caller counts it."""


class Waiting(NamedTuple):
    """What one file holds. `unreadable`: lines that could not be understood and are lost."""

    segments: list[Segment]
    happenings: list[Happening]
    unreadable: int

    @property
    def rows(self) -> int:
        """Of the history."""
        return sum(segment.rows for segment in self.segments)


class Journal:
    """The files in one folder, which is made when it is needed.

    Attributes:
        size: bytes in all files.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES, file_bytes: int = FILE_BYTES) -> None:
        self.folder = folder
        self.max_bytes, self.file_bytes = max_bytes, file_bytes
        self.size = 0
        self._done: set[Path] = set()
        self._files: list[Path] = []
        for file in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
            self._files.append(file)
            self.size += file.stat().st_size
        self._last = max((int(file.stem) for file in self._files if file.stem.isdigit()), default=0)

    @property
    def is_empty(self) -> bool:
        return not self._files

    @property
    def files(self) -> int:
        return len(self._files)

    def append(self, segments: Sequence[Segment], happenings: Sequence[Happening]) -> bool:
        """Keep these; False when the files hold as much as they may already, and nothing was kept.

        Raises:
            OSError: they could not be written; nothing of them counts as kept.
        """
        if self.size >= self.max_bytes:
            return False
        data = b"".join((*map(_segment_line, segments), *map(_event_line, happenings)))
        if not data:
            return True
        file = self._open_file()
        with open(file, "ab", opener=_private) as stream:
            before = stream.tell()
            try:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            except OSError:
                os.truncate(file, before)
                raise
        self.size += len(data)
        return True

    def oldest(self) -> tuple[Path, Waiting] | None:
        """The oldest file and what it holds; nothing is appended to it any more. None: there is none."""
        while self._files:
            file = self._files[0]
            if file not in self._done:
                return file, _read(file)
            self._files.pop(0)
        return None

    def forget(self, file: Path) -> None:
        """What this file held is in the database."""
        self._done.add(file)  # whatever the disk says, it is not replayed again
        if file in self._files:
            self._files.remove(file)
        self.size -= file.stat().st_size
        file.unlink()

    def _open_file(self) -> Path:
        """The newest file while it has room, but for the oldest, which may be being replayed."""
        if len(self._files) > 1 and self._files[-1].stat().st_size < self.file_bytes:
            return self._files[-1]
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._last += 1  # a name is never used twice: one that is done must not be met again
        file = self.folder / f"{self._last:09d}.jsonl"
        self._files.append(file)
        return file


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _segment_line(segment: Segment) -> bytes:
    return dumps(["h", *segment.as_list()]) + b"\n"


def _event_line(event: Happening) -> bytes:
    context = event.context
    fields = ["e", event.time, event.kind, dict(event.data), context.id, context.parent_id, context.user_id]
    return dumps_anyhow(fields) + b"\n"


def _read(file: Path) -> Waiting:
    segments: list[Segment] = []
    happenings: list[Happening] = []
    unreadable = 0
    for line in _lines(file):
        try:
            found = _understood(loads(line))
        except (ValueError, TypeError, IndexError, KeyError, OverflowError):
            unreadable += 1
            continue
        if isinstance(found, Happening):
            happenings.append(found)
        else:
            segments.append(found)
    if unreadable:
        log.error("lines of the recorder's journal are unreadable and lost", file=str(file), lines=unreadable)
    return Waiting(segments, happenings, unreadable)


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        for line in stream:
            if line.strip():
                yield line


def _understood(fields: Any) -> Segment | Happening:
    kind, *rest = fields
    if kind == "h":
        return Segment.from_list(*rest)
    if kind == "s":
        entity_id, state, attributes, changed, updated, reported, *context = rest
        times = float(changed), float(updated), float(reported)
        change = State(str(entity_id), str(state), ReadOnlyDict(attributes), *times, Context(*context))
        return segments_of([change])[0]
    if kind == "r":
        return segments_of([Removal(str(rest[0]), float(rest[1]))])[0]
    if kind == "e":
        at, name, data, *context = rest
        return Happening(float(at), str(name), dict(data), Context(*context))
    raise ValueError(f"no kind of line: {kind!r}")
