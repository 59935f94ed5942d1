"""Reading the file of a backup, which may come from anywhere: nothing in it is believed before it was checked.

Blocks: not on the hub. Here is no logging and nothing of gevent, since it runs in a native thread.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from marge.backup import about as manifest
from marge.backup.about import About
from marge.backup.contents import MOST_FILES, is_safe
from marge.backup.database import check_database, fold_journal
from marge.backup.errors import BackupDamaged, BackupError, WrongPassword
from marge.backup.meter import Meter
from marge.backup.write import CHECKSUMS, CONFIG, DATABASE, NATIVE_FILES, assemble, path_of, private_file

MAX_BACKUPS = 1000
MAX_UNPACKED = 1 << 40
MAX_RATIO = 1100
"""zlib packs nothing tighter than 1:1032; what claims more is made up."""
MAX_CHECKSUMS = 64 << 20
_MOST_AT_ONCE = 1 << 20
_PIECE = 256 << 10
_JOURNAL = DATABASE + "-wal"
"""What a copy made file by file has beside its database; commits that are in no other place."""
_BROKEN = (
    OSError, EOFError, tarfile.TarError, zlib.error, ValueError, OverflowError, RecursionError, KeyError, IndexError,
    TypeError, AttributeError,
)  # fmt: skip
"""What `tarfile` and `gzip` trip over in files that nobody packed."""


class Holding(NamedTuple):
    """What is in a backup that was found to be whole: paths below the configuration directory, and the database."""

    about: About
    files: tuple[str, ...]
    database: bool
    unpacked: int


def listed(folder: Path) -> list[tuple[About, int]]:
    """All backups of a folder that can be read and their sizes in bytes, the oldest first."""
    found = []
    for path in sorted(folder.glob("*.tar"))[:MAX_BACKUPS] if folder.is_dir() else ():
        with suppress(BackupError, OSError):
            about = read_about(path)
            if path_of(folder, about.backup_id) == path:
                found.append((about, path.stat().st_size))
    return sorted(found, key=lambda each: each[0].moment)


def read_about(path: Path) -> About:
    """What a backup says of itself.

    Raises:
        BackupError: it is none.
    """
    with _opened(path) as (about, _content):
        return about


def verify(path: Path, password: str | None = None, meter: Meter | None = None) -> Holding:
    """Read a backup whole: every checksum, every name, the sizes. Nothing is written.

    Args:
        password: or a secret key of `age`, for what was sealed to a public key.

    Raises:
        BackupError: it is not as it should be; `WrongPassword` among them.
    """
    return _unpack(path, password, None, meter or Meter())


def extract(path: Path, password: str | None, to: Path, meter: Meter | None = None) -> Holding:
    """The same, and what is in it into the empty folder `to`: `config/…` and `marge.db`. The database is checked, too.

    Raises:
        BackupError, OSError: what is in `to` then is worth nothing.
    """
    return _unpack(path, password, to, meter or Meter())


def unsealed(path: Path, password: str, draft: Path, content: Path) -> About:
    """A backup without its password, as the file `draft`; `content` is room for its contents on the way.

    Raises:
        BackupError, OSError: neither file is of use then.
    """
    with (
        _opened(path) as (about, sealed),
        _plain(about, sealed, password) as source,
        private_file(content) as target,
    ):
        while piece := source.read(_PIECE):
            target.write(piece)
        target.flush()
    return assemble(draft, content, dataclasses.replace(about, protected=False, age=False))


def check_password(path: Path, password: str | None) -> None:
    """Whether a backup opens with this password.

    Raises:
        BackupError: it does not.
    """
    with _opened(path) as (about, content), _plain(about, content, password) as plain:
        plain.read(1)


def check_sum(path: Path) -> None:
    """Whether a backup's contents are as they were written, sealed or not: its outer checksum.

    Raises:
        BackupError: they are not.
    """
    with _opened(path) as (about, content):
        _check_sum(about, content)


def extract_native(path: Path, to: Path) -> list[str]:
    """What the native API knows of a gzip tar, into the empty folder `to`; other members are passed over.

    Returns:
        The names, in the archive's order.

    Raises:
        BackupError, OSError: it cannot be read; what is in `to` then is worth nothing.
    """
    names: list[str] = []

    def take(member: tarfile.TarInfo, read: Callable[[], Iterator[bytes]]) -> None:
        name = member.name.removeprefix("./")
        if name in (DATABASE, _JOURNAL, *NATIVE_FILES) and member.isreg() and name not in names:
            _save(to / name, read())
            names.append(name)

    with path.open("rb") as file:
        _walk(_Limited(gzip.GzipFile("", "rb", fileobj=file), _most(path.stat().st_size)), take)
    if _JOURNAL in names:
        names.remove(_JOURNAL)
        if DATABASE in names:
            fold_journal(to / DATABASE)
    if not names:
        raise BackupDamaged("there is nothing in it that belongs to a home")
    if DATABASE in names:
        check_database(to / DATABASE)
    return names


# -- the outer file --------------------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path) -> Iterator[tuple[About, BinaryIO]]:
    try:
        with path.open("rb") as file, tarfile.open(fileobj=cast(Any, _Limited(file, 1 << 62)), mode="r:") as archive:
            first = archive.next()
            if first is None or first.name != "backup.json" or not first.isreg() or first.size > manifest.MAX_BYTES:
                raise BackupDamaged("it does not begin with a backup.json")
            about = manifest.from_json(_read_all(archive, first))
            second = archive.next()
            if second is None or second.name != about.content or not second.isreg() or second.size != about.size:
                raise BackupDamaged("its contents are missing or cut off")
            if path.stat().st_size < second.offset_data + second.size:
                raise BackupDamaged("it is cut off")
            yield about, cast(BinaryIO, _Part(file, second.offset_data, second.size))
    except _BROKEN as exc:
        raise _damage(exc) from exc


def _damage(exc: BaseException) -> BackupError | OSError:
    if isinstance(exc, BackupError):
        return exc
    if isinstance(exc, (FileExistsError, NotADirectoryError, IsADirectoryError)):
        return BackupDamaged("two names in it want one place")
    if isinstance(exc, OSError) and exc.errno is not None:
        return exc  # the disk's fault, not the file's
    return BackupDamaged(f"it cannot be read: {exc}")


@contextmanager
def _plain(about: About, content: BinaryIO, password: str | None) -> Iterator[BinaryIO]:
    if not about.protected:
        yield content
    elif not password:
        raise WrongPassword("it needs a secret key of age" if about.age else "it needs a password")
    elif about.age:
        from marge.backup.age import AgeReader  # on a server `load_ciphers` did it before

        opened = AgeReader(content, password)
        try:
            yield cast(BinaryIO, opened)
        finally:
            opened.close()
    else:
        from marge.backup.sealing import UnsealingReader

        yield cast(BinaryIO, UnsealingReader(content, password))


# -- the contents ----------------------------------------------------------------------------------------------------


def _unpack(path: Path, password: str | None, to: Path | None, meter: Meter) -> Holding:
    with _opened(path) as (about, content):
        meter.begin("check" if to is None else "unpack", 2 * about.size)
        cast(_Part, content).meter = meter
        with _plain(about, content, password) as plain:  # a wrong password says so at once, not after gigabytes
            plain.read(1)
        content.seek(0)
        _check_sum(about, content)
        content.seek(0)
        with _plain(about, content, password) as plain:
            inside = _Inside(to)
            packed = gzip.GzipFile("", "rb", fileobj=plain)
            _walk(_Limited(packed, _most(about.size)), inside.take)
            while plain.read(_PIECE):  # to its end, which says that it is whole
                pass
    inside.finish()
    if to is not None and inside.database:
        check_database(to / DATABASE)
    return Holding(about, tuple(inside.files), inside.database, inside.unpacked)


def _check_sum(about: About, content: BinaryIO) -> None:
    hashing = hashlib.sha256()
    while piece := content.read(_PIECE):
        hashing.update(piece)
    if hashing.hexdigest() != about.sha256:
        raise BackupDamaged("its checksum is wrong")


def _most(packed: int) -> int:
    return min(MAX_UNPACKED, packed * MAX_RATIO + (1 << 20))


class _Inside:
    """What is taken out of the contents, each thing checked before it is written."""

    def __init__(self, to: Path | None) -> None:
        self._to = to
        self._sums: dict[str, dict[str, Any]] = {}
        self._said: Any = None
        self.files: list[str] = []
        self.database = False
        self.unpacked = 0

    def take(self, member: tarfile.TarInfo, read: Callable[[], Iterator[bytes]]) -> None:
        name = member.name
        if self._said is not None:
            raise BackupDamaged("there is more behind its checksums")
        if not member.isreg():
            raise BackupDamaged(f"{name[:200]!r} is no plain file")
        if name == CHECKSUMS:
            if member.size > MAX_CHECKSUMS:
                raise BackupDamaged("its checksums are too long")
            self._said = json.loads(b"".join(read()))
            return
        if name in self._sums or not (name == DATABASE or _has_a_place(name)):
            raise BackupDamaged(f"{name[:200]!r} has no place in a home")
        hashing, size = hashlib.sha256(), 0

        def passing() -> Iterator[bytes]:
            nonlocal size
            for piece in read():
                hashing.update(piece)
                size += len(piece)
                yield piece

        if self._to is None:
            for _ in passing():
                pass
        else:
            _save(self._to / name, passing(), member.mode & 0o777)
        if name == DATABASE:
            self.database = True
        else:
            self.files.append(name.removeprefix(CONFIG))
        self._sums[name] = {"size": size, "sha256": hashing.hexdigest()}
        self.unpacked += size

    def finish(self) -> None:
        if not isinstance(self._said, dict) or self._said.get("members") != self._sums:
            raise BackupDamaged("its files are not those that were put into it")


def _has_a_place(name: str) -> bool:
    return name.startswith(CONFIG) and is_safe(name.removeprefix(CONFIG))


def _walk(file: _Limited, take: Callable[[tarfile.TarInfo, Callable[[], Iterator[bytes]]], None]) -> None:
    """Hand each member of a tar to `take`, in order, with a way to read it."""
    try:
        with tarfile.open(fileobj=cast(Any, file), mode="r:") as archive:
            count = 0
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # a tar of many small members would fill the memory
                count += 1
                if count > MOST_FILES + 10:
                    raise BackupDamaged("there are too many files in it")
                if member.size < 0 or member.issparse():
                    raise BackupDamaged(f"{member.name[:200]!r} has an impossible size")
                take(member, lambda member=member: _pieces(archive, member))  # type: ignore[misc]
    except _BROKEN as exc:
        raise _damage(exc) from exc


def _pieces(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    source = archive.extractfile(member)
    left = member.size
    while left > 0:
        piece = source.read(min(_PIECE, left)) if source is not None else b""
        if not piece:
            raise BackupDamaged("it is cut off")
        left -= len(piece)
        yield piece


def _read_all(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    return b"".join(_pieces(archive, member))


def _save(path: Path, pieces: Iterator[bytes], mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with private_file(path) as file:
        for piece in pieces:
            file.write(piece)
        os.fchmod(file.fileno(), mode | 0o600)
        file.flush()
        os.fsync(file.fileno())


class _Limited:
    """A file as `tarfile` reads it: forwards, never much at once (a header may claim gigabytes), up to a limit."""

    def __init__(self, file: Any, limit: int) -> None:
        self._file, self._limit = file, limit
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        if whence != 0 or offset < self._at:
            if offset == 0 and whence == 0 and self._at == 0:
                return 0
            raise BackupDamaged("its members lie crosswise")
        while self._at < offset:
            if not self.read(min(offset - self._at, _MOST_AT_ONCE)):
                break
        return self._at

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > _MOST_AT_ONCE:
            raise BackupDamaged("a header in it is too long")
        data: bytes = self._file.read(size)
        self._at += len(data)
        if self._at > self._limit:
            raise BackupDamaged("it unpacks to more than can be")
        return data


class _Part:
    """A piece of a file as a file of its own, from its beginning on."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size = file, start, size
        self._at = 0
        self.meter: Meter | None = None

    def read(self, size: int = -1) -> bytes:
        left = self._size - self._at
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        if self.meter is not None:
            self.meter.advance(len(data))
        return data

    def seek(self, offset: int, _whence: int = 0) -> int:
        self._at = max(0, min(offset, self._size))
        return self._at
