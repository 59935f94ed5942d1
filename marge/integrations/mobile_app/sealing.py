"""Encryption between an app and the home: NaCl's secret box, with the key that the app got when it registered.

Pure; the boxes are small and take microseconds, so this may run on the hub. The library is loaded with the first box,
since most homes have no app that encrypts.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any

from marge.model import dumps_anyhow, loads

KEY_BYTES = 32


def new_secret() -> str:
    """A key, as hex."""
    return secrets.token_hex(KEY_BYTES)


def _keys(secret: str) -> list[bytes]:
    """The key as it is meant, and as apps of before 2023 cut it: the first half of its text."""
    keys = [secret.encode()[:KEY_BYTES].ljust(KEY_BYTES, b"\0")]
    try:
        meant = bytes.fromhex(secret)
    except ValueError:
        return keys
    return [meant, *keys] if len(meant) == KEY_BYTES else keys


def opened(secret: str, sealed: str) -> tuple[Any, bytes] | None:
    """What the app sent, and the key it used; None: it cannot be read."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return None
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    for key in _keys(secret):
        try:
            return loads(SecretBox(key).decrypt(data)), key
        except (CryptoError, ValueError, TypeError):
            continue
    return None


def sealed(key: bytes, answer: Any) -> dict[str, Any]:
    """An answer as the app can read it."""
    from nacl.secret import SecretBox

    data = SecretBox(key).encrypt(dumps_anyhow(answer))
    return {"encrypted": True, "encrypted_data": base64.b64encode(bytes(data)).decode()}
