"""Operators and methods of texts, numbers and lists that could make something huge out of something small."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Any

from jinja2.sandbox import SandboxedEscapeFormatter, SandboxedFormatter

from marge.templating.budget import (
    CONTAINERS,
    MAX_INT_BITS,
    MAX_STRING,
    MAX_WEIGHT,
    checked,
    current,
    ticked,
    too_heavy,
    too_long,
    weight,
)
from marge.templating.errors import TemplateTooBig
from marge.templating.long_lists import SHORT, shown

MAX_TIME_FORMAT = 1000
"""Characters of a format for dates and times."""
_DIGITS = re.compile(r"\d+")
_TEXTS = (str, bytes)


def text_of(value: Any) -> str:
    """`str(value)`, after making sure that the text is not too long."""
    kind = type(value)
    if kind is str:
        return value
    return shown(value) if kind in CONTAINERS else str(value)


def add(left: Any, right: Any) -> Any:
    kind = type(left)
    if kind is type(right):
        if kind is str or kind is bytes:
            too_long(len(left) + len(right))
        elif kind is list or kind is tuple:
            return _add_lists(left, right)
    return left + right


def _add_lists(left: Any, right: Any) -> Any:
    """Adding one item at a time in a loop is common, so the weight of the last sum is remembered."""
    render = current()
    last = render.last_list if render is not None else None
    total = (last[1] if last is not None and last[0] is left else weight(left)) + weight(right)
    too_heavy(total)
    result = left + right
    if render is not None:
        render.last_list = (result, total)
        render.charge()
    return result


def multiply(left: Any, right: Any) -> Any:
    for thing, times in ((left, right), (right, left)):
        if isinstance(times, int):
            if isinstance(thing, _TEXTS):
                too_long(len(thing) * times)
            elif isinstance(thing, (list, tuple)) and times > 1:
                too_heavy(weight(thing) * times)
    if type(left) is int and type(right) is int and left.bit_length() + right.bit_length() > MAX_INT_BITS:
        raise TemplateTooBig("A number is larger than a template may make")
    return left * right


def power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and right > 0 and left.bit_length() * right > MAX_INT_BITS:
        if left in (0, 1, -1):
            return left if left >= 0 or right % 2 else 1
        raise TemplateTooBig("A number is larger than a template may make")
    return left**right


def modulo(left: Any, right: Any) -> Any:
    if isinstance(left, _TEXTS):
        return percent_format(left, right)
    return left % right


class _Shown:
    """A long list in place of itself: its text, made without a long hold."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    __repr__ = __str__

    @classmethod
    def instead_of(cls, value: Any) -> Any:
        return cls(shown(value)) if type(value) in CONTAINERS and weight(value) > SHORT else value


def percent_format(pattern: Any, values: Any) -> Any:
    """`pattern % values` with the size of the result bounded beforehand."""
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    fields = text.count("%")
    widths = sum(int(digits[:12]) for digits in _DIGITS.findall(text)) if fields else 0
    items: Any = values.values() if isinstance(values, Mapping) else values if type(values) is tuple else (values,)
    sizes = [weight(item) for item in items]
    if "*" in text:
        widths += sum(abs(item) for item in items if isinstance(item, int))
    if max(sizes, default=0) > SHORT:
        if isinstance(values, Mapping):
            values = {key: _Shown.instead_of(item) for key, item in values.items()}
        else:
            values = tuple(map(_Shown.instead_of, items))
    biggest = max(sizes, default=0)
    bound = fields * biggest if isinstance(values, Mapping) else sum(sizes)
    too_long(len(text) + widths + bound, MAX_STRING + MAX_WEIGHT // 8)
    too_long(widths)
    return checked(pattern % values)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": add,
    "-": operator.sub,
    "*": multiply,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": power,
    "%": modulo,
}
INTERCEPTED = frozenset({"+", "*", "**", "%"})


class _Bounded:
    """Counts what a `str.format` makes; mixed into jinja2's formatters."""

    _made = 0

    def format_field(self, value: Any, format_spec: str) -> Any:
        widths = [int(digits[:12]) for digits in _DIGITS.findall(format_spec)]
        too_long(sum(widths))
        if type(value) in CONTAINERS:
            value = _Shown.instead_of(value)
        elif isinstance(value, (date, time)):
            too_long(len(format_spec), MAX_TIME_FORMAT)
        text = super().format_field(value, format_spec)  # type: ignore[misc]
        self._made += len(text)
        too_long(self._made)
        return text

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if type(value) in CONTAINERS:
            value = _Shown.instead_of(value)
        return super().convert_field(value, conversion)  # type: ignore[misc]


class BoundedFormatter(_Bounded, SandboxedFormatter):
    """`str.format` for templates."""


class BoundedEscapeFormatter(_Bounded, SandboxedEscapeFormatter):
    """`Markup.format` for templates."""


def replacement_size(text: Any, old: Any, new: Any) -> None:
    """Refuse a replacement whose result would be too long."""
    if isinstance(text, _TEXTS) and type(old) is type(new) and isinstance(new, _TEXTS) and len(new) > len(old):
        hits = text.count(old) if old else len(text) + 1
        too_long(len(text) + hits * (len(new) - len(old)))


def joined_size(separator: Any, items: Sequence[Any]) -> None:
    """Refuse a join whose result would be too long."""
    size = len(separator) * len(items) if isinstance(separator, _TEXTS) else 0
    too_long(size + sum(len(item) for item in ticked(items) if isinstance(item, _TEXTS)))


_PADDING = frozenset({"center", "ljust", "rjust", "zfill", "to_bytes"})


def guard_method(method: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
    """Arguments for a built-in method, after making sure that its result is not too big."""
    owner = method.__self__
    name = method.__name__
    if name == "strftime":
        for value in (*args, *kwargs.values()):
            too_long(len(value) if isinstance(value, str) else 0, MAX_TIME_FORMAT)
    if not isinstance(owner, (str, bytes, int)):
        return args
    if name in _PADDING:
        for value in (*args, *kwargs.values()):
            if isinstance(value, int):
                too_long(value)
    elif name == "join" and len(args) == 1 and hasattr(args[0], "__iter__"):
        items = list(ticked(args[0]))
        joined_size(owner, items)
        return (items,)
    elif name == "replace" and len(args) >= 2:
        replacement_size(owner, args[0], args[1])
    elif name == "expandtabs":
        for value in (*args, *kwargs.values()):
            if isinstance(value, int):
                too_long(len(owner) + owner.count("\t" if isinstance(owner, str) else b"\t") * value)  # type: ignore
    elif name == "translate" and args and isinstance(args[0], Mapping):
        longest = max((len(value) for value in args[0].values() if isinstance(value, str)), default=1)
        too_long(len(owner) * longest)  # type: ignore[arg-type]
    return args
