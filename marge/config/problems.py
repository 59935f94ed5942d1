"""What is wrong with a home's configuration, as data. Not here: deciding whether something is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["fatal", "error", "warning"]
"""`fatal`: running on would be dangerous, the start ends with exit code 2. `error`: a piece was left out or a default
is used. `warning`: the piece is used, and may not mean what its author thinks."""

ENVIRONMENT = "environment"
"""Stands in `ConfigProblem.file` when the value came from an environment variable."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One finding.

    Attributes:
        file: relative to the configuration directory, `"environment"` for a variable, `None` when no file is to blame.
        line, column: counted from 1; `None` when unknown.
        path: where in the data, dotted (`"marge.http_port"`), or the variable's name; `""` for a whole file.
        message: what is wrong, for people. Never holds a value that may be secret.
        hint: what to do, or `None`.
    """

    severity: Severity
    file: str | None
    line: int | None
    path: str
    message: str
    hint: str | None = None
    column: int | None = None

    @property
    def where(self) -> str:
        """`automations.yaml:12:3`, as editors understand it; `""` when no file is to blame."""
        if self.file is None or self.file == ENVIRONMENT:
            return self.file or ""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text


class Problems:
    """Collects findings in the order they were met; an equal one is kept once."""

    def __init__(self, config_dir: Path | None = None) -> None:
        self._found: dict[ConfigProblem, None] = {}
        self._config_dir = config_dir

    def add(self, problem: ConfigProblem) -> None:
        self._found.setdefault(problem)

    def display_name(self, path: Path) -> str:
        """The file's name as people see it: relative to the configuration directory where it lies below it."""
        if self._config_dir is not None:
            try:
                return str(path.relative_to(self._config_dir))
            except ValueError:
                return str(path)
        return str(path)

    def __iter__(self) -> Iterator[ConfigProblem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that `word` was probably meant to be, or `None`."""
    match = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return match[0] if match else None
