"""Command lines run in this process set logging up; each test puts back what was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from marge.log import StandardLibraryHandler


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Other tests in this process capture log lines."""
    before = structlog.get_config()
    level = logging.getLogger().level
    yield
    structlog.configure(**before)
    root = logging.getLogger()
    root.setLevel(level)
    for handler in [handler for handler in root.handlers if isinstance(handler, StandardLibraryHandler)]:
        root.removeHandler(handler)
