"""CASTV2 messages as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.util.castv2 import MAX_MESSAGE, CastMessage, CastReader, CastWireError, decode, encode

texts = st.text(max_size=300)
messages = st.builds(CastMessage, texts, texts, texts, texts)
# A PING as PyChromecast 14.0.10 packs it with Google's protocol buffers.
RECORDED = bytes.fromhex(
    "000000550800120873656e6465722d301a0a72656365697665722d30222775726e3a782d636173743a636f6d2e676f6f676c652e63617374"
    "2e74702e686561727462656174280032107b2274797065223a202250494e47227d"
)


def test_a_recorded_message_is_read_and_written_alike() -> None:
    """Byte for byte."""
    wanted = CastMessage("sender-0", "receiver-0", "urn:x-cast:com.google.cast.tp.heartbeat", '{"type": "PING"}')

    assert list(CastReader().feed(RECORDED)) == [wanted]
    assert encode(wanted) == RECORDED


@given(st.lists(messages, max_size=5), st.integers(1, 50))
def test_messages_survive_however_they_are_cut(sent: list[CastMessage], size: int) -> None:
    """A stream has no borders."""
    data = b"".join(encode(message) for message in sent)
    reader = CastReader()
    read = [message for at in range(0, len(data), size) for message in reader.feed(data[at : at + size])]

    assert read == sent


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    """Nothing but its own error."""
    try:
        message = decode(body)
    except CastWireError:
        return
    assert all(isinstance(part, str) for part in message)


def test_a_message_that_is_too_long_is_refused_before_it_is_there() -> None:
    """Its length is enough."""
    with pytest.raises(CastWireError, match="bytes"):
        list(CastReader().feed((MAX_MESSAGE + 1).to_bytes(4, "big")))


def test_fields_that_nobody_knows_are_passed_over() -> None:
    """Numbers, fixed ones and bytes."""
    more = bytes((8 << 3, 1, 9 << 3 | 5)) + b"1234" + bytes((10 << 3 | 1,)) + b"12345678" + bytes((11 << 3 | 2, 1, 0))
    known = encode(CastMessage("a", "b", "c", "d"))[4:]

    assert decode(more + known) == CastMessage("a", "b", "c", "d")
