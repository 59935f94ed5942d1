"""Gets the interface's packages and its build, or skips; runs its programs. Not here: what they check."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from collections.abc import Mapping
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import gevent
import pytest

from tests.clients.kit import client_environment

ROOT = Path(__file__).parents[2]
UI = ROOT / "ui"
LOCK = ROOT / ".cache" / "ui.lock"
RUN_S = 1_200.0


def _build_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("marge_ui_build", UI / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def built() -> Path:
    """The folder of the interface's build, made when its sources have changed. Skips the test when it cannot be had.

    A mistake in the sources is a failure, as is anything but missing packages.
    """
    build = _build_module()
    LOCK.parent.mkdir(exist_ok=True)
    with LOCK.open("w") as lock:
        gevent.get_hub().threadpool.apply(flock, (lock.fileno(), LOCK_EX))  # another worker builds it
        try:
            build.build(install_node=True)
        except build.CannotBuild as problem:
            if str(problem).startswith("its sources"):
                raise
            pytest.skip(f"the web interface cannot be built: {problem}")
    return Path(build.RESULT)


def node(*words: str | Path, environment: Mapping[str, str] | None = None) -> str:
    """What a program of the interface's packages says: `node("node_modules/…", …)`, run in `ui/`. Fails with it."""
    built()
    found = _build_module().find_node()
    assert found is not None
    program, _npm = found
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [program, *map(str, words)], cwd=UI, env={**client_environment(environment), "PATH": path, "CI": "1"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=RUN_S,
    )  # fmt: skip
    said = f"{done.stdout[-12000:]}\n{done.stderr[-4000:]}"
    assert done.returncode == 0, f"{' '.join(map(str, words))} ended with {done.returncode}:\n{said}"
    return done.stdout


def manifest() -> dict[str, Any]:
    """The build's own table: each source, its file and what that imports."""
    found: dict[str, Any] = json.loads((built() / "build.json").read_text("utf-8"))
    return found
