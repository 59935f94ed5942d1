"""Parts of a package that are found by name, a module each; one that cannot be imported does not stop the others."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import NamedTuple

import structlog

from marge.util.breathe import let_others_in

log = structlog.get_logger("marge.parts")

_MAX_REASON = 300


class BrokenPart(NamedTuple):
    """A module that could not be imported, and why, for people."""

    module: str
    reason: str


Report = Callable[[BrokenPart], None]


def find_parts(
    package: str, report: Report | None = None, *, folders: bool = False, breathe: bool = False
) -> Iterator[tuple[str, ModuleType]]:
    """Name and module of each public module of `package`, in alphabetical order.

    One whose import raises is logged with its name and the reason, handed to `report`, and left out.

    Args:
        folders: only those that are packages themselves.
        breathe: let others in between two modules. On the hub, not on the shared dispatcher: an import takes some
            milliseconds.
    """
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_") or (folders and not info.ispkg):
            continue
        name = f"{package}.{info.name}"
        is_new = name not in sys.modules
        module = load_part(name, report)
        if breathe and is_new:
            let_others_in()
        if module is not None:
            yield info.name, module


def load_part(name: str, report: Report | None = None) -> ModuleType | None:
    """One module by its whole name; None, when its import raises: that is logged and handed to `report`."""
    try:
        return importlib.import_module(name)
    except Exception as exc:  # noqa: BLE001 - the border: one part, and whatever its author has written
        reason = f"{type(exc).__name__}: {exc}"[:_MAX_REASON]
        log.error("a part could not be loaded; the others go on without it", part=name, reason=reason, exc_info=exc)
        if report is not None:
            report(BrokenPart(name, reason))
        return None
