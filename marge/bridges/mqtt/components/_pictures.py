"""What cameras and images share: pictures in payloads. Pure."""

from __future__ import annotations

import base64
import binascii

MAX_PICTURE_BYTES = 8 << 20
"""What the broker that Marge starts lets through."""

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def picture_of(payload: bytes, encoding: str | None) -> bytes:
    """The picture in a payload.

    Args:
        encoding: `b64`, or None for the bytes themselves.

    Raises:
        ValueError: it is too large, or not Base64.
    """
    if len(payload) > MAX_PICTURE_BYTES:
        raise ValueError(f"the picture has {len(payload)} bytes; at most {MAX_PICTURE_BYTES} are kept")
    if encoding != "b64":
        return payload
    try:
        return base64.b64decode(payload)
    except (binascii.Error, ValueError) as exc:
        raise ValueError(f"the picture is not Base64: {exc}") from exc


def content_type_of(data: bytes, otherwise: str = "image/jpeg") -> str:
    """The type that a picture's first bytes tell."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), otherwise)
