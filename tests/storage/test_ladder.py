"""The first step of recovery: a journal that a kill or a power cut left is read back. The others: `test_salvage`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from marge.storage import Database, KeyValue

COUNT = 50


def left_by_a_kill(tmp_path: Path) -> Path:
    """The files of a database in use, as they lie on the disk at some moment: half of it is in the journal only."""
    living = Database(tmp_path / "living.db")
    store = KeyValue(living)
    for number in range(COUNT):
        store.save(f"thing/{number:03}", {"text": "x" * 500})
    path = tmp_path / "left" / "marge.db"
    path.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{living.path}{suffix}", f"{path}{suffix}")
    living.close()
    return path


def things(database: Database) -> list[str]:
    return sorted(KeyValue(database).load_all("thing/"))


def test_what_is_in_the_journal_only_is_there_again(tmp_path: Path) -> None:
    """Nothing that was committed is lost, and nothing is moved aside."""
    database = Database(left_by_a_kill(tmp_path))
    assert len(things(database)) == COUNT and database.moved_aside is None
    database.close()


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.7, 0.99])
def test_a_journal_that_was_cut_costs_the_last_commits_only(tmp_path: Path, kept: float) -> None:
    """A power cut in the middle of a write: the first so many are there, and the file is intact."""
    path = left_by_a_kill(tmp_path)
    journal = path.with_name("marge.db-wal")
    with journal.open("r+b") as file:
        file.truncate(int(journal.stat().st_size * kept))
    database = Database(path)
    found = things(database)
    assert found == [f"thing/{number:03}" for number in range(len(found))] and len(found) < COUNT
    assert (len(found) > 0) == (kept > 0.2) and database.moved_aside is None
    assert database.run(lambda db: db.execute_sql("PRAGMA integrity_check").fetchall()) == [("ok",)]
    database.close()


@pytest.mark.parametrize("place", [0.0, 0.5])
def test_noise_in_the_journal_is_not_taken_for_commits(tmp_path: Path, place: float) -> None:
    """Its checksums end it there."""
    path = left_by_a_kill(tmp_path)
    journal = path.with_name("marge.db-wal")
    with journal.open("r+b") as file:
        file.seek(int(journal.stat().st_size * place))
        file.write(b"\xff" * 6000)
    database = Database(path)
    found = things(database)
    assert found == [f"thing/{number:03}" for number in range(len(found))] and database.moved_aside is None
    assert (len(found) > 0) == (place > 0)
    database.close()
