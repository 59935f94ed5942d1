"""The reader of long literals, compared with Python's own."""

from __future__ import annotations

from ast import literal_eval

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.templating.literal import NotPlain, read_literal
from marge.templating.results import MAX_AT_ONCE, parse_result
from tests.templating.test_long_lists import VALUES


def pythons(text):
    try:
        return literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return NotPlain


@given(VALUES)
def test_what_python_shows_is_read_back(value):
    """Lists, mappings, tuples with all kinds of numbers and texts; what is not finite has no literal."""
    text = repr(value)
    try:
        read = read_literal(text)
    except NotPlain:
        assert any(word in text for word in ("inf", "nan")) or not isinstance(value, (list, dict, tuple))
    else:
        assert repr(read) == text


@given(st.text("[](){},:'\"1-. eTrueNon\\0", max_size=25))
def test_what_is_read_means_what_python_says(text):
    """No text has another value here than there."""
    try:
        read = read_literal(text)
    except (NotPlain, TypeError):
        return
    assert repr(read) == repr(pythons(text.lstrip()))


@pytest.mark.parametrize(
    "text",
    [
        "[1,,2]", "(,)", "{1: 2, 3}", "{1, 2: 3}", "[1 2]", "['a' 'b']", "[", "]", "[1]]", "",
        "[007]", "[1_0]", "[b'x']", "[a]",
    ],
)  # fmt: skip
def test_what_is_no_plain_literal_is_refused(text):
    """Malformed ones, and kinds that are left alone."""
    with pytest.raises(NotPlain):
        read_literal(text)


@pytest.mark.parametrize("unit", ["1, ", "'a', ", "{'k': [1.5, (None,)]}, ", "-3, ", "[], "])
def test_long_results_are_values(unit):
    """Beyond what Python reads at once, lists, tuples and mappings are values all the same."""
    text = f"[{unit * MAX_AT_ONCE}]"

    assert parse_result(text) == literal_eval(text)


def test_long_texts_stay_texts():
    """Something that only begins like a literal, or whose keys cannot be keys."""
    for text in ("[1, " * MAX_AT_ONCE, "{[1]: 2}" + " " * MAX_AT_ONCE, "1, x" + "2, " * MAX_AT_ONCE):
        assert parse_result(text) == text
