"""The map of the house holds: packages import only from the rows above them; pykka's internals stay in their room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import marge

ROOT = Path(marge.__file__).parent
ROWS = [
    "model", "config", "actors", "entities", "services", "storage", "backup", "registries", "templating",
    "home", "rereading", "solar", "components", "webhooks", "automations", "domains", "conversation", "recorder",
    "history", "integrations", "bridges", "auth", "console", "http", "app", "cli",
]
FREE = {"errors", "util", "version", "log", "log_ring", "redact"}
SIMULATOR_MAY_USE = {"simulate", "util", "version", "errors"}
KNOWS_PYKKA_INTERNALS = {"runtime.py", "mailbox.py", "future.py", "system.py", "supervisor.py", "clock.py", "bus.py"}


def imports(path: Path):
    """(module, line, only for types) of each import of marge in the file."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "marge":
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "marge" else [node.module]
            for name in names:
                yield name, node.lineno, id(node) in typing_only
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "marge":
                    yield alias.name, node.lineno, id(node) in typing_only


def package_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


FILES = sorted(path for path in ROOT.rglob("*.py") if path.name not in ("__main__.py",))


@pytest.mark.parametrize("row", ROWS)
def test_a_package_uses_only_the_rows_above_it(row):
    """Dependencies point one way; types for the checker do not count."""
    wrong = []
    for path in FILES:
        relative = path.relative_to(ROOT)
        if relative.parts[0].removesuffix(".py") != row:
            continue
        for module, line, typing_only in imports(path):
            other = package_of(module)
            if typing_only or other in FREE or other == row or other == "":
                continue
            allowed = ROWS[: ROWS.index(row)] + (["simulate"] if row == "cli" else [])
            if other not in allowed:
                wrong.append(f"{relative}:{line} imports {module}")

    assert wrong == []


def test_the_simulated_house_knows_nothing_of_the_server():
    """It is a separate process that speaks MQTT and HTTP."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == "simulate"
        for module, line, _ in imports(path)
        if package_of(module) not in SIMULATOR_MAY_USE
    ]

    assert wrong == []


def test_bridges_do_not_import_each_other():
    """They talk by message."""
    wrong = []
    for path in (ROOT / "bridges").rglob("*.py"):
        own = path.relative_to(ROOT / "bridges").parts[0]
        for module, line, typing_only in imports(path):
            parts = module.split(".")
            if parts[:2] != ["marge", "bridges"] or len(parts) < 3 or typing_only:
                continue
            if parts[2] not in (own, "base", "process", "aio", "lan", "endpoint") and not own.endswith(".py"):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")

    assert wrong == []


def test_only_the_entry_point_patches():
    """monkey.patch_all() anywhere else would patch too late or twice."""
    found = [
        str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "patch_all(" in path.read_text()
    ]

    assert [name for name in found if name != "__main__.py"] == []


def test_pykkas_internals_stay_in_one_place():
    """What begins with an underscore in pykka is used in the runtime only."""
    found = {
        path.name
        for path in FILES
        if "pykka._" in path.read_text() or "import _ActorStop" in path.read_text() or "_ActorStop" in path.read_text()
    }

    assert found <= KNOWS_PYKKA_INTERNALS
