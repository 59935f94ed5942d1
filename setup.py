"""Metadata lives in setup.cfg; this builds the web interface into wheels and ordinary installations.

`MARGE_BUILD_UI=no` leaves it out, `MARGE_BUILD_UI=required` fails without it. Editable installations use `make ui`.
"""

from __future__ import annotations

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from setuptools import setup
from setuptools.command.build_py import build_py

WANTED = os.environ.get("MARGE_BUILD_UI", "yes")


def builder() -> ModuleType | None:
    """`ui/build.py`; None where only the package is, without the interface's sources."""
    path = Path(__file__).resolve().parent / "ui" / "build.py"
    spec = spec_from_file_location("marge_ui_build", path) if path.is_file() and WANTED != "no" else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildWithInterface(build_py):
    """Builds the interface first, so that its files are package data like others."""

    def run(self) -> None:
        ui = None if self.editable_mode else builder()
        if ui is not None:
            try:
                ui.build()
            except ui.CannotBuild as problem:
                if WANTED == "required":
                    raise SystemExit(f"The web interface was not built: {problem}") from problem
                print(f"warning: Marge is built without its web interface: {problem}", file=sys.stderr)
        super().run()


def build_requirements() -> list[str]:
    """Node.js, only where it has to be used and the machine has none."""
    ui = builder()
    return [] if ui is None or ui.is_fresh() or ui.find_node() is not None else [ui.NODE_PACKAGE]


setup(cmdclass={"build_py": BuildWithInterface}, setup_requires=build_requirements())
