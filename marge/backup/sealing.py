"""Contents of a backup behind a password: Argon2id makes the key, XChaCha20-Poly1305 seals the stream. Blocks.

A sealed file is the magic line, the salt (16 bytes), Argon2id's passes and memory (4 bytes each, big endian, memory in
KiB), the stream's header (24 bytes), then pieces of 64 KiB plain text, 17 bytes longer when sealed; the last one says
that it is the last. So a changed, missing or repeated piece is noticed, and a file that was cut off, too.
"""

from __future__ import annotations

import secrets
import struct
from typing import BinaryIO

from nacl import bindings, pwhash
from nacl.exceptions import CryptoError

from marge.backup.errors import BackupDamaged, WrongPassword

MAGIC = b"marge sealed backup 1\n"
PIECE = 64 * 1024
_PASSES, _MEMORY_KIB = 3, 64 * 1024
_MOST_PASSES, _MOST_MEMORY_KIB = 10, 256 * 1024
"""What a file from elsewhere may ask this machine to spend on one password."""
_SALT_BYTES = 16
_HEADER_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_EXTRA = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_COSTS = struct.Struct(">II")


class SealingWriter:
    """A file to write into; what arrives at `target` is sealed. `close` writes the last piece, not closing `target`."""

    def __init__(self, target: BinaryIO, password: str) -> None:
        self._target = target
        self._waiting = bytearray()
        salt = secrets.token_bytes(_SALT_BYTES)
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        key = _key(password, salt, _PASSES, _MEMORY_KIB)
        header = bindings.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        target.write(MAGIC + salt + _COSTS.pack(_PASSES, _MEMORY_KIB) + header)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:  # not >=: the last piece must have something in it
            self._push(bytes(self._waiting[:PIECE]), _MORE)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        self._push(bytes(self._waiting), _LAST)
        self._waiting.clear()

    def _push(self, piece: bytes, tag: int) -> None:
        self._target.write(
            bindings.crypto_secretstream_xchacha20poly1305_push(self._state, piece, None, tag)
        )


class UnsealingReader:
    """A file to read from, once and in order; `source` holds what a `SealingWriter` made.

    Raises:
        WrongPassword: it was sealed with another one.
        BackupDamaged: it is no sealed file, or not as it was made.
    """

    def __init__(self, source: BinaryIO, password: str) -> None:
        self._source = source
        head = source.read(len(MAGIC) + _SALT_BYTES + _COSTS.size + _HEADER_BYTES)
        if not head.startswith(MAGIC) or len(head) != len(MAGIC) + _SALT_BYTES + _COSTS.size + _HEADER_BYTES:
            raise BackupDamaged("its contents are not sealed as they should be")
        salt, rest = head[len(MAGIC) : len(MAGIC) + _SALT_BYTES], head[len(MAGIC) + _SALT_BYTES :]
        passes, memory = _COSTS.unpack(rest[: _COSTS.size])
        if not (1 <= passes <= _MOST_PASSES and 8 <= memory <= _MOST_MEMORY_KIB):
            raise BackupDamaged("opening it would cost more than this machine gives")
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(
            self._state, rest[_COSTS.size :], _key(password, salt, passes, memory)
        )
        self._plain = b""
        self._at = 0
        self._ended = False
        self._pull(first=True)

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; b"" at the end."""
        parts = []
        wanted = size if size >= 0 else 1 << 62
        while wanted > 0:
            part = self._plain[self._at : self._at + wanted]
            if part:
                self._at += len(part)
                wanted -= len(part)
                parts.append(part)
            elif self._ended:
                break
            else:
                self._pull()
        return b"".join(parts)

    def _pull(self, first: bool = False) -> None:
        sealed = self._source.read(PIECE + _EXTRA)
        try:
            if len(sealed) < _EXTRA:
                raise BackupDamaged("it is cut off")
            self._plain, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed, None)
        except CryptoError as exc:
            if first:
                raise WrongPassword("the password is not the one it was made with") from exc
            raise BackupDamaged("its contents have changed") from exc
        self._at = 0
        self._ended = tag == _LAST
        if self._ended and self._source.read(1):
            raise BackupDamaged("there is more behind its end")


def _key(password: str, salt: bytes, passes: int, memory_kib: int) -> bytes:
    key: bytes = pwhash.argon2id.kdf(
        bindings.crypto_secretstream_xchacha20poly1305_KEYBYTES,
        password.encode("utf-8", "surrogatepass"), salt, passes, memory_kib * 1024,
    )  # fmt: skip
    return key
