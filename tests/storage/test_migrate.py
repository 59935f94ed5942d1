"""Migrations: in order, each whole or not at all, with a copy made before."""

import sqlite3
from types import SimpleNamespace

import pytest

from marge.storage import copies
from marge.storage.connect import connect
from marge.storage.errors import DatabaseUnusable
from marge.storage.migrate import Migration, find, migrate, schema_version


def steps(*functions):
    return [Migration(n, f"{n:04d}_step", function) for n, function in enumerate(functions, 1)]


def make(db):
    db.execute_sql("CREATE TABLE a (x INTEGER)")


def extend(db):
    db.execute_sql("ALTER TABLE a ADD COLUMN y INTEGER")


def fail(db):
    db.execute_sql("ALTER TABLE a ADD COLUMN z INTEGER")
    raise ValueError("broken step")


def test_files_are_found_in_order():
    """The package's migrations are numbered without gaps, beginning with 1."""
    found = find()
    assert [each.version for each in found] == list(range(1, len(found) + 1))
    assert found[0].name == "0001_initial"


def test_new_database_gets_all_steps_without_a_copy(tmp_path):
    """There is nothing to copy before the first migration."""
    path = tmp_path / "a.db"
    db = connect(path)
    assert migrate(db, path, steps(make, extend)) is None
    assert schema_version(db) == 2
    db.close()


def test_a_copy_is_made_before_an_existing_database_is_migrated(tmp_path):
    """The copy has the old version and the old rows; the database the new one."""
    path = tmp_path / "a.db"
    db = connect(path)
    migrate(db, path, steps(make))
    db.execute_sql("INSERT INTO a VALUES (5)")
    saved = migrate(db, path, steps(make, extend))
    assert saved is not None
    assert schema_version(db) == 2
    assert migrate(db, path, steps(make, extend)) is None
    db.close()
    with sqlite3.connect(saved) as copy:
        assert copy.execute("SELECT * FROM a").fetchall() == [(5,)]
        assert copy.execute("SELECT max(version) FROM schema_version").fetchone() == (1,)
    copy.close()


def test_a_failed_step_is_undone_and_named(tmp_path):
    """After a failed migration the database is as before it, and the error names the step and the copy."""
    path = tmp_path / "a.db"
    db = connect(path)
    migrate(db, path, steps(make))
    with pytest.raises(DatabaseUnusable, match=r"0003_step.*broken step.*\.bak"):
        migrate(db, path, steps(make, extend, fail))
    assert schema_version(db) == 2
    assert [each.name for each in db.get_columns("a")] == ["x", "y"]
    db.close()


def test_old_copies_are_removed(tmp_path):
    """Only the newest copies are kept."""
    path = tmp_path / "a.db"
    db = connect(path)
    all_steps = steps(make, *[lambda db: None] * 6)
    for count in range(1, 8):
        migrate(db, path, all_steps[:count])
    db.close()
    assert len(list(tmp_path.glob("*.bak"))) == copies.KEPT
    assert not list(tmp_path.glob("*.part"))


def full_size(path, steps_of):
    db = connect(path)
    migrate(db, path, steps_of[:-1])
    with db.atomic():
        db.execute_sql("INSERT INTO key_value (key, value) VALUES ('a', '1')")
        db.execute_sql("INSERT INTO entities (id, entity_id) VALUES (1, 'light.a')")
        db.execute_sql("INSERT INTO states (entity, updated_us, state) VALUES (1, 5, 'on')")
    return db


def counted(path, table):
    with sqlite3.connect(path) as copy:
        found = copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    copy.close()
    return found


@pytest.mark.parametrize("reason", ["large", "no room"])
def test_a_large_file_is_copied_without_its_history(tmp_path, monkeypatch, reason):
    """Else the house would wait for minutes, or not start at all for want of room; the copy is a database of Marge."""
    path = tmp_path / "a.db"
    all_steps = [*find(), Migration(len(find()) + 1, "more", lambda db: db.execute_sql("CREATE TABLE b (x INTEGER)"))]
    db = full_size(path, all_steps)
    if reason == "large":
        monkeypatch.setattr(copies, "WHOLE_UP_TO", 10)
    else:
        monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000))
    saved = migrate(db, path, all_steps)
    assert saved is not None
    db.close()
    assert [counted(saved, table) for table in ("key_value", "entities", "states")] == [1, 1, 0]
    assert [counted(path, table) for table in ("key_value", "entities", "states")] == [1, 1, 1]

    copy = connect(saved)
    assert schema_version(copy) == len(find())
    assert migrate(copy, saved) is None
    copy.close()
