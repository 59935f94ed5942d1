"""The latest warnings and errors as text: bounded, one line each, without what is below a warning."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import structlog

from marge import log
from marge.log_ring import KEPT, MAX_LINE, RecentProblems, recent_problems


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_warnings_and_errors_are_kept_with_their_values() -> None:
    """Level, logger and values stand in the line; information does not get in."""
    ring = RecentProblems()
    head = {"event": "it broke", "level": "error", "logger": "marge.test", "timestamp": "T"}
    ring(None, "error", {**head, "path": "/a", "why": "no idea"})
    ring(None, "info", {"event": "all is well"})

    assert ring.text() == "T ERROR [marge.test] it broke path=/a why='no idea'\n"


def test_the_ring_is_bounded_in_lines_and_in_their_length() -> None:
    """A flood of warnings pushes the oldest out, and one long line is cut."""
    ring = RecentProblems()
    for number in range(KEPT * 2):
        ring(None, "warning", {"event": f"number {number}", "value": "x" * MAX_LINE * 2})
    lines = ring.text().splitlines()

    assert len(lines) == KEPT
    assert "number 500 " in lines[0]
    assert all(len(line) <= MAX_LINE for line in lines)


def test_configured_logging_keeps_problems_without_secrets() -> None:
    """What goes through `marge.log` can be read back, tokens taken out and tracebacks kept."""
    log.configure(log_format="json", stream=io.StringIO(), cache=False)
    logger = structlog.get_logger("marge.test")
    logger.warning("a token came", token="marge_0123456789abcdef0123456789abcdef")
    try:
        raise ValueError("the reason")
    except ValueError:
        logger.exception("it failed")
    text = recent_problems()

    assert "a token came" in text
    assert "0123456789abcdef" not in text
    assert "ValueError: the reason" in text
