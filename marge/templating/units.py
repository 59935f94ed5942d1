"""Units that templates show lengths in."""

from __future__ import annotations

_METRES_PER_MILE = 1609.344


def metres_as(metres: float, unit_system: str) -> float:
    """Kilometres, or miles in a home with US customary units."""
    return metres / _METRES_PER_MILE if unit_system in ("us_customary", "imperial") else metres / 1000
