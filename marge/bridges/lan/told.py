"""Reading JSON that may be anything: a field of another kind than expected counts as absent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

Json = Mapping[str, Any]
NOTHING: Json = {}
MAX_TEXT = 255
MAX_NUMBER = 1e12
"""Nothing in a house is that large; arithmetic with more may overflow."""


def at(source: Any, *path: str) -> Any:
    """What is at `path`; None when the way ends before."""
    for step in path:
        if not isinstance(source, Mapping):
            return None
        source = source.get(step)
    return source


def number(source: Any, *path: str) -> float | None:
    """The number at `path`; whole ones as int."""
    value = at(source, *path)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value) or abs(value) > MAX_NUMBER:
        return None
    return value


def flag(source: Any, *path: str) -> bool | None:
    """The truth value at `path`."""
    value = at(source, *path)
    return value if isinstance(value, bool) else None


def text(source: Any, *path: str) -> str | None:
    """The text at `path`, unless it is empty."""
    value = at(source, *path)
    return value.strip()[:MAX_TEXT] or None if isinstance(value, str) else None


def part(source: Any, *path: str) -> Json:
    """The object at `path`; an empty one when there is none."""
    found = at(source, *path)
    return found if isinstance(found, Mapping) else NOTHING
