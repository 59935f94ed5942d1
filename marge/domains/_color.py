"""Colour arithmetic for lights: pure functions between hs, xy, rgb, rgbw, rgbww and colour temperatures.

Here: published formulas and nothing else. Not here: what a light supports (`_light_params.py`), entities, I/O.

Units: hue 0-360 degrees, saturation 0-100 %, rgb channels 0-255, x and y 0-1 (CIE 1931), temperatures in kelvin.
Sources: the xy matrices are those Philips publishes for wide-gamut lamps; the white curve is Tanner Helland's fit to
the black body; the inverse is McCamy's cubic. Results agree with the recorded light states (tests replay them).
"""

from __future__ import annotations

import colorsys
import math

RGB = tuple[int, int, int]
RGBW = tuple[int, int, int, int]
RGBWW = tuple[int, int, int, int, int]
Pair = tuple[float, float]

_COLDEST_KELVIN = 40_000.0  # the fit holds from 1,000 K to 40,000 K
_WARMEST_KELVIN = 1_000.0
_TO_XYZ = (
    (0.664511, 0.154324, 0.162028),
    (0.283881, 0.668433, 0.047685),
    (0.000088, 0.072310, 0.986039),
)
_FROM_XYZ = (
    (1.656492, -0.354851, -0.255038),
    (-0.707196, 1.655397, 0.036152),
    (0.051713, -0.121364, 1.011530),
)


def kelvin_to_mired(kelvin: float) -> int:
    """Mireds, rounded down (6500 K is 153). Kelvin must be positive."""
    return math.floor(1_000_000 / kelvin)


def mired_to_kelvin(mired: float) -> int:
    """Kelvin, rounded down (300 mireds are 3333 K). Mireds must be positive."""
    return math.floor(1_000_000 / mired)


def hs_to_rgb(hue: float, saturation: float) -> RGB:
    """The fully bright colour of this hue and saturation."""
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, saturation / 100, 1.0)
    return round(red * 255), round(green * 255), round(blue * 255)


def rgb_to_hs(red: float, green: float, blue: float) -> Pair:
    """Hue and saturation with three decimals; brightness is lost."""
    hue, saturation, _ = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    return round(hue * 360, 3), round(saturation * 100, 3)


def _linear(channel: float) -> float:
    return ((channel + 0.055) / 1.055) ** 2.4 if channel > 0.04045 else channel / 12.92


def _companded(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def rgb_to_xy(red: float, green: float, blue: float) -> Pair:
    """Chromaticity with three decimals; black is (0, 0)."""
    if red + green + blue == 0:
        return 0.0, 0.0
    linear = tuple(_linear(channel / 255) for channel in (red, green, blue))
    x, y, z = (sum(factor * channel for factor, channel in zip(row, linear, strict=True)) for row in _TO_XYZ)
    total = x + y + z
    return round(x / total, 3), round(y / total, 3)


def xy_to_rgb(x: float, y: float) -> RGB:
    """The brightest colour of this chromaticity that fits into 0-255; what lies outside the gamut is cut to it."""
    y = y or 1e-11
    big_x, big_z = x / y, (1 - x - y) / y
    linear = [row[0] * big_x + row[1] + row[2] * big_z for row in _FROM_XYZ]
    channels = [max(0.0, _companded(channel)) for channel in linear]
    brightest = max(channels)
    if brightest > 1:
        channels = [channel / brightest for channel in channels]
    red, green, blue = (int(channel * 255) for channel in channels)
    return red, green, blue


def xy_to_hs(x: float, y: float) -> Pair:
    return rgb_to_hs(*xy_to_rgb(x, y))


def hs_to_xy(hue: float, saturation: float) -> Pair:
    return rgb_to_xy(*hs_to_rgb(hue, saturation))


def kelvin_to_rgb_float(kelvin: float) -> tuple[float, float, float]:
    """The colour of a black body, channels 0-255 unrounded; below 1,000 K and above 40,000 K the ends hold."""
    hundreds = min(max(kelvin, _WARMEST_KELVIN), _COLDEST_KELVIN) / 100
    if hundreds <= 66:
        red = 255.0
        green = 99.4708025861 * math.log(hundreds) - 161.1195681661
    else:
        red = 329.698727446 * (hundreds - 60) ** -0.1332047592
        green = 288.1221695283 * (hundreds - 60) ** -0.0755148492
    if hundreds >= 66:
        blue = 255.0
    elif hundreds <= 19:
        blue = 0.0
    else:
        blue = 138.5177312231 * math.log(hundreds - 10) - 305.0447927307
    return _byte(red), _byte(green), _byte(blue)


def _byte(value: float) -> float:
    return min(max(value, 0.0), 255.0)


def kelvin_to_hs(kelvin: float) -> Pair:
    return rgb_to_hs(*kelvin_to_rgb_float(kelvin))


def xy_to_kelvin(x: float, y: float) -> int:
    """McCamy's estimate of the correlated colour temperature; only near the white curve does it mean much."""
    distance = 0.1858 - y
    n = (x - 0.3320) / (distance if distance else 1e-11)
    return int(437 * n**3 + 3601 * n**2 + 6861 * n + 5517)


def _rescaled(original: tuple[float, ...], mixed: tuple[float, ...]) -> tuple[int, ...]:
    """`mixed` stretched so that its strongest channel is as strong as the strongest of `original`."""
    strongest = max(mixed)
    factor = max(original) / strongest if strongest else 0.0
    return tuple(round(channel * factor) for channel in mixed)


def rgb_to_rgbw(red: float, green: float, blue: float) -> RGBW:
    """What all three channels share moves to the white channel."""
    white = min(red, green, blue)
    mixed = (red - white, green - white, blue - white, white)
    return _rescaled((red, green, blue), mixed)  # type: ignore[return-value]


def rgbw_to_rgb(red: float, green: float, blue: float, white: float) -> RGB:
    mixed = (red + white, green + white, blue + white)
    return _rescaled((red, green, blue, white), mixed)  # type: ignore[return-value]


def _mired_range(min_kelvin: int, max_kelvin: int) -> tuple[int, int]:
    return kelvin_to_mired(max_kelvin), kelvin_to_mired(min_kelvin)


def rgb_to_rgbww(red: float, green: float, blue: float, min_kelvin: int, max_kelvin: int) -> RGBWW:
    """What the colour holds of the lamp's middle white moves to both white channels in equal parts."""
    coldest, warmest = _mired_range(min_kelvin, max_kelvin)
    middle = mired_to_kelvin(coldest + (warmest - coldest) / 2)
    white = kelvin_to_rgb_float(middle)
    level = min(
        red / white[0] if white[0] else 0.0,
        green / white[1] if white[1] else 0.0,
        blue / white[2] if white[2] else 0.0,
    )
    rest = (red - white[0] * level, green - white[1] * level, blue - white[2] * level)
    mixed = (*rest, round(level * 255), round(level * 255))
    return _rescaled((red, green, blue), mixed)  # type: ignore[return-value]


def rgbww_to_rgb(
    red: float, green: float, blue: float, cold: float, warm: float, min_kelvin: int, max_kelvin: int
) -> RGB:
    """The colour that the five channels give together; the whites mix by their shares in mireds."""
    coldest, warmest = _mired_range(min_kelvin, max_kelvin)
    share = warm / (cold + warm) if cold + warm else 0.5
    mired = coldest + share * (warmest - coldest)
    white = kelvin_to_rgb_float(mired_to_kelvin(mired) if mired else 0)
    level = max(cold, warm) / 255
    mixed = (red + white[0] * level, green + white[1] * level, blue + white[2] * level)
    return _rescaled((red, green, blue, cold, warm), mixed)  # type: ignore[return-value]


def kelvin_to_rgbww(kelvin: float, brightness: int, min_kelvin: int, max_kelvin: int) -> RGBWW:
    """A white of this temperature from the two white channels alone."""
    coldest, warmest = _mired_range(min_kelvin, max_kelvin)
    span = warmest - coldest or 1
    cold = (warmest - kelvin_to_mired(kelvin)) / span * brightness
    cold = min(max(cold, 0.0), float(brightness))
    return 0, 0, 0, round(cold), round(brightness - cold)
