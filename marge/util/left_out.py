"""Imports without what a library would import on the chance that it is used. For the start of a process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Inside, these modules cannot be imported: a library that has them as an option does without. For the start of a
    process, before any of them is imported; afterwards they can be."""
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def stood_in(module: str, *names: str) -> Iterator[None]:
    """Inside, `module` has these names, and they are None: for a library that imports them by name, of which nothing is
    used that needs them. Afterwards the module can be imported as it is."""
    if module in sys.modules:
        yield
        return
    stand_in = ModuleType(module)
    for name in names:
        setattr(stand_in, name, None)
    sys.modules[module] = stand_in
    try:
        yield
    finally:
        del sys.modules[module]


@contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Who imports these modules inside gets them with their first use. Not for what a native thread may use first."""
    late = {name: _Late(name) for name in names if name not in sys.modules}
    sys.modules.update(late)
    try:
        yield
    finally:
        for name in late:
            del sys.modules[name]


class _Late(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(importlib.import_module(self.__name__), name)
