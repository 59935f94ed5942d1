"""Long texts that read as Python literals: lists, tuples, sets, mappings, texts, numbers.

Python reads a literal in one call, which takes a millisecond for each kilobyte. This reader pays as it goes.
"""

from __future__ import annotations

import re
from ast import literal_eval
from typing import Any

from marge.templating.budget import charge

MAX_DEPTH = 100
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<number>[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?![0-9A-Za-z_.])
      | (?P<word>True|False|None)(?![0-9A-Za-z_])
      | (?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
      | (?P<mark>[][(){},:])
    )""",
    re.VERBOSE,
)
_WORDS = {"True": True, "False": False, "None": None}
_CLOSING = {"[": "]", "(": ")", "{": "}"}


class NotPlain(ValueError):
    """The text is no literal, or one of a kind that this reader leaves alone (bytes, complex numbers, comments)."""


def read_literal(text: str) -> Any:
    """The value of a literal.

    Raises:
        NotPlain: the text is not read here.
        TypeError: a key that cannot be one.
    """
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> Any:
        value = self._sequence("", 0)
        if self._text[self._at :].strip():
            raise NotPlain
        return value

    def _next(self) -> tuple[str, str]:
        """Kind and text of the next token; empty at the end."""
        charge()
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            if self._text[self._at :].strip():
                raise NotPlain
            return "", ""
        self._at = match.end()
        return str(match.lastgroup), str(match[str(match.lastgroup)])

    def _sequence(self, opening: str, depth: int) -> Any:
        """What stands after an opening bracket, up to and with the closing one. Without one: up to the end."""
        if depth > MAX_DEPTH:
            raise NotPlain
        closing = _CLOSING.get(opening, "")
        items: list[Any] = []
        mapping: dict[Any, Any] | None = None
        has_comma = False
        kind, token = self._next()
        while token != closing or kind == "text":
            key = self._value(kind, token, depth)
            kind, token = self._next()
            if kind == "mark" and token == ":" and opening == "{" and (mapping is not None or not items):
                mapping = {} if mapping is None else mapping
                mapping[key] = self._value(*self._next(), depth)
                kind, token = self._next()
            elif mapping is not None:
                raise NotPlain
            else:
                items.append(key)
            if kind == "mark" and token == ",":
                has_comma = True
                kind, token = self._next()
            elif token != closing or kind == "text":
                raise NotPlain
        if opening == "[":
            return items
        if opening == "{":
            return mapping if mapping is not None else set(items) if items else {}
        if has_comma:
            return tuple(items)
        if len(items) == 1:
            return items[0]
        if opening:
            return ()
        raise NotPlain

    def _value(self, kind: str, token: str, depth: int) -> Any:
        if kind == "number":
            return int(token) if token.lstrip("+-").isdigit() else float(token)
        if kind == "word":
            return _WORDS[token]
        if kind == "text":
            return literal_eval(token) if "\\" in token else token[1:-1]
        if token in _CLOSING:
            return self._sequence(token, depth + 1)
        raise NotPlain
