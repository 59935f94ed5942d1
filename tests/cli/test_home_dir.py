"""Which directory is the home, and what a new one holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from marge.cli.home_dir import DEMO_HOME, NEW_HOME, home_dir, is_new, make_home
from marge.cli.packaged import packaged_dir
from marge.config import load_home
from marge.errors import ConfigError, NotFound


def test_the_home_is_what_was_asked_for_else_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`$XDG_CONFIG_HOME/marge` without `--config`."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))

    assert home_dir(None) == tmp_path / "xdg" / "marge"
    assert home_dir(tmp_path / "a" / ".." / "b") == tmp_path / "b"


@pytest.mark.parametrize("template", [NEW_HOME, DEMO_HOME])
def test_a_new_home_loads_without_findings(tmp_path: Path, template: str) -> None:
    """Both packaged homes are right."""
    make_home(tmp_path / "home", template)

    home = load_home(tmp_path / "home", {})
    assert [str(problem) for problem in home.problems] == []
    assert home.marge.auth_mode == "required"


def test_new_means_missing_or_empty(tmp_path: Path) -> None:
    """A directory with anything in it is somebody's."""
    assert is_new(tmp_path / "missing")
    assert is_new(tmp_path)
    (tmp_path / "x").write_text("")
    assert not is_new(tmp_path)


def test_secrets_of_a_new_home_are_the_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask."""
    make_home(tmp_path / "home", NEW_HOME)

    assert (tmp_path / "home" / "secrets.yaml").stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where the parent directory should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError):
        make_home(tmp_path / "file" / "home", NEW_HOME)


def test_missing_packaged_data_is_named() -> None:
    """Not a traceback from the copy."""
    with pytest.raises(NotFound, match="nonsense"):
        packaged_dir("nonsense")
