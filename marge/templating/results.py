"""From rendered text to a native value: the rule that Home Assistant's recordings show.

Text that reads as a Python literal becomes that value, except that numbers must be plain decimals (`1e3`, `0x1F`, `1_000` and
`007` stay text), quoted text keeps its quotes, and complex numbers stay text.
"""

from __future__ import annotations

import re
from ast import literal_eval
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?\Z|[+-]?0\.[0-9]*\Z")
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


def _number(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _literal(text: str) -> Any:
    try:
        value = literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    if isinstance(value, (str, int, float, complex)) or value is Ellipsis:
        return text
    return value
