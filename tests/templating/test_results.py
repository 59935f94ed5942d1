"""From text to native values: the recorded rule, and that both ways to a value agree."""

from __future__ import annotations

from ast import literal_eval

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.templating.results import native_copy, parse_result


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""), ("42", 42), ("-5", -5), ("+5", 5), ("0", 0), ("-0", 0), ("0.0", 0.0), ("5.", 5.0), (".5", 0.5),
        ("1.10", 1.1), ("0.50", 0.5), ("007", "007"), ("00", "00"), ("0123", "0123"), ("01.5", "01.5"), ("1e3", "1e3"),
        ("0x1F", "0x1F"), ("1_000", "1_000"), (".", "."), ("-", "-"), ("+", "+"), ("1.2.3", "1.2.3"), ("1+2j", "1+2j"),
        ("2j", "2j"), ("True", True), ("true", "true"), ("None", None), ("none", "none"), ("[1, '2']", [1, "2"]),
        ("[1", "[1"), ("{'a': 1}", {"a": 1}), ("{1, 2}", {1, 2}), ("set()", set()), ("()", ()), ("(1)", "(1)"),
        ("('a')", "('a')"), ("1, 2", (1, 2)), ("3,14", (3, 14)), ("'a', 'b'", ("a", "b")), ("'a'", "'a'"),
        ('"a"', '"a"'),
        ("b'a'", b"a"), ('{"a": null}', '{"a": null}'), ("...", "..."), ("inf", "inf"), ("2026-01-02", "2026-01-02"),
        ("12:30", "12:30"), ("hello, world", "hello, world"), ("1,000", (1, 0)),
        ("__import__('os')", "__import__('os')"),
        ("1" * 5000, "1" * 5000), ("[" * 5000, "[" * 5000),
    ],
)
def test_rule(text, value):
    """Literals become values; numbers must be plain decimals; what is text stays text."""
    result = parse_result(text)

    assert result == value
    assert type(result) is type(value)


_LITERALS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False),
              st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.tuples(inner, inner), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_LITERALS.filter(lambda value: isinstance(value, (list, tuple, dict))))
def test_native_copy_equals_reading(value):
    """Taking a long value directly gives the same as reading its text, and shares nothing that can be changed."""
    copy = native_copy(value)

    assert copy == parse_result(str(value)) == value
    assert isinstance(value, tuple) or copy is not value


@given(st.text(max_size=30))
def test_agrees_with_python(text):
    """Whatever is not text is what Python reads."""
    value = parse_result(text)

    if not isinstance(value, str):
        assert value == literal_eval(text)
