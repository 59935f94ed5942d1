"""Restores: made ready, carried out at a start, continued after a power cut, undone after a failure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from marge.backup import staging, write
from marge.backup.errors import BackupError, WrongPassword
from tests.backup.homes import about, ask, history, make_home, settings

NOW = 1_800_000_000.0


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A home of which there is a backup, and in which much has changed since."""
    config = make_home(tmp_path)
    write.write(config / "backups", config, config / "marge.db", about())
    (config / "configuration.yaml").write_text("homeassistant: {name: Changed}\n")
    (config / "new.yaml").write_text("new: 1\n")
    (config / "www/logo.svg").unlink()
    ask(config / "marge.db", "UPDATE key_value SET value = '\"now\"' WHERE key = 'who'")
    ask(config / "marge.db", "INSERT INTO states (entity, updated_us, state) VALUES (1, 2, 'now')")
    return config


def stage(config: Path, **how: Any) -> None:
    path = write.path_of(config / "backups", "abc123")
    staging.stage(config, config / "marge.db", path, now=NOW, **how)


def is_back(config: Path) -> bool:
    return "Kept" in (config / "configuration.yaml").read_text()


def test_nothing_changes_before_the_start_and_everything_then(config: Path) -> None:
    """Files made since are taken away, but kept; logs and media stay."""
    stage(config)
    assert not is_back(config) and settings(config / "marge.db") == ['"now"']
    result = staging.carry_out(config, NOW + 5)

    assert result == staging.Result("abc123", "Mine") and is_back(config)
    assert (config / "www/logo.svg").read_text() == "<svg/>" and not (config / "new.yaml").exists()
    assert (config / ".restore/replaced/new.yaml").read_text() == "new: 1\n"
    assert (config / "home.log").exists() and (config / "media/film.mp4").exists()
    assert settings(config / "marge.db") == ['"then"'] and history(config / "marge.db") == ["then"]
    assert settings(config / "marge.db.before-restore") == ['"now"']
    assert staging.carry_out(config, NOW + 6) is None
    assert staging.take_result(config) == result and staging.take_result(config) is None


@pytest.mark.parametrize(
    ("how", "who", "past", "files"),
    [
        ({"history": False}, '"then"', ["then", "now"], True),
        ({"settings": False}, '"now"', ["then"], False),
    ],
)
def test_settings_and_history_can_be_had_apart(config: Path, how: Any, who: str, past: list[str], files: bool) -> None:
    """What is not asked for stays as it is."""
    stage(config, **how)
    result = staging.carry_out(config, NOW)

    assert result is not None and result.problem is None
    assert settings(config / "marge.db") == [who] and history(config / "marge.db") == past and is_back(config) is files


def test_a_restore_that_waited_too_long_is_dropped(config: Path) -> None:
    """What happened since would be lost without anybody expecting it."""
    stage(config)
    result = staging.carry_out(config, NOW + staging.EXPIRES_S + 100)

    assert result is not None and "waited" in str(result.problem) and not is_back(config)
    assert staging.waiting(config) is None


def test_what_is_not_whole_is_not_staged(config: Path) -> None:
    """And what was staged before is forgotten."""
    stage(config)
    path = write.path_of(config / "backups", "abc123")
    data = path.read_bytes()
    path.write_bytes(data[:4000] + b"!" + data[4001:])

    with pytest.raises(BackupError):
        stage(config)
    assert staging.waiting(config) is None and staging.carry_out(config, NOW) is None and not is_back(config)


def test_a_protected_backup_wants_its_password(config: Path) -> None:
    """Before anything is staged."""
    write.write(config / "backups", config, config / "marge.db", about("safe"), "right")
    path = write.path_of(config / "backups", "safe")

    with pytest.raises(WrongPassword):
        staging.stage(config, config / "marge.db", path, "wrong")
    staging.stage(config, config / "marge.db", path, "right", now=NOW)
    assert staging.carry_out(config, NOW) is not None


@pytest.mark.parametrize("steps", range(12))
def test_a_power_cut_at_any_step_is_continued(config: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """The next start finishes what this one began."""

    class PowerCut(BaseException):
        pass

    replace, left = os.replace, steps

    def cut(source: Any, target: Any) -> None:
        nonlocal left
        if left == 0:
            raise PowerCut
        left -= 1
        replace(source, target)

    stage(config)
    monkeypatch.setattr(os, "replace", cut)
    try:
        staging.carry_out(config, NOW)
    except PowerCut:
        monkeypatch.setattr(os, "replace", replace)
        assert staging.carry_out(config, NOW + 60) == staging.Result("abc123", "Mine")
    monkeypatch.setattr(os, "replace", replace)

    assert is_back(config) and not (config / "new.yaml").exists() and (config / "www/logo.svg").exists()
    assert history(config / "marge.db") == ["then"] and settings(config / "marge.db.before-restore") == ['"now"']


@pytest.mark.parametrize("steps", [1, 3, 6, 7])
def test_a_failure_is_undone(config: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """A full or failing disk leaves the home as it was."""
    before = {path: path.read_bytes() for path in config.rglob("*.yaml") if ".restore" not in path.parts}
    move, left = staging._move, steps

    def fail(source: Path, target: Path, done: list[tuple[Path, Path]]) -> None:
        nonlocal left
        if left == 0 and done:
            left = -1
            raise OSError(28, "No space left on device")
        left -= 1
        move(source, target, done)

    stage(config)
    monkeypatch.setattr(staging, "_move", fail)
    result = staging.carry_out(config, NOW)

    assert result is not None and "No space" in str(result.problem)
    assert {path: path.read_bytes() for path in before} == before
    assert settings(config / "marge.db") == ['"now"'] and history(config / "marge.db") == ["then", "now"]
    assert staging.waiting(config) is None
