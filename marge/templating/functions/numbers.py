"""Arithmetic: trigonometry, logarithms, averages, smallest and largest, bits."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import filters as jinja_filters
from jinja2 import pass_environment

from marge.templating.budget import CHUNK, ticked
from marge.templating.functions.book import MISSING, Book, HomeView, or_default
from marge.templating.long_lists import sort_by
from marge.templating.operators import add as guarded_add

_UNARY = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "asin": "arc_sine", "acos": "arc_cosine", "atan": "arc_tangent",
    "sqrt": "square_root",
}


def _unary(name: str, function: Callable[[float], float]) -> Callable[..., Any]:
    def apply(value: Any, default: Any = MISSING) -> Any:
        try:
            return function(float(value))
        except (ValueError, TypeError, OverflowError):
            return or_default(name, value, default)

    return apply


def _log(value: Any, base: Any = math.e, default: Any = MISSING) -> Any:
    try:
        base = float(base)
    except (ValueError, TypeError, OverflowError):
        return or_default("log", base, default)
    try:
        return math.log(float(value), base)
    except (ValueError, TypeError, OverflowError):
        return or_default("log", value, default)


def _atan2(*args: Any, default: Any = MISSING) -> Any:
    if args and isinstance(args[0], (list, tuple)):
        pair: tuple[Any, ...] = tuple(args[0])
        rest = args[1:]
    else:
        pair, rest = args[:2], args[2:]
    if rest and default is MISSING:
        default = rest[0]
    try:
        return math.atan2(float(pair[0]), float(pair[1]))
    except (ValueError, TypeError, OverflowError):
        return or_default("atan2", args, default)


def _statistic(name: str, function: Callable[[Any], Any]) -> Callable[..., Any]:
    def apply(*args: Any, default: Any = MISSING) -> Any:
        if not args:
            raise TypeError(f"{name} expected at least 1 argument, got 0")
        if isinstance(args[0], Iterable):
            items: Any = list(ticked(args[0]))
            if len(args) > 1 and default is MISSING:
                default = args[1]
        elif len(args) == 1:
            raise TypeError(f"'{type(args[0]).__name__}' object is not iterable")
        else:
            items = list(args)
        try:
            return function(items)
        except (TypeError, statistics.StatisticsError):
            return or_default(name, args, default)

    return apply


def _mean(items: list[Any]) -> float:
    return statistics.fmean(items if len(items) <= CHUNK else iter(ticked(items)))


def _median(items: list[Any]) -> Any:
    if len(items) <= CHUNK:
        return statistics.median(items)
    ordered = sort_by(items, items)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _mode(items: list[Any]) -> Any:
    return statistics.mode(ticked(items))


def _multiply(value: Any, amount: Any, default: Any = MISSING) -> Any:
    try:
        return float(value) * amount
    except (ValueError, TypeError, OverflowError):
        return or_default("multiply", value, default)


def _add(value: Any, amount: Any, default: Any = MISSING) -> Any:
    try:
        return float(value) + amount
    except (ValueError, TypeError, OverflowError):
        return or_default("add", value, default)


def _extreme(name: str, picked: Callable[..., Any], of_sequence: Callable[..., Any]) -> tuple[Any, Any]:
    """The global and the filter of `min` or `max`."""

    @pass_environment
    def as_global(environment: Any, *args: Any, **kwargs: Any) -> Any:
        if not args:
            raise TypeError(f"{name} expected at least 1 argument, got 0")
        if len(args) == 1:
            if isinstance(args[0], Iterable):
                return of_sequence(environment, ticked(args[0]), **kwargs)
            raise TypeError(f"'{type(args[0]).__name__}' object is not iterable")
        return of_sequence(environment, args, **kwargs)

    @pass_environment
    def as_filter(environment: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        # Marge's own: `3 | max(7)`. A single value with numbers to compare it to is no sequence.
        if args and isinstance(value, (int, float)) and all(isinstance(arg, (int, float)) for arg in args):
            return picked(value, *args)
        return of_sequence(environment, value, *args, **kwargs)

    return as_global, as_filter


@pass_environment
def _sum(environment: Any, values: Any, attribute: Any = None, start: Any = 0) -> Any:
    if attribute is not None:
        values = map(jinja_filters.make_attrgetter(environment, attribute), values)
    if isinstance(start, (int, float)):
        return sum(values, start)
    total = start
    for value in ticked(values):
        total = guarded_add(total, value)
    return total


def _bitwise_and(first: Any, second: Any) -> Any:
    return first & second


def _bitwise_or(first: Any, second: Any) -> Any:
    return first | second


def _bitwise_xor(first: Any, second: Any) -> Any:
    return first ^ second


def _ord(value: Any) -> int:
    return ord(value)


def install(book: Book, _home: HomeView) -> None:
    for name, shown in _UNARY.items():
        book.add(name, _unary(name, getattr(math, name)), shown=shown)
    book.add("log", _log, shown="logarithm")
    book.add("atan2", _atan2, shown="arc_tangent2")
    book.add("average", _statistic("average", _mean))
    book.add("median", _statistic("median", _median))
    book.add("statistical_mode", _statistic("statistical_mode", _mode))
    book.add("multiply", _multiply, "f")
    book.add("add", _add, "f")
    for name, picked, of_sequence in (
        ("min", min, jinja_filters.do_min), ("max", max, jinja_filters.do_max)
    ):
        as_global, as_filter = _extreme(name, picked, of_sequence)
        book.add(name, as_global, "g")
        book.add(name, as_filter, "f")
    book.add("sum", _sum, "f")
    book.add("bitwise_and", _bitwise_and, "f")
    book.add("bitwise_or", _bitwise_or, "f")
    book.add("bitwise_xor", _bitwise_xor, "f")
    book.add("ord", _ord, "f")
    book.globals.update(pi=math.pi, e=math.e, tau=math.pi * 2)
