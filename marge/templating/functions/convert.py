"""Conversions between kinds of values: int, float, bool, round, is_number, typeof, defined or not."""

from __future__ import annotations

import math
from typing import Any

from jinja2 import Undefined

from marge.templating.functions.book import MISSING, Book, HomeView, or_default
from marge.util.schema import truth


def _integer(value: Any, base: int) -> int:
    if isinstance(value, str):
        try:
            return int(value, base)
        except ValueError:
            return int(float(value))
    return int(value)


def to_int(value: Any, default: Any = MISSING, base: int = 10) -> Any:
    try:
        return _integer(value, base)
    except (ValueError, TypeError, OverflowError):
        return or_default("int", value, default)


def to_float(value: Any, default: Any = MISSING) -> Any:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        return or_default("float", value, default)


def to_bool(value: Any, default: Any = MISSING) -> Any:
    found = truth(value)
    return or_default("bool", value, default) if found is None else found


def is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (ValueError, TypeError, OverflowError):
        return False


def round_value(value: Any, precision: int = 0, method: str = "common", default: Any = MISSING) -> Any:
    try:
        if method in ("ceil", "floor"):
            scale = float(10**precision) if precision < 300 else 1e300
            step = math.ceil if method == "ceil" else math.floor
            result = step(float(value) * scale) / scale
        elif method == "half":
            result = round(float(value) * 2) / 2
        else:
            result = round(float(value), precision)
        return int(result) if precision == 0 else result
    except (ValueError, TypeError, OverflowError):
        return or_default("round", value, default)


def _typeof(value: Any) -> str:
    return type(value).__name__


def _is_defined(value: Any) -> Any:
    """The value; fails when it is an unknown name."""
    if isinstance(value, Undefined):
        value()
    return value


def install(book: Book, _home: HomeView) -> None:
    book.add("int", to_int, shown="forgiving_int")
    book.add("float", to_float, shown="forgiving_float")
    book.add("bool", to_bool, shown="forgiving_boolean")
    book.add("is_number", is_number, "gft")
    book.add("round", round_value, "f", shown="forgiving_round")
    book.add("typeof", _typeof)
    book.add("is_defined", _is_defined, "f")
