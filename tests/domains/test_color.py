"""Colour arithmetic: the recorded pairs, and what holds for every colour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.domains import _color as color
from marge.domains._color_names import COLORS, named_color

BYTE = st.integers(0, 255)
RGB = st.tuples(BYTE, BYTE, BYTE)
KELVIN = st.integers(1000, 40_000)


@pytest.mark.parametrize(
    ("kelvin", "hs", "rgb", "xy"),
    [
        (2631, (28.55, 67.974), (255, 164, 82), (0.532, 0.388)),
        (3000, (27.825, 56.895), (255, 177, 110), (0.496, 0.383)),
        (4000, (26.812, 34.87), (255, 206, 166), (0.42, 0.365)),
        (4166, (26.752, 31.945), (255, 210, 174), (0.41, 0.362)),
    ],
)
def test_white_of_a_temperature_is_as_recorded(kelvin, hs, rgb, xy):
    """The attributes that HA showed for these colour temperatures."""
    assert color.kelvin_to_hs(kelvin) == hs
    assert color.hs_to_rgb(*hs) == rgb
    assert color.hs_to_xy(*hs) == xy


def test_rgbww_is_as_recorded():
    """What the recorded five-channel light showed."""
    assert color.rgb_to_rgbww(225, 228, 255, 2000, 6535) == (0, 79, 175, 255, 255)
    assert color.rgbww_to_rgb(0, 0, 0, 59, 63, 2000, 6535) == (63, 44, 27)
    assert color.kelvin_to_rgbww(3000, 122, 2000, 6535) == (0, 0, 0, 59, 63)


@given(RGB)
def test_every_conversion_stays_in_its_range(rgb):
    """No colour leaves 0-255, 0-360 degrees, 0-100 %, or 0-1."""
    hue, saturation = color.rgb_to_hs(*rgb)
    x, y = color.rgb_to_xy(*rgb)

    assert 0 <= hue <= 360 and 0 <= saturation <= 100
    assert 0 <= x <= 1 and 0 <= y <= 1
    red, green, blue = rgb
    five = color.rgb_to_rgbww(red, green, blue, 2000, 6535)
    for converted in (color.rgb_to_rgbw(*rgb), five, color.xy_to_rgb(x, y)):
        assert all(0 <= channel <= 255 for channel in converted)


@given(st.tuples(BYTE, BYTE, BYTE, BYTE, BYTE))
def test_five_channels_mix_into_a_colour(channels):
    """Any setting of the channels has a colour, as bright as its brightest channel."""
    red, green, blue, cold, warm = channels
    mixed = color.rgbww_to_rgb(red, green, blue, cold, warm, 2000, 6535)
    assert all(0 <= channel <= 255 for channel in mixed)
    assert max(mixed) == max(channels)
    assert max(color.rgbw_to_rgb(red, green, blue, cold)) == max(red, green, blue, cold)


@given(RGB)
def test_rgbw_is_the_same_colour(rgb):
    """Moving the grey part to the white channel and back changes the hue of a bright colour by little."""
    back = color.rgbw_to_rgb(*color.rgb_to_rgbw(*rgb))
    assert max(abs(a - b) for a, b in zip(rgb, back, strict=True)) <= 2


@given(st.floats(0, 360), st.floats(0, 100))
def test_hs_survives_rgb(hue, saturation):
    """Through bytes and back, saturation is off by less than a percent, hue by what bytes can hold."""
    _, back = color.rgb_to_hs(*color.hs_to_rgb(hue, saturation))
    assert abs(back - saturation) <= 0.5


@given(KELVIN)
def test_mireds_and_back_are_near(kelvin):
    """A temperature that went through mireds comes back within a mired."""
    mired = color.kelvin_to_mired(kelvin)
    assert color.kelvin_to_mired(color.mired_to_kelvin(mired)) in (mired, mired + 1)


@given(st.integers(2500, 8000))
def test_colder_whites_are_read_as_colder(kelvin):
    """The two fits disagree by a quarter, but never about which of two whites is colder."""
    warm, cold = (
        color.xy_to_kelvin(*color.rgb_to_xy(*color.kelvin_to_rgb_float(each))) for each in (kelvin, kelvin * 1.2)
    )
    assert warm < cold


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_temperature_has_a_colour(kelvin):
    """Absurd temperatures are cut to the ends of the curve."""
    assert all(0 <= channel <= 255 for channel in color.kelvin_to_rgb_float(kelvin))


def test_names():
    """Names are found whatever their case and blanks; all of CSS is there."""
    assert named_color("Dark Olive Green") == (85, 107, 47)
    assert named_color("rebecca") is None
    assert len(COLORS) == 148
