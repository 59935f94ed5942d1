"""Fields: whatever comes in, a field gives a value of its own kind or says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.simulate.devices.fields import BadValue, Binary, Choice, Colour, Field, Numeric

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
colours = st.dictionaries(
    st.sampled_from(["x", "y", "r", "g", "b", "hue", "saturation", "hex"]),
    json_values | st.floats(0, 1) | st.integers(0, 360) | st.just("#FF9329"),
)
FIELDS: list[Field] = [
    Binary(on="ON", off="OFF", toggle="TOGGLE"),
    Binary(),
    Numeric(minimum=0, maximum=254),
    Numeric(minimum=-40, maximum=140, digits=1),
    Choice(values=("off", "heat")),
    Colour(),
]


@given(st.sampled_from(FIELDS), json_values | colours)
def test_any_value_is_taken_or_refused_by_name(field: Field, value: object) -> None:
    """No JSON value raises anything but `BadValue`, and what is taken is taken again unchanged."""
    try:
        taken = field.parse(value, None)
    except BadValue as error:
        assert str(error)
    else:
        assert field.parse(taken, taken) == taken


@given(st.floats(allow_nan=False), st.sampled_from([0, 1, 2]))
def test_a_number_is_within_its_bounds(value: float, digits: int) -> None:
    """`rounded` never leaves the range, and the range is what `parse` enforces."""
    field = Numeric(minimum=-10, maximum=10, digits=digits)

    assert -10 <= field.rounded(value) <= 10
    if not -10 <= value <= 10:
        with pytest.raises(BadValue):
            field.parse(value, None)


def test_words_are_taken_in_any_case_and_toggle_flips() -> None:
    """`on`, `ON` and `toggle` are understood as the real gateway understands them."""
    field = Binary(on="ON", off="OFF", toggle="TOGGLE")

    assert field.parse("on", "OFF") == "ON"
    assert field.parse("toggle", "ON") == "OFF"
    assert field.parse("Toggle", "OFF") == "ON"


def test_true_is_no_number_and_one_is_not_true() -> None:
    """Python's kinship of booleans and numbers does not leak into the house."""
    with pytest.raises(BadValue):
        Numeric(minimum=0, maximum=5).parse(True, None)
    with pytest.raises(BadValue):
        Binary().parse(1, None)


def test_colours_of_every_notation_agree() -> None:
    """Red is the same xy as channels, as hex and as hue and saturation."""
    field = Colour()
    red = field.parse({"r": 255, "g": 0, "b": 0}, None)

    assert red == field.parse({"hex": "#FF0000"}, None) == field.parse({"hue": 0, "saturation": 100}, None)
    # The sRGB primary, IEC 61966-2-1.
    assert red == {"x": 0.6401, "y": 0.33}
