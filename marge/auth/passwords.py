"""Passwords: argon2id, computed on a native thread, because one hash takes the hub's time for 50 ms and more."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from marge.actors import native

# OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. A small home server has no more memory to spare.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
MAX_PASSWORD_LENGTH = 1024
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to store; the calling greenlet waits."""
    return native.run(_HASHER.hash, password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` fits; the calling greenlet waits. None takes as long as a wrong password and is False."""
    if len(password) > MAX_PASSWORD_LENGTH:
        return False
    return native.run(_verify, password_hash or _NOBODY, password) and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return bool(_HASHER.verify(password_hash, password))
    except (Argon2Error, InvalidHashError):
        return False
