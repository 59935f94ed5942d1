"""Regular expressions, with a limit on how long one may search.

Patterns that can take exponential time are cut off by a timer signal: Python's engine looks for signals while it
searches. The engine is one C call, so nothing else on the hub runs meanwhile; therefore the limit is short.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from functools import lru_cache
from types import FrameType
from typing import Any, TypeVar

from marge.templating.budget import MAX_STRING, charge, current, ticked, too_long
from marge.templating.errors import TemplateError, TemplateTooBig
from marge.templating.functions.book import Book, HomeView

MAX_PATTERN = 2000
REGEX_S = 0.01
LONG = 2**14
"""Characters from which even a harmless pattern is applied match by match, or with a limit."""
_REPETITION = re.compile(r"[*+?}]")
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_T = TypeVar("_T")


class _Interrupted(BaseException):
    """The timer went off inside a search."""


class _Alarm:
    """A timer of processor time that ends one search. The handler stays installed: a signal that arrives late would
    otherwise end the process."""

    def __init__(self) -> None:
        self._armed = False

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self._armed:
            self._armed = False
            raise _Interrupted

    def bounded(self, search: Callable[[], _T]) -> _T:
        """Run one search; end it when it takes too long. Blocks the hub for at most the limit.

        Raises:
            TemplateError: it took too long, or there is no way to limit it here.
        """
        render = current()
        if render is not None:
            render.before_block()
        limit = REGEX_S if render is None else min(REGEX_S, render.remaining_s())
        try:
            signal.signal(signal.SIGVTALRM, self._ring)
        except ValueError:
            # Signals reach the main thread only, and rendering has no business elsewhere.
            raise TemplateError("TemplateError: This regular expression cannot be limited in this thread") from None
        try:
            try:
                self._armed = True
                signal.setitimer(signal.ITIMER_VIRTUAL, limit)
                return search()
            finally:
                self._armed = False
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except _Interrupted:
            raise TemplateError(f"TemplateError: A regular expression took more than {limit:.2f} s") from None


# One for the process, as the signal is.
_bounded = _Alarm().bounded


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: int) -> tuple[re.Pattern[str], int]:
    """The pattern and the longest text on which even its worst case ends quickly."""
    if len(pattern) > MAX_PATTERN:
        raise TemplateTooBig(f"A regular expression may have {MAX_PATTERN} characters")
    compiled = _bounded(lambda: re.compile(pattern, flags))
    repetitions = len(_REPETITION.findall(pattern))
    if repetitions == 0:
        return compiled, MAX_STRING
    return compiled, 1000 if repetitions == 1 and not _REPEATED_GROUP.search(pattern) else 0


def run(
    pattern: Any,
    ignorecase: bool,
    text: Any,
    search: Callable[[re.Pattern[str], str], _T],
    in_steps: Callable[[re.Pattern[str], str], _T] | None = None,
) -> _T:
    """Apply a search to a text.

    Args:
        in_steps: the same match by match, for long texts and patterns whose matches are found quickly.

    Raises:
        re.error: the pattern is malformed.
        TypeError: the text is no text.
    """
    compiled, harmless = _compiled(pattern, re.IGNORECASE if ignorecase else 0)
    if not isinstance(text, str):
        return search(compiled, text)
    charge()
    if len(text) <= min(harmless, LONG):
        return search(compiled, text)
    if len(text) <= harmless and in_steps is not None:
        return in_steps(compiled, text)
    return _bounded(lambda: search(compiled, text))


def _match(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    return run(find, ignorecase, value, lambda pattern, text: pattern.match(text) is not None)


def _search(value: Any, find: str = "", ignorecase: bool = False) -> bool:
    return run(find, ignorecase, value, lambda pattern, text: pattern.search(text) is not None)


def _replace(value: Any = "", find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    def substitute(pattern: re.Pattern[str], text: str) -> str:
        if isinstance(text, str) and isinstance(replace, str) and len(replace) > 1:
            hits = sum(1 for _ in pattern.finditer(text))
            # A group in the replacement can bring in the whole match each time.
            groups = replace.count("\\")
            too_long(len(text) * (1 + groups) + hits * len(replace))
        return pattern.sub(replace, text)

    def in_steps(pattern: re.Pattern[str], text: str) -> str:
        pieces: list[str] = []
        size, last = 0, 0
        for match in ticked(pattern.finditer(text)):
            new = match.expand(replace)
            pieces += (text[last : match.start()], new)
            size += match.start() - last + len(new)
            too_long(size)
            last = match.end()
        return "".join((*pieces, text[last:]))

    return run(find, ignorecase, value, substitute, in_steps)


def _findall(value: Any, find: str = "", ignorecase: bool = False) -> list[Any]:
    def in_steps(pattern: re.Pattern[str], text: str) -> list[Any]:
        matches = ticked(pattern.finditer(text))
        if pattern.groups <= 1:
            return [match[pattern.groups] or "" for match in matches]
        return [match.groups("") for match in matches]

    return run(find, ignorecase, value, lambda pattern, text: pattern.findall(text), in_steps)


def _findall_index(value: Any, find: str = "", index: int = 0, ignorecase: bool = False) -> Any:
    return _findall(value, find, ignorecase)[index]


def install(book: Book, _home: HomeView) -> None:
    book.add("match", _match, "t", shown="regex_match")
    book.add("search", _search, "t", shown="regex_search")
    book.add("regex_match", _match, "f", shown="regex_match")
    book.add("regex_search", _search, "f", shown="regex_search")
    book.add("regex_replace", _replace, "f")
    book.add("regex_findall", _findall, "f")
    book.add("regex_findall_index", _findall_index, "f")
