"""Reading the files again while a home runs: what cannot be read now is no reason to drop what was read before."""

from __future__ import annotations

from pathlib import Path

from marge.config.home_config import HomeConfig, load_home
from marge.config.problems import ENVIRONMENT, ConfigProblem
from marge.errors import HomeError


def unread_files(config: HomeConfig) -> list[ConfigProblem]:
    """What says that a whole file could not be read. (A start takes the lines that can.)"""
    return [
        problem for problem in config.problems
        if problem.severity != "warning" and not problem.path and problem.file not in (None, ENVIRONMENT)
    ]  # fmt: skip


def reread(config_dir: Path) -> HomeConfig:
    """The files as they are now, for a reload. Blocks: for a native thread.

    Raises:
        HomeError: one of the files cannot be read. Whose pieces it holds is not known, so nothing is reloaded.
    """
    config = load_home(config_dir)
    for problem in unread_files(config):
        raise HomeError(f"Nothing was changed: {problem}")
    return config
