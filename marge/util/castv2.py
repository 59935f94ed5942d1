"""The messages that Google Cast devices exchange on port 8009 (CASTV2): bytes to `CastMessage` and back.

Each is a protocol buffer of seven fields behind its length in four bytes. Pure: not here: sockets, and what is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

MAX_MESSAGE = 256 << 10
"""Bytes. The protocol says 64 KiB; lists of tracks with their pictures come close, so there is room."""
_VERSION, _SOURCE, _DESTINATION, _NAMESPACE, _PAYLOAD_TYPE, _TEXT, _BINARY = range(1, 8)
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


class CastWireError(ValueError):
    """What came is no CASTV2."""


class CastMessage(NamedTuple):
    """From whom to whom, about what. `payload`: JSON text; binary payloads (only authentication has them) are ""."""

    source: str
    destination: str
    namespace: str
    payload: str


def encode(message: CastMessage) -> bytes:
    """The message with its length before it."""
    body = b"".join(
        (
            bytes((_VERSION << 3, 0)),  # CASTV2_1_0
            _text(_SOURCE, message.source),
            _text(_DESTINATION, message.destination),
            _text(_NAMESPACE, message.namespace),
            bytes((_PAYLOAD_TYPE << 3, 0)),  # text
            _text(_TEXT, message.payload),
        )
    )
    return len(body).to_bytes(4, "big") + body


def decode(body: bytes) -> CastMessage:
    """One message, without its length. Fields that nobody knows are passed over.

    Raises:
        CastWireError: it is malformed.
    """
    texts = {_SOURCE: "", _DESTINATION: "", _NAMESPACE: "", _TEXT: ""}
    place = 0
    while place < len(body):
        key, place = _varint(body, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, place = _varint(body, place)
        elif kind in (_FIXED64, _FIXED32):
            place += 8 if kind == _FIXED64 else 4
        elif kind == _BYTES:
            length, place = _varint(body, place)
            if length > len(body) - place:
                raise CastWireError("a field is longer than its message")
            if number in texts:
                try:
                    texts[number] = body[place : place + length].decode()
                except UnicodeDecodeError as exc:
                    raise CastWireError("a text is not UTF-8") from exc
            place += length
        else:
            raise CastWireError(f"a field of kind {kind}")
    if place != len(body):
        raise CastWireError("a field is cut off")
    return CastMessage(texts[_SOURCE], texts[_DESTINATION], texts[_NAMESPACE], texts[_TEXT])


class CastReader:
    """Bytes as they come to messages as they end."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[CastMessage]:
        """The messages that are complete now.

        Raises:
            CastWireError: what came is no CASTV2; the connection is of no use any more.
        """
        self._buffer += data
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4], "big")
            if length > MAX_MESSAGE:
                raise CastWireError(f"a message of {length} bytes")
            if len(self._buffer) < 4 + length:
                return
            body = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield decode(body)


def _text(number: int, text: str) -> bytes:
    data = text.encode()
    head, length = bytearray((number << 3 | _BYTES,)), len(data)
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    head.append(length)
    return bytes(head) + data


def _varint(body: bytes, place: int) -> tuple[int, int]:
    """The number that begins there, and where the next thing begins."""
    value = 0
    for shift in range(_MAX_VARINT_BYTES):
        if place >= len(body):
            break
        byte = body[place]
        place += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value, place
    raise CastWireError("a number is cut off or too long")
