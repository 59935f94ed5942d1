"""The files of a home's configuration, for an editor: which there are, what they hold, and putting a new text there.

Everything here blocks for small files: in a native thread. Not here: what is wrong with a text (`load_home` with a
draft of it).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from marge.errors import AlreadyExists, InvalidRequest, NotFound
from marge.util.atomic import write_atomically

SUFFIXES = (".yaml", ".yml", ".jinja")
MAX_FILES = 2_000
MAX_BYTES = 2**20
MAX_DEPTH = 8


class ConfigFile(NamedTuple):
    """One file. `path`: below the configuration directory, with slashes; `modified`: epoch seconds."""

    path: str
    size: int
    modified: float


def list_files(config_dir: Path) -> list[ConfigFile]:
    """The editable files, by path; the first `MAX_FILES` of them. What starts with a dot is nobody's configuration."""
    return sorted(_found(config_dir))


def _found(config_dir: Path) -> Iterator[ConfigFile]:
    count = 0
    for folder, folders, names in os.walk(config_dir):
        here = Path(folder).relative_to(config_dir)
        folders[:] = sorted(each for each in folders if not each.startswith(".")) if len(here.parts) < MAX_DEPTH else []
        for name in sorted(names):
            path = Path(folder, name)
            if name.startswith(".") or path.suffix not in SUFFIXES or not _is_inside(config_dir, path):
                continue
            try:
                status = path.stat()
            except OSError:
                continue  # it is gone again, or a link to nothing
            yield ConfigFile((here / name).as_posix(), status.st_size, status.st_mtime)
            count += 1
            if count >= MAX_FILES:
                return


def place_of(config_dir: Path, name: str) -> Path:
    """Where a file of that name stands or would stand.

    Raises:
        InvalidRequest: it is none of a configuration's files.
    """
    parts = PurePosixPath(name).parts
    bad = not parts or name.startswith("/") or len(name) > 500 or len(parts) > MAX_DEPTH + 1 or not name.isprintable()
    if bad or any(part.startswith(".") or "\\" in part for part in parts):
        raise InvalidRequest("a file is named by its path below the configuration directory, such as `scenes.yaml`")
    if PurePosixPath(name).suffix not in SUFFIXES:
        raise InvalidRequest(f"only files that end in {', '.join(SUFFIXES)} can be edited")
    path = config_dir.joinpath(*parts)
    if not _is_inside(config_dir, path):
        raise InvalidRequest("the file lies outside of the configuration directory")
    return path


def read_file(path: Path) -> bytes:
    """What it holds.

    Raises:
        NotFound: it is not there.
        InvalidRequest: it is too large for an editor, or cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidRequest(f"the file is larger than {MAX_BYTES // 1024} KB; edit it on the machine")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("there is no such file") from None
    except OSError as exc:
        raise InvalidRequest(f"the file cannot be read: {exc.strerror}") from exc


def digest_of(data: bytes) -> str:
    """What tells one content of a file from another."""
    return hashlib.sha256(data).hexdigest()[:32]


def save_file(path: Path, data: bytes, digest: str | None) -> None:
    """Put a text into a file, whole or not at all.

    Args:
        digest: of what the editor began with; None: the file is new.

    Raises:
        AlreadyExists: it has changed meanwhile, or is there although it should be new.
        NotFound: it was removed meanwhile.
        InvalidRequest: the disk does not take it.
    """
    if digest is None:
        if path.exists():
            raise AlreadyExists("there is a file of that name already")
    elif digest_of(read_file(path)) != digest:
        raise AlreadyExists("the file was changed by somebody else meanwhile; open it again")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except OSError as exc:
        raise InvalidRequest(f"the file cannot be written: {exc.strerror}") from exc


def _is_inside(config_dir: Path, path: Path) -> bool:
    """Whether the file, links followed, lies in the configuration directory."""
    return path.resolve().is_relative_to(config_dir.resolve())
