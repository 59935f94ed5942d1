"""Files of backups: what is in them, that they are whole, and that damage is found before anything is believed."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import gevent
import pytest

from marge.actors import native
from marge.backup import read, write
from marge.backup.database import HISTORY, RECORDER
from marge.backup.errors import BackupDamaged, BackupMismatch, WrongPassword
from marge.storage import Database
from tests.backup.homes import about, ask, history, make_home, settings


def made(folder: Path, password: str | None = None, **facts: object) -> Path:
    config = make_home(folder)
    wanted = about(**facts)  # type: ignore[arg-type]
    write.write(config / "backups", config, config / "marge.db", wanted, password)
    return write.path_of(config / "backups", wanted.backup_id)


@pytest.mark.parametrize("password", [None, "a secret", "ö" * 200])
def test_what_people_made_is_in_it_and_comes_out_again(tmp_path: Path, password: str | None) -> None:
    """Links, logs, other backups and what can be had again are not."""
    path = made(tmp_path, password)
    (tmp_path / "out").mkdir()
    holding = read.extract(path, password, tmp_path / "out")

    assert set(holding.files) == {
        "configuration.yaml", "secrets.yaml", "www/logo.svg", "blueprints/automation/me/b.yaml",
        "www/" + "ä" * 100 + ".txt",
    }  # fmt: skip
    assert (tmp_path / "out/config/secrets.yaml").read_text() == "wifi: x\n"
    assert settings(tmp_path / "out/marge.db") == ['"then"'] and history(tmp_path / "out/marge.db") == ["then"]
    assert read.verify(path, password) == holding
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()].count("abc123.tar") == 1
    assert not list(path.parent.glob("abc123.[!t]*"))


def test_media_comes_along_when_asked_for(tmp_path: Path) -> None:
    """It is large."""
    assert "media/film.mp4" in read.verify(made(tmp_path, folders=("media",))).files


def test_without_the_history_the_settings_are_still_there(tmp_path: Path) -> None:
    """A home without its past, but with its users and rooms."""
    path = made(tmp_path, history=False)
    (tmp_path / "out").mkdir()
    read.extract(path, None, tmp_path / "out")

    assert settings(tmp_path / "out/marge.db") == ['"then"'] and history(tmp_path / "out/marge.db") == []


def test_each_table_is_history_or_settings_on_purpose(tmp_path: Path) -> None:
    """Who adds a table decides here whether it is a setting (not named) or belongs to the recorder."""
    with Database.open_sync(tmp_path / "marge.db"):
        pass
    tables = set(ask(tmp_path / "marge.db", "SELECT name FROM sqlite_master WHERE type = 'table'"))

    assert set(HISTORY) < set(RECORDER) <= tables
    assert tables - set(RECORDER) == {
        "key_value", "users", "credentials", "tokens", "linked_accounts", "totp", "schema_version"
    }  # fmt: skip


def test_a_backup_made_while_the_database_is_written_is_consistent(tmp_path: Path) -> None:
    """Each transaction is in it whole or not at all."""
    config = make_home(tmp_path)
    stopped: list[bool] = []

    def keep_writing() -> None:
        with closing(sqlite3.connect(config / "marge.db")) as writer:
            for number in range(10, 100_000):
                if stopped:
                    return
                with writer:
                    for which in (2, 3):
                        writer.execute("INSERT INTO states (entity, updated_us) VALUES (?, ?)", (which, number))

    writing = gevent.spawn(native.run, keep_writing)
    try:
        for number in range(3):
            native.run(write.write, config / "backups", config, config / "marge.db", about(f"n{number}"))
    finally:
        stopped.append(True)
        writing.join(60)

    for number in range(3):
        out = tmp_path / f"out{number}"
        out.mkdir()
        read.extract(write.path_of(config / "backups", f"n{number}"), None, out)
        assert len(history(out / "marge.db")) % 2 == 1


def test_a_wrong_password_is_told_from_damage(tmp_path: Path) -> None:
    """None at all is wrong, too."""
    path = made(tmp_path, "right")

    for wrong in ("wrong", "", None):
        with pytest.raises(WrongPassword):
            read.verify(path, wrong)
        with pytest.raises(WrongPassword):
            read.check_password(path, wrong)
    read.check_password(path, "right")


def test_a_protected_backup_can_be_opened_for_good(tmp_path: Path) -> None:
    """The copy needs no password."""
    path = made(tmp_path, "right")
    read.unsealed(path, "right", tmp_path / "open.tar", tmp_path / "content")

    assert read.verify(tmp_path / "open.tar").files == read.verify(path, "right").files


@pytest.mark.parametrize("password", [None, "right"])
def test_a_changed_or_missing_byte_is_found_wherever_it_is(tmp_path: Path, password: str | None) -> None:
    """In the contents every byte counts; a file that was cut off is not even listed."""
    path = made(tmp_path, password)
    whole = path.read_bytes()
    with tarfile.open(path) as archive:
        content = archive.getmembers()[1]
    broken = tmp_path / "broken.tar"
    for at in range(content.offset_data, content.offset_data + content.size, max(1, content.size // 7)):
        broken.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((BackupDamaged, WrongPassword)):
            read.verify(broken, password)
    for size in (0, 1, 511, 700, content.offset_data, content.offset_data + content.size - 1):
        broken.write_bytes(whole[:size])
        with pytest.raises(BackupDamaged):
            read.read_about(broken)


def test_a_damaged_database_inside_is_found(tmp_path: Path) -> None:
    """Also when all checksums are right."""
    config = make_home(tmp_path)
    data = bytearray((config / "marge.db").read_bytes())
    data[4096:4500] = bytes(404)
    database = tmp_path / "bad.db"
    database.write_bytes(data)
    write.write(config / "backups", config, None, about())
    path = write.path_of(config / "backups", "abc123")
    (tmp_path / "out").mkdir()
    assert not read.extract(path, None, tmp_path / "out").database
    from marge.backup.database import check_database

    for broken in (data, b"", b"no database at all" * 100):
        database.write_bytes(broken)
        with pytest.raises(BackupDamaged):
            check_database(database)
    with closing(sqlite3.connect(tmp_path / "code.db")) as code:
        code.execute("CREATE TABLE key_value (a)")
        code.execute("CREATE TABLE schema_version (a)")
        code.execute("CREATE TRIGGER t AFTER INSERT ON key_value BEGIN DELETE FROM schema_version; END")
    with pytest.raises(BackupDamaged, match="code"):
        check_database(tmp_path / "code.db")


def test_a_backup_of_a_newer_marge_says_so(tmp_path: Path) -> None:
    """It is not called damaged."""
    path = made(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 9'))

    with pytest.raises(BackupMismatch, match="newer"):
        read.read_about(path)


def test_only_backups_under_their_own_names_are_listed(tmp_path: Path) -> None:
    """A copy under another name would be the same backup twice."""
    path = made(tmp_path)
    path.with_name("copy.tar").write_bytes(path.read_bytes())
    path.with_name("nonsense.tar").write_bytes(b"x" * 5000)

    assert [found.backup_id for found, _ in read.listed(path.parent)] == ["abc123"]
