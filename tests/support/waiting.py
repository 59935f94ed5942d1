"""Waiting in tests: until a condition holds or patience is at an end, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gevent

LOOK_S = 0.005
MOST_A_LOOK_S = 1.0
"""What one look may use up of the patience: a process that the machine did not let run has not waited."""
PATIENCE_S = 60.0
"""At least: what is too short fails on a busy machine, what is too long costs nothing where nothing fails."""


class Patience:
    """How long somebody may still wait: seconds in which the waiting process itself had its turns.

    A machine that stands still for half a minute, or gives this process a turn now and then, uses up little of it: the
    others had no time either.
    """

    def __init__(self, seconds: float) -> None:
        self._left = max(seconds, PATIENCE_S)
        self._looked = time.monotonic()

    def is_over(self) -> bool:
        """Asked after each look."""
        now = time.monotonic()
        self._left -= min(now - self._looked, MOST_A_LOOK_S)
        self._looked = now
        return self._left < 0


def until(condition: Callable[[], Any], timeout_s: float = PATIENCE_S, what: str = "") -> Any:
    """The first true value of `condition()`; an AssertionError when none came in `timeout_s` (see `Patience`)."""
    patience = Patience(timeout_s)
    while True:
        value = condition()
        if value:
            return value
        if patience.is_over():
            raise AssertionError(f"not within {max(timeout_s, PATIENCE_S):g} s: {what or condition}")
        gevent.sleep(LOOK_S)
