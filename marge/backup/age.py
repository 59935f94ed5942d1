"""Contents of a backup behind a public key, in the format of `age` (age-encryption.org): its own tools open them, too.

The library pulls from one file and pushes into another; here a pipe and a native thread make of it a file to write into
and one to read from, so that a backup of any size passes through 64 KiB of memory. Blocks: not on the hub.
"""

from __future__ import annotations

import os
from _queue import SimpleQueue  # the C one: gevent does not patch it, so a native thread may wait on it
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

import pyrage
from gevent import monkey

from marge.backup.errors import BackupDamaged, BackupError, WrongPassword

MAGIC = b"age-encryption.org/v1\n"
SECRET_PREFIX = "AGE-SECRET-KEY-"
MAX_HEADER = 64 << 10
"""What a file from elsewhere may say before its contents: a line for each key, and a key is 100 letters."""
MAX_KEYS = 20
_HEADER_END = b"\n--- "
_PIECE = 64 << 10
_start_thread = monkey.get_original("_thread", "start_new_thread")
_close = monkey.get_original("os", "close")  # gevent's closes later, and the other end waits for it now


def recipient(text: str) -> Any:
    """A public key: `age1…`, or the line of an SSH key (`ssh-ed25519`, `ssh-rsa`).

    Raises:
        BackupError: it is none.
    """
    if SECRET_PREFIX in text.upper():
        raise BackupError("a secret key stands where no public key of age does: make a new pair, and keep it apart")
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text.strip())
    except pyrage.RecipientError as exc:
        raise BackupError(f"{text[:80]!r} is no public key of age (age1… or ssh-…): {exc}") from exc


def identities(text: str) -> list[Any]:
    """The secret keys in a text: lines `AGE-SECRET-KEY-…` among comments, or an SSH key without a passphrase.

    Raises:
        WrongPassword: there is none.
    """
    found: list[Any] = []
    try:
        if "PRIVATE KEY-----" in text:
            return [pyrage.ssh.Identity.from_buffer(text.encode("utf-8", "replace"))]
        for line in text.splitlines():
            if line.strip().upper().startswith(SECRET_PREFIX) and len(found) < MAX_KEYS:
                found.append(pyrage.x25519.Identity.from_str(line.strip().upper()))
    except pyrage.IdentityError as exc:
        raise WrongPassword("the secret key cannot be read") from exc  # the reason would repeat the key
    if not found:
        raise WrongPassword(f"it opens with a secret key of age ({SECRET_PREFIX}…), and this is none")
    return found


class AgeWriter:
    """A file to write into; what arrives at `target` only the holders of the secret keys can read.

    `close` writes the rest, not closing `target`; `abandon` instead of it when something failed.
    """

    def __init__(self, target: BinaryIO, recipients: Sequence[str]) -> None:
        keys = [recipient(each) for each in recipients]
        source, self._pipe = os.pipe()
        self._noting = _Noting(target.write)
        self._ended = _spawn(lambda file: pyrage.encrypt_io(file, self._noting, keys), source, "rb")

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._pipe, rest) :]
        except BrokenPipeError:
            self._check()
            raise
        return len(data)

    def close(self) -> None:
        self._check()

    def abandon(self) -> None:
        """Nothing is written to the target any more when it returns; what is there is worth nothing."""
        if self._pipe >= 0:
            _close(self._pipe)
            self._pipe = -1
            self._ended.get()

    def _check(self) -> None:
        if self._pipe < 0:
            return
        _close(self._pipe)
        self._pipe = -1
        error = self._ended.get()
        if self._noting.error is not None:
            raise self._noting.error
        if error is not None:
            raise BackupError(f"it cannot be sealed: {error}") from error


class AgeReader:
    """A file to read from, once and in order; `source` holds what an `AgeWriter`, or `age` itself, made.

    Raises:
        WrongPassword: none of the secret keys opens it.
        BackupDamaged: it is no such file, or not as it was made.
    """

    def __init__(self, source: BinaryIO, secret: str) -> None:
        keys = identities(secret)
        _check_header(source)
        self._noting = _Noting(source.read)
        self._pipe, target = os.pipe()
        self._ended: SimpleQueue[Exception | None] | None = _spawn(
            lambda file: pyrage.decrypt_io(self._noting, file, keys), target, "wb"
        )
        self._waiting = b""
        try:
            self._waiting = self._next()
        except BaseException:
            self.close()
            raise

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; b"" at the end."""
        parts = []
        left = size if size >= 0 else 1 << 62
        while left > 0:
            if not self._waiting:
                self._waiting = self._next()
                if not self._waiting:
                    break
            part, self._waiting = self._waiting[:left], self._waiting[left:]
            left -= len(part)
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        """End the thread; `source` is free again."""
        if self._pipe >= 0:
            _close(self._pipe)
            self._pipe = -1
        if self._ended is not None:
            self._ended.get()
            self._ended = None

    def _next(self) -> bytes:
        """What comes next; at the end it is asked whether that is the end."""
        if self._pipe < 0:
            return b""
        data = os.read(self._pipe, _PIECE)
        if data or self._ended is None:
            return data
        error, self._ended = self._ended.get(), None
        if self._noting.error is not None:
            raise self._noting.error
        if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
            raise WrongPassword("the secret key is not one of those it was made for") from error
        if error is not None:
            raise BackupDamaged(f"its contents have changed: {error}") from error
        return b""


class _Noting:
    """One of the ends that the library works with; the error that it met is kept, which the library makes a text of."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        return self._do(size if 0 <= size <= _PIECE else _PIECE)

    def write(self, data: bytes) -> int:
        return self._do(data)

    def flush(self) -> None:
        """Whoever opened the file does that."""

    def _do(self, argument: Any) -> Any:
        try:
            return self._work(argument)
        except Exception as exc:
            self.error = exc
            raise


def _spawn(work: Callable[[Any], None], pipe: int, mode: str) -> SimpleQueue[Exception | None]:
    """Work with one end of a pipe in a thread of its own, which closes it; how it ended comes through the queue."""
    ended: SimpleQueue[Exception | None] = SimpleQueue()
    file = os.fdopen(pipe, mode)

    def run() -> None:
        error: Exception | None = None
        try:
            with file:
                work(file)
        except Exception as exc:  # noqa: BLE001 - the border of the thread: who waits gets the error
            error = exc
        ended.put(error)

    _start_thread(run, ())
    return ended


def _check_header(source: BinaryIO) -> None:
    head = source.read(MAX_HEADER)
    source.seek(0)
    if not head.startswith(MAGIC) or _HEADER_END not in head:
        raise BackupDamaged("its contents are not sealed as they should be")
