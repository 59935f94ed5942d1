"""`marge backup` without a server."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from marge.cli import run
from marge.storage import HomeLock
from tests.backup.homes import make_home, settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose database lies in it."""
    monkeypatch.delenv("MARGE_DB_PATH", raising=False)
    monkeypatch.delenv("MARGE_BACKUP_PASSWORD", raising=False)
    return make_home(tmp_path)


def test_a_backup_is_made_listed_checked_and_put_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its id or its path; with the password out of the environment or an option."""
    assert run(["backup", "create", "-c", str(home), "--name", "Before", "--password", "right"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.is_file() and path.parent == home / "backups"
    assert run(["backup", "list", "-c", str(home)]) == 0
    assert path.stem in capsys.readouterr().out
    assert run(["backup", "verify", path.stem, "-c", str(home), "--password", "wrong"]) == 1
    assert "password" in capsys.readouterr().err
    assert run(["backup", "verify", str(path), "-c", str(home), "--password", "right"]) == 0
    (home / "secrets.yaml").unlink()
    assert run(["backup", "restore", path.stem, "-c", str(home), "--password", "right"]) == 0
    assert (home / "secrets.yaml").read_text() == "wifi: x\n" and settings(home / "marge.db") == ['"then"']


def test_a_running_home_is_not_restored_under_its_feet(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how it is done; an unknown backup is a mistake of the caller's."""
    assert run(["backup", "create", "-c", str(home)]) == 0
    path = capsys.readouterr().out.strip()
    lock = HomeLock(home / "marge.db")
    try:
        assert run(["backup", "restore", path, "-c", str(home)]) == 1
    finally:
        lock.release()
    assert "stop it first" in capsys.readouterr().err
    assert run(["backup", "verify", "nope", "-c", str(home)]) == 2


def test_a_backup_for_a_public_key_is_opened_with_the_key_file(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key stands in the files or in an option; without the secret one nothing is replaced."""
    identity = pyrage.x25519.Identity.generate()
    key = tmp_path / "key.txt"
    key.write_text(f"# my key\n{identity}\n")
    configuration = f"backup: {{recipients: [{identity.to_public()}]}}\n"
    (home / "configuration.yaml").write_text(configuration)
    assert run(["backup", "create", "-c", str(home)]) == 0
    path = capsys.readouterr().out.strip()
    assert run(["backup", "list", "-c", str(home)]) == 0
    assert "key" in capsys.readouterr().out.splitlines()[1]
    (home / "secrets.yaml").write_text("wifi: changed\n")
    for wrong in ([], ["--password", "x"]):
        assert run(["backup", "restore", path, "-c", str(home), *wrong]) == 1
        assert "secret key" in capsys.readouterr().err and "changed" in (home / "secrets.yaml").read_text()
    assert run(["backup", "verify", path, "-c", str(home), "--identity", str(key)]) == 0
    assert run(["backup", "restore", path, "-c", str(home), "--identity", str(key)]) == 0
    assert (home / "secrets.yaml").read_text() == "wifi: x\n"
    assert run(["backup", "create", "-c", str(home), "--recipient", "nonsense"]) == 1
    assert "no public key" in capsys.readouterr().err
