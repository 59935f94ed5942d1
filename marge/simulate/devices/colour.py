"""Colour arithmetic: sRGB, hue and saturation to CIE 1931 xy. Pure functions."""

from __future__ import annotations

import colorsys

# sRGB (D65) to CIE XYZ, IEC 61966-2-1.
_XYZ = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
WHITE_XY = (0.3127, 0.329)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def rgb_to_xy(red: int, green: int, blue: int) -> tuple[float, float]:
    """CIE xy with four decimals; channels 0–255. Black has no colour and gives white's."""
    linear = (_linear(red), _linear(green), _linear(blue))
    x, y, z = (sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in _XYZ)
    total = x + y + z
    return (round(x / total, 4), round(y / total, 4)) if total > 0 else WHITE_XY


def hs_to_rgb(hue: float, saturation: float) -> tuple[int, int, int]:
    """Channels 0–255 at full value; hue 0–360 degrees, saturation 0–100 percent."""
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, saturation / 100, 1.0)
    return round(red * 255), round(green * 255), round(blue * 255)


def hex_to_rgb(text: str) -> tuple[int, int, int]:
    """Channels of `#RRGGBB` or `RRGGBB`. Raises `ValueError`."""
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(text)
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue
