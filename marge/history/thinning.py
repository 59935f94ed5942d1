"""Fewer points for a graph of a long time: of each piece of it the first, the lowest, the highest and the last.

What was a peak stays a peak, which a mean would hide. Texts keep the first and the last of each piece.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from marge.history.graphs import Point, Wish
from marge.util.dt import micros

LEAST, MOST = 4, 10_000
_OF_EACH = 4


def thinned(slices: Iterable[list[Point]], wish: Wish, points: int) -> Iterator[list[Point]]:
    """The points of `slices` (oldest first, of one entity), at most about `points` of them; fewer stay as they are.

    Args:
        points: from `LEAST` to `MOST`.
    """
    start = micros(wish.start)
    length = max(1, (micros(wish.end) - start) * _OF_EACH // points)
    piece, held = -1, list[Point]()
    for some in slices:
        kept: list[Point] = []
        for point in some:
            number = max(0, point.updated_us - start) // length
            if number != piece:
                kept += _few(held)
                piece, held = number, []
            held.append(point)
            if len(held) >= MOST:
                held = _few(held)
        if kept:
            yield kept
    if held:
        yield _few(held)


def _few(points: list[Point]) -> list[Point]:
    """At most four of them, in order."""
    if len(points) <= _OF_EACH:
        return points
    numbers = [(value, at) for at, point in enumerate(points) if (value := _number(point.state)) is not None]
    chosen = {0, len(points) - 1}
    if numbers:
        chosen |= {min(numbers)[1], max(numbers)[1]}
    return [points[at] for at in sorted(chosen)]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
