"""JSON in and out: orjson, with the model's types. Compact, as HA writes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import chain
from typing import Any

import orjson

from marge.util.dt import iso

MAX_DEPTH = 64
"""Lists and mappings inside each other. Nothing real comes near it; orjson reads 1,024 levels and writes 254."""
MAX_READ_DEPTH = 200
"""Of a whole message: what it holds has to be written again, with more around it."""

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME

_FLAT = frozenset((str, int, float, bool, type(None)))


def _default(value: Any) -> Any:
    json_fragment = getattr(value, "json", None)
    if isinstance(json_fragment, bytes):
        return orjson.Fragment(json_fragment)
    as_dict = getattr(value, "as_dict", None)
    if as_dict is not None:
        return as_dict()
    if isinstance(value, datetime):
        return iso(value.timestamp()) if value.tzinfo is not None else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value: Any) -> bytes:
    """Compact JSON. Knows everything with a `json` or an `as_dict`, sets, and dates.

    Raises:
        TypeError: something in it has no JSON form, or it is too deep.
    """
    return orjson.dumps(value, default=_default, option=_OPTIONS)


def dumps_anyhow(value: Any) -> bytes:
    """As `dumps`, but never fails: what has no JSON form becomes its text, half surrogate pairs become question marks,
    what is nested deeper than `MAX_DEPTH` is left out. One odd value must not hide all others from everybody."""
    try:
        return orjson.dumps(value, default=_default, option=_OPTIONS)
    except (TypeError, ValueError, RecursionError):
        return orjson.dumps(cleaned(value), default=str, option=_OPTIONS)


def is_too_deep(value: Any, limit: int = MAX_DEPTH) -> bool:
    """Whether lists and mappings in `value` are nested deeper than `limit`. Not recursive, so it cannot overflow."""
    items = _items(value)
    for _ in range(limit):
        if _FLAT.issuperset(map(type, items)):  # looked at in C: 0.5 µs for most attributes instead of 2
            return False
        items = list(chain.from_iterable([_items(each) for each in items if type(each) not in _FLAT]))
    return True


def has_too_deep(values: Mapping[str, Any], seen: Mapping[str, Any] | None) -> bool:
    """As `is_too_deep` of `values`. What is the very same in `seen`, where it was let in, is not looked at again."""
    fresh = []
    for key, value in values.items():
        if type(value) not in _FLAT and (seen is None or seen.get(key) is not value):
            fresh.append(value)
    return bool(fresh) and is_too_deep(fresh)


def _items(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, (list, tuple)) else ()


def nests_too_deep(text: bytes | str, value: Any) -> bool:
    """Whether `value`, read from the JSON `text`, could be read but not written again.

    Deep nesting needs many brackets: counting them takes microseconds, and nearly all JSON is let off with that.
    """
    opened = text.count(b"[") + text.count(b"{") if isinstance(text, bytes) else text.count("[") + text.count("{")
    return opened > MAX_READ_DEPTH and is_too_deep(value, MAX_READ_DEPTH)


def clean_text(text: str) -> str:
    """`text` without half surrogate pairs, which no encoding of the outside world has."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def cleaned(value: Any, depth: int = 0) -> Any:
    """A copy of `value` that has a JSON form; see `dumps_anyhow`."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, (dict, list, tuple, set, frozenset)) and depth >= MAX_DEPTH:
        return "…"
    if isinstance(value, dict):
        return {clean_text(str(key)): cleaned(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [cleaned(item, depth + 1) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    try:
        return orjson.loads(dumps(value))
    except (TypeError, ValueError, RecursionError):
        return clean_text(str(value))


def loads(data: bytes | str) -> Any:
    """Parsed JSON.

    Raises:
        ValueError: not JSON (the message names line and column).
    """
    return orjson.loads(data)
