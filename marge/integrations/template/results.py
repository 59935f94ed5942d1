"""What results of templates mean: numbers, words for on and off, lists of numbers. Nothing here fails."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


def number(value: Any) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def numbers(value: Any, limits: Sequence[float]) -> tuple[float, ...] | None:
    """As many numbers as there are limits, each from 0 to its limit; from a list, or a text with commas."""
    if isinstance(value, str):
        value = value.strip("()[] ").split(",")
    if not isinstance(value, (list, tuple)) or len(value) != len(limits):
        return None
    found = [number(each) for each in value]
    if any(each is None or not 0 <= each <= limit for each, limit in zip(found, limits, strict=True)):
        return None
    return tuple(each for each in found if each is not None)


def switched(value: Any) -> bool | None:
    """On, off, or None for everything that says neither."""
    if isinstance(value, (bool, int)):
        return bool(value)
    return {"on": True, "true": True, "off": False, "false": False}.get(str(value).strip().lower())


def word(value: Any, known: Sequence[str] | frozenset[str]) -> str | None:
    """The text in small letters when it is one of the known words."""
    text = str(value).strip().lower()
    return text if value is not None and text in known else None
