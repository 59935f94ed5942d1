"""Logging that a test sets up as the product does, and puts back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from marge.log import StandardLibraryHandler


@contextmanager
def logging_put_back() -> Iterator[None]:
    """What was configured before holds again afterwards: `marge.log.configure` changes the list of processors in place,
    so that loggers which have remembered it follow, and so do those of other tests in this process."""
    before, root = structlog.get_config(), logging.getLogger()
    processors, level, handlers = list(before["processors"]), root.level, list(root.handlers)
    try:
        yield
    finally:
        structlog.configure(**before)
        before["processors"][:] = processors
        root.setLevel(level)
        for handler in set(root.handlers) - set(handlers):
            if isinstance(handler, StandardLibraryHandler):
                root.removeHandler(handler)
