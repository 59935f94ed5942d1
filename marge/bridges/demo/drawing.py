"""The pictures of the simulated devices, drawn when they are asked for. Blocks while it draws: not on the hub."""

from __future__ import annotations

import io
import math
from functools import lru_cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 360
MIN_SIDE, MAX_SIDE = 16, 1920
FRAMES = 12
_SKY, _HILL, _WALL, _ROOF, _DOOR, _SUN = "#9cc9e8", "#6aa84f", "#f3e3c3", "#b4573a", "#5b3a29", "#ffd34d"
Image.preinit()
"""The library loads its formats when one is first used: not in a native thread, which must not import."""
_COVERS = ("#3b5b92", "#92523b", "#3b9262", "#7a3b92", "#928a3b")


def size_within(width: int | None, height: int | None) -> tuple[int, int]:
    """The size of a picture asked for with these sides, in the shape of the whole."""
    # At least as large as asked for on both sides: browsers cut off the rest.
    factor = max((width or 0) / WIDTH, (height or 0) / HEIGHT) or 1.0
    factor = min(max(factor, MIN_SIDE / HEIGHT), MAX_SIDE / WIDTH)
    return round(WIDTH * factor), round(HEIGHT * factor)


@lru_cache(maxsize=2 * FRAMES)
def house(frame: int, width: int, height: int, kind: str) -> bytes:
    """A house under a moving sun.

    Args:
        frame: 0 to `FRAMES` - 1. kind: `JPEG` or `PNG`.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _SKY)
    draw = ImageDraw.Draw(image)
    angle = math.pi * (frame + 0.5) / FRAMES
    sun_x, sun_y = WIDTH / 2 - math.cos(angle) * 260, 240 - math.sin(angle) * 190
    draw.ellipse((sun_x - 34, sun_y - 34, sun_x + 34, sun_y + 34), fill=_SUN)
    draw.ellipse((-120, 230, WIDTH + 120, HEIGHT + 260), fill=_HILL)
    draw.rectangle((230, 170, 410, 290), fill=_WALL)
    draw.polygon(((210, 175), (430, 175), (320, 100)), fill=_ROOF)
    draw.rectangle((300, 225, 340, 290), fill=_DOOR)
    lit = _SUN if frame % 4 == 0 else _SKY
    for left in (250, 360):
        draw.rectangle((left, 195, left + 32, 225), fill=lit, outline=_DOOR, width=3)
    return _packed(image, width, height, kind)


@lru_cache(maxsize=32)
def cover(title: str) -> bytes:
    """What a record's sleeve might look like; the title decides its colours."""
    colour = _COVERS[sum(title.encode()) % len(_COVERS)]
    image = Image.new("RGB", (320, 320), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 30, 290, 290), fill="#202020")
    for radius in range(60, 128, 12):
        draw.ellipse((160 - radius, 160 - radius, 160 + radius, 160 + radius), outline="#3a3a3a", width=2)
    draw.ellipse((115, 115, 205, 205), fill=colour)
    draw.ellipse((153, 153, 167, 167), fill="#f4f4f4")
    return _packed(image, 320, 320, "JPEG")


def _packed(image: Image.Image, width: int, height: int, kind: str) -> bytes:
    if (width, height) != image.size:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, kind, quality=80)
    return out.getvalue()
