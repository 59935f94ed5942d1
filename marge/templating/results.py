"""From rendered text to a native value: the rule that Home Assistant's recordings show.

Text that reads as a Python literal becomes that value, except that numbers must be plain decimals (`1e3`, `0x1F`,
`1_000` and `007` stay text), quoted text keeps its quotes, and complex numbers stay text.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Collection
from math import isfinite
from typing import Any

from marge.model import ReadOnlyDict
from marge.templating.budget import CHUNK, charge, in_parts, ticked
from marge.templating.literal import read_literal

# Python reads longer ones too slowly for a single call.
MAX_AT_ONCE = 2**12

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?\Z|[+-]?0\.[0-9]*\Z")
_LITERALS = frozenset({str, bytes, int, bool, type(None)})
_WORDS = {"True": True, "False": False, "None": None}
# Only these can begin a literal that is neither a number, nor a word, nor text.
_OPENERS = frozenset("([{")
_MAYBE_TUPLE = frozenset("0123456789+-.'\"TFNbBuUrR")


def parse_result(text: str) -> Any:
    """The value that the text of a render stands for; the text itself when it stands for nothing else."""
    if text in _WORDS:
        return _WORDS[text]
    if not text:
        return text
    first = text[0]
    if first in _OPENERS or text == "set()":
        return _literal(text)
    if first not in _MAYBE_TUPLE:
        return text
    if _NUMBER.match(text):
        return _number(text)
    # What is left is a tuple without brackets, or bytes.
    if "," in text or text[:2] in ("b'", 'b"', "B'", 'B"'):
        return _literal(text)
    return text


def native_copy(value: Any, depth: int = 0) -> Any:
    """The same as `parse_result(str(value))` for a list, tuple, set or mapping, without going through its text.

    For long ones, since reading the text of a literal holds the hub for as long as it takes.

    Raises:
        ValueError: something in it has no literal.
    """
    kind = type(value)
    if kind in _LITERALS:
        return value
    if kind is float and isfinite(value):
        return value
    if depth > 80:
        raise ValueError("nested too deeply")
    charge()
    if kind is list:
        return _copies(value, depth + 1)
    if kind is tuple:
        return tuple(_copies(value, depth + 1))
    if kind is set and value:
        return set(_copies(value, depth + 1))
    if kind is dict or kind is ReadOnlyDict:
        return {native_copy(key, depth + 1): native_copy(item, depth + 1) for key, item in ticked(value.items())}
    raise ValueError(f"no literal for {kind.__name__}")


def _copies(items: Collection[Any], depth: int) -> list[Any]:
    if len(items) <= CHUNK:
        return [native_copy(item, depth) for item in items]
    return [native_copy(item, depth) for part in in_parts(items) for item in part]


def _number(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _literal(text: str) -> Any:
    try:
        value = literal_eval(text) if len(text) <= MAX_AT_ONCE else read_literal(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    if isinstance(value, (str, int, float, complex)) or value is Ellipsis:
        return text
    return value
