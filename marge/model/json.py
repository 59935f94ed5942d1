"""JSON in and out: orjson, with the model's types. Compact, as HA writes it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

import orjson

from marge.util.dt import iso

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME


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
    if isinstance(value, int):  # beyond 64 bits
        return float(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dumps(value: Any) -> bytes:
    """Compact JSON. Knows everything with a `json` or an `as_dict`, sets, and dates.

    Raises:
        TypeError: something in it has no JSON form.
    """
    return orjson.dumps(value, default=_default, option=_OPTIONS)


def loads(data: bytes | str) -> Any:
    """Parsed JSON.

    Raises:
        ValueError: not JSON (the message names line and column).
    """
    return orjson.loads(data)
