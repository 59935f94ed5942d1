"""Making the file of a backup: a tar with `backup.json` in front and the contents, packed and perhaps sealed, behind.

Blocks: not on the hub. Here is no logging and nothing of gevent, since it runs in a native thread.
"""

from __future__ import annotations

import dataclasses
import errno
import gzip
import hashlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextlib import suppress as quietly
from pathlib import Path
from typing import Any, BinaryIO

from marge.backup import about as manifest
from marge.backup.about import About
from marge.backup.contents import MEDIA, config_files
from marge.backup.database import copy_database
from marge.backup.errors import NoRoom
from marge.backup.meter import Meter

CONFIG, DATABASE, CHECKSUMS = "config/", "marge.db", "checksums.json"
DRAFTS = (".draft", ".content", ".database", ".upload")
_GZIP_LEVEL = 4
_COPY = 1 << 20


def path_of(folder: Path, backup_id: str) -> Path:
    """Where a backup lies."""
    return folder / f"{backup_id}.tar"


def write(
    folder: Path,
    config_dir: Path,
    database: Path | None,
    about: About,
    password: str | None = None,
    recipients: Sequence[str] = (),
    meter: Meter | None = None,
) -> About:
    """Make a backup of the configuration and the database as they are now; it appears in `folder` when it is whole.

    Args:
        password, recipients: what seals its contents: a password, else public keys of `age`, else nothing.

    Returns:
        `about` with what is known now.

    Raises:
        OSError, sqlite3.Error, BackupError: it cannot be made (`NoRoom` among them); nothing is left of it.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    target = path_of(folder, about.backup_id)
    draft, content, copy = (target.with_suffix(each) for each in DRAFTS[:3])
    about = dataclasses.replace(about, protected=bool(password or recipients), age=bool(recipients and not password))
    meter = meter or Meter()
    try:
        with _saying_full(folder):
            if database is not None and database.is_file():
                _need_room(folder, database.stat().st_size)
                copy_database(database, copy, about.history)
            with private_file(content) as file:
                _write_content(file, config_dir, database, copy, about, password or recipients, meter)
            copy.unlink(missing_ok=True)
            _need_room(folder, content.stat().st_size)
            about = assemble(draft, content, about)
        os.replace(draft, target)
        sync_folder(folder)
        return about
    finally:
        for each in (draft, content, copy, copy.with_name(copy.name + "-journal")):
            with quietly(OSError):
                each.unlink()


@contextmanager
def _saying_full(folder: Path) -> Iterator[None]:
    """A full disk in words that say which."""
    try:
        yield
    except (OSError, sqlite3.Error) as exc:
        full = getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or (
            isinstance(exc, OSError) and exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        )
        if not full:
            raise
        raise NoRoom(f"the disk of {folder} is full ({exc}); remove old backups or other files") from exc


def _need_room(folder: Path, size: int) -> None:
    if not enough_space(folder, size):
        free = shutil.disk_usage(folder).free
        raise NoRoom(
            f"there is not enough room for it on the disk of {folder}: {free / 1e6:.0f} MB are free, {size / 1e6:.0f} "
            "MB and some air are needed; remove old backups or other files"
        )


def assemble(draft: Path, content: Path, about: About) -> About:
    """Put `backup.json` in front of the contents. Returns `about` with their size and checksum."""
    with content.open("rb") as source:
        about = dataclasses.replace(
            about, size=content.stat().st_size, sha256=hashlib.file_digest(source, "sha256").hexdigest()
        )
        source.seek(0)
        with private_file(draft) as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                add(archive, "backup.json", manifest.to_json(about))
                member = _member(about.content, about.size, time.time())
                archive.addfile(member, source)
            file.flush()
            os.fsync(file.fileno())
    return about


def _write_content(
    file: BinaryIO,
    config_dir: Path,
    database: Path | None,
    copy: Path,
    about: About,
    lock: str | Sequence[str],
    meter: Meter,
) -> None:
    names = list(config_files(config_dir, database, MEDIA in about.folders))
    paths = {CONFIG + each: config_dir / each for each in names} | ({DATABASE: copy} if copy.is_file() else {})
    meter.begin("pack", sum(_size(each) for each in paths.values()))
    room = _Room(copy.parent)
    sums: dict[str, dict[str, Any]] = {}
    with _sealed(file, lock) as sink, _packed_tar(sink) as archive:
        for name, path in paths.items():
            _add_file(archive, path, name, sums, meter, room)
        add(archive, CHECKSUMS, json.dumps({"members": sums}).encode())


@contextmanager
def _sealed(file: BinaryIO, lock: str | Sequence[str]) -> Iterator[Any]:
    """What to write into, so that what arrives at `file` is sealed with a password, to public keys, or not at all."""
    if not lock:
        yield file
    elif isinstance(lock, str):
        from marge.backup.sealing import SealingWriter  # on a server `load_ciphers` did it before

        sealing = SealingWriter(file, lock)
        yield sealing
        sealing.close()
    else:
        from marge.backup.age import AgeWriter

        writer = AgeWriter(file, lock)
        try:
            yield writer
            writer.close()
        finally:
            writer.abandon()


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


class _Room:
    """Looks now and then whether the disk has room left: a recorder that cannot write is worse than no backup."""

    EVERY = 32 << 20

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = self.EVERY

    def used(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            self._left = self.EVERY
            _need_room(self._folder, 0)


@contextmanager
def _packed_tar(sink: Any) -> Iterator[tarfile.TarFile]:
    with (
        gzip.GzipFile("", "wb", _GZIP_LEVEL, sink, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield archive


def _add_file(
    archive: tarfile.TarFile, path: Path, name: str, sums: dict[str, dict[str, Any]], meter: Meter, room: _Room
) -> None:
    """One file. One that went away meanwhile was no part of the home; one that grows is taken as long as it was."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        hashing = _Hashing(file, facts.st_size, meter, room)
        member = _member(name, facts.st_size, facts.st_mtime)
        member.mode = facts.st_mode & 0o777
        archive.addfile(member, hashing)  # type: ignore[arg-type]  # all it asks for is `read`
        sums[name] = {"size": facts.st_size, "sha256": hashing.hash.hexdigest()}


class _Hashing:
    """Reads exactly `size` bytes of a file and adds them up; what is missing since it was looked at becomes zeros."""

    def __init__(self, file: BinaryIO, size: int, meter: Meter, room: _Room) -> None:
        self._file, self._left = file, size
        self._meter, self._room = meter, room
        self.hash = hashlib.sha256()

    def read(self, size: int) -> bytes:
        size = min(size, self._left)
        data = self._file.read(size)
        data += bytes(size - len(data))
        self._left -= size
        self.hash.update(data)
        self._meter.advance(size)
        self._room.used(size)
        return data


def add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    """A member out of memory."""
    archive.addfile(_member(name, len(data), time.time()), io.BytesIO(data))


def _member(name: str, size: int, changed_at: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(changed_at), 0o600
    return member


def private_file(path: Path) -> BinaryIO:
    """A new file that only its owner reads: every secret of the home is in there."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b")


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder lasting."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def native_archive(folder: Path, config_dir: Path, database: Path) -> Path:
    """A gzip tar with the database and what people edit most, all at the top: the native API's backup.

    Returns:
        A file in `folder` that the caller removes.

    Raises:
        OSError, sqlite3.Error: it cannot be made.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{secrets.token_hex(8)}.content"
    copy = target.with_suffix(".database")
    try:
        copy_database(database, copy)
        with private_file(target) as file, _packed_tar(file) as archive:
            for path, name in ((copy, DATABASE), *((config_dir / each, each) for each in NATIVE_FILES)):
                if path.is_file():
                    _add_file(archive, path, name, {}, Meter(), _Room(folder))
        return target
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        copy.unlink(missing_ok=True)


NATIVE_FILES = ("automations.yaml", "scenes.yaml", "scripts.yaml")


def enough_space(folder: Path, size: int) -> bool:
    """Whether `size` bytes more leave the disk some air."""
    return size < room(folder)


def room(folder: Path) -> int:
    """How many bytes leave the disk some air; below 0: it has none left."""
    usage = shutil.disk_usage(folder)
    return usage.free - min(usage.total // 20, 1 << 30)


def tidy(folder: Path) -> None:
    """Remove what was left behind when the power went."""
    for suffix in DRAFTS:
        for path in folder.glob(f"*{suffix}"):
            with quietly(OSError):
                path.unlink()
