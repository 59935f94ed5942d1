"""A memory of what short texts gave. Here, not `lru_cache` alone: that would keep a stranger's megabytes as keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Value = TypeVar("Value")


def remembered(most: int, longest: int) -> Callable[[Callable[[str], Value]], Callable[[str], Value]]:
    """Decorator of a function of one text whose answer is always the same.

    Args:
        most: texts that are remembered; the one that was asked about longest ago goes first.
        longest: characters; the answers to longer texts are found anew each time.
    """

    def decorate(function: Callable[[str], Value]) -> Callable[[str], Value]:
        known = lru_cache(maxsize=most)(function)

        @wraps(function)
        def answer(text: str) -> Value:
            return known(text) if len(text) <= longest else function(text)

        return answer

    return decorate
