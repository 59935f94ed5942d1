"""A home made of texts, and its findings as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from marge.config import HomeConfig, load_home

Load = Callable[..., HomeConfig]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """`load({"configuration.yaml": text, …}, VARIABLE=value)`: writes the files and loads the home."""

    def write_and_load(files: dict[str, str | bytes], **env: str) -> HomeConfig:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load_home(tmp_path, env)

    return write_and_load


def found(home: HomeConfig) -> list[tuple[str, str, int | None]]:
    """Severity, file and line of each finding."""
    return [(problem.severity, problem.file or "", problem.line) for problem in home.problems]
