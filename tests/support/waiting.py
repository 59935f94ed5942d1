"""Waiting in tests: until a condition holds or a deadline passes, never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import gevent


def until(condition: Callable[[], Any], timeout_s: float = 30.0, what: str = "") -> Any:
    """The first true value of `condition()`; an AssertionError once `timeout_s` has passed."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s:g} s: {what or condition}")
        gevent.sleep(0.005)
