"""Which directory is the home, and how a new one comes to be. Not here: reading it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from marge.cli.packaged import packaged_dir
from marge.config.reader import SECRETS_FILE
from marge.errors import ConfigError

DEMO_HOME = "demo-home"
NEW_HOME = "default"
_NOT_WRITTEN_BY_PEOPLE = re.compile(r"\.|.+\.db(?:-wal|-shm)?$")


def home_dir(config_dir: Path | None) -> Path:
    """The directory asked for, else `$XDG_CONFIG_HOME/marge`; absolute."""
    if config_dir is None:
        base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
        config_dir = Path(base) / "marge"
    return config_dir.expanduser().resolve()


def is_new(directory: Path) -> bool:
    """Whether nobody has put anything there yet: a database (from `marge token create`) and hidden files do not count.

    Raises:
        ConfigError: the place cannot be a home.
    """
    try:
        names = [entry.name for entry in directory.iterdir()] if directory.exists() else []
        return not any(name != "lost+found" and not _NOT_WRITTEN_BY_PEOPLE.match(name) for name in names)
    except OSError as error:
        raise ConfigError(f"{directory} cannot be a home: {error.strerror or error}") from error


def make_home(directory: Path, template: str) -> None:
    """Copy a packaged home into a directory that is missing or empty.

    Raises:
        ConfigError: the directory cannot be written.
        NotFound: the installation lacks the template.
    """
    source = packaged_dir(template)
    try:
        shutil.copytree(source, directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.db*"))
        secrets = directory / SECRETS_FILE
        if secrets.exists():
            secrets.chmod(0o600)
    except shutil.Error as error:  # a list of (source, target, why); the first says it
        raise ConfigError(f"no home could be made in {directory}: {error.args[0][0][2]}") from error
    except OSError as error:
        raise ConfigError(f"no home could be made in {directory}: {error.strerror or error}") from error
