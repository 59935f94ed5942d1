"""Messages of a Matter server, long and short."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.matter import connection
from marge.bridges.matter.connection import parse

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53), 1 << 53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(values, max_size=6), st.booleans())
def test_a_long_message_says_the_same_as_a_short_one(nodes: list[Any], indented: bool) -> None:
    """However it is written."""
    message = {"message_id": "7", "result": nodes, "more": 1}
    text = orjson.dumps(message, option=orjson.OPT_INDENT_2 if indented else 0).decode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "LONG", 0)

        assert parse(text) == message


@pytest.mark.parametrize(
    "text",
    ["{", '{"message_id": "1", "result": [', '{"message_id": "1", "result": [1 2', '{"message_id": "1", "result": [1]',
     '{"message_id": "1", "result": [1,', '{"message_id": "1", "result": [}'],
)  # fmt: skip
def test_what_is_cut_off_is_refused(text: str) -> None:
    """As any other noise."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(ValueError):
        patch.setattr(connection, "LONG", 0)
        parse(text)
