"""Reading the files again while a home runs: what cannot be read now is no reason to drop what was read before."""

from __future__ import annotations

from pathlib import Path

from marge.config.home_config import HomeConfig, load_home
from marge.errors import HomeError


def reread(config_dir: Path, *sections: str) -> HomeConfig:
    """The files as they are now, for a reload of these sections. Blocks: for a native thread.

    Raises:
        HomeError: one of the sections is missing, and a file could not be read that may have held it.
    """
    config = load_home(config_dir)
    if any(section not in config.sections for section in sections):
        for problem in config.problems:
            if problem.severity != "warning" and not problem.path:  # of a whole file
                raise HomeError(f"Nothing was changed: {problem}")
    return config
