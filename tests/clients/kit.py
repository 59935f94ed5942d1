"""Gets the clients' real packages into `.cache/clients/` and runs programs with them. What cannot be had is skipped.

Not here: what the clients do (their test files), and no client's code.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.server import Server
from tests.support.waiting import until

CACHE = Path(__file__).parents[2] / ".cache" / "clients"
INSTALL_S = 240.0
"""How long a step of an installation may take. The next run tries it anew, and is quicker: pip and npm keep what they
have loaded."""
RUN_S = 180.0
PROGRAMS = Path(__file__).parent


class Missing(Exception):
    """A client cannot be had here: why, in one line."""


def venv(name: str, *requirements: str, python: str = sys.executable) -> Path:
    """The Python of an environment of the client's own, so that its pins never meet ours.

    The test is skipped, with the reason, when it cannot be made.
    """
    folder = CACHE / name

    def install() -> None:
        _run([python, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--retries", "1", "--timeout", "15", *requirements])

    _installed(folder, [python, sys.version.split()[0], *requirements], install)
    return folder / "bin" / "python"


def python_from(*version: int) -> str | None:
    """A Python of this version or a later one: ours, one on the path, one of pyenv's; None when there is none."""
    named = [found for minor in range(version[1], 20) if (found := shutil.which(f"python3.{minor}"))]
    pyenv = sorted(str(path) for path in Path.home().glob(".pyenv/versions/3.*/bin/python3"))
    for candidate in (sys.executable, *named, *pyenv):
        test = [candidate, "-c", f"import sys; sys.exit(sys.version_info < {version})"]
        if subprocess.run(test, check=False, capture_output=True, env=client_environment()).returncode == 0:
            return candidate
    return None


def node_modules(name: str, *packages: str) -> Path:
    """The `node_modules` that holds these npm packages. The test is skipped, with the reason, without them."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip(f"{packages[0]}: there is no Node.js with npm on this machine")
    folder = CACHE / name

    def install() -> None:
        folder.mkdir(parents=True)
        quick = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=3000")
        quiet = ("--no-fund", "--no-audit", "--loglevel=error")
        _run([npm, "install", *quiet, *quick, "--prefix", str(folder), *packages])

    _installed(folder, packages, install)
    return folder / "node_modules"


def node_version() -> tuple[int, ...]:
    """Node's version; empty when there is none."""
    node = shutil.which("node")
    if node is None:
        return ()
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in text.strip().lstrip("v").split("."))


def node_program(program: Path, modules: Path, folder: Path) -> list[str]:
    """The command for a program that imports from `modules`. Node looks for packages beside it, so it is copied."""
    if not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(modules)
    for file in program.parent.glob("*.mjs"):
        shutil.copy(file, folder)
    return ["node", str(folder / program.name)]


def write_home(server: Server) -> None:
    """The home of the recordings, without a broker."""
    server.write(configuration=CONFIGURATION + "marge: {broker: none}\n")
    for name, text in FILES.items():
        (server.home / name).write_text(text, "utf-8")


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, timeout_s: float = RUN_S) -> str:
    """What a client prints. Its failure is the test's, with all that it said."""
    words = [str(word) for word in command]
    its = client_environment(environment)
    done = subprocess.run(
        words, env=its, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s
    )
    said = f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{said}"
    return done.stdout


def run_json(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Any:
    """The JSON that a client prints last, on one line."""
    return json.loads(run(command, environment).strip().splitlines()[-1])


def client_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The machine's environment without what belongs to our own Python, and without proxies for the loopback."""
    ours = ("PYTHON", "MARGE_", "HASS", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost", **(more or {})}


def _installed(folder: Path, wanted: Sequence[str], install: Any) -> None:
    """Install once. Test workers that want the same wait for the first of them."""
    CACHE.mkdir(parents=True, exist_ok=True)
    stamp = folder / ".installed"
    text = "\n".join(wanted)
    with (CACHE / f"{folder.name}.lock").open("w") as lock:
        until(lambda: _locked(lock.fileno()), INSTALL_S + 10, f"another installation of {folder.name}")
        if stamp.exists() and stamp.read_text("utf-8") == text:
            return
        if folder.exists():
            shutil.rmtree(folder)
        began = time.monotonic()
        try:
            install()
        except Missing as problem:
            pytest.skip(f"{folder.name}: could not be installed: {problem}")
        stamp.write_text(text, "utf-8")
        print(f"{folder.name}: installed in {time.monotonic() - began:.0f} s")


def _locked(descriptor: int) -> bool:
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _run(command: list[str]) -> None:
    """One step of an installation.

    Raises:
        Missing: it failed, or took too long.
    """
    try:
        done = subprocess.run(
            command, env=client_environment(),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=INSTALL_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Missing(f"took longer than {INSTALL_S:g} s") from None
    except OSError as problem:
        raise Missing(str(problem)) from problem
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith(("ERROR", "npm error"))]
        raise Missing(" ".join(lines[:2])[:300] if lines else f"exit code {done.returncode}")
