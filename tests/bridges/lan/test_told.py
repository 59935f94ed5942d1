"""JSON of strangers: what is there in the kind that is expected, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.bridges.lan.told import at, flag, number, part, text

TOLD = {"a": {"b": [1], "n": 5, "f": 1.5, "t": " x ", "yes": True, "o": {"k": 1}}, "e": "", "big": 1e300}


@pytest.mark.parametrize(
    ("read", "path", "value"),
    [
        (at, ("a", "b"), [1]), (at, ("a", "b", "c"), None), (at, ("x", "y"), None), (number, ("a", "n"), 5),
        (number, ("a", "f"), 1.5), (number, ("a", "t"), None), (number, ("a", "yes"), None), (number, ("big",), None),
        (flag, ("a", "yes"), True), (flag, ("a", "n"), None), (text, ("a", "t"), "x"), (text, ("e",), None),
        (text, ("a", "n"), None), (part, ("a", "o"), {"k": 1}), (part, ("a", "n"), {}), (part, ("x",), {}),
    ],
)  # fmt: skip
def test_a_field_of_another_kind_is_absent(read: Any, path: tuple[str, ...], value: Any) -> None:
    """A truth value is no number, an empty text is none."""
    assert read(TOLD, *path) == value


@given(st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.dictionaries(st.just("a"), inner)))
def test_nothing_that_is_told_raises(told: Any) -> None:
    """However deep."""
    for read in (at, number, flag, text, part):
        read(told, "a", "a")
