"""The database opens whatever it finds, or says clearly why not."""

import os
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from marge.storage import Database, DatabaseCorrupt, DatabaseTooNew, DatabaseUnusable, KeyValue
from marge.storage.migrate import find
from marge.storage.models import KeyValueRow


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "marge.db"


def keys(database):
    return sorted(database.run(lambda db: [row[0] for row in KeyValueRow.select(KeyValueRow.key).tuples().execute(db)]))


def test_new_database_has_the_settings_it_needs(path):
    """WAL, synchronous NORMAL, foreign keys on, a busy time-out; private to its owner; at the newest schema version."""
    database = Database(path)
    pragmas = database.run(
        lambda db: [
            db.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "auto_vacuum")
        ]
    )
    version = database.run(lambda db: db.execute_sql("SELECT max(version) FROM schema_version").fetchone()[0])
    database.close()
    assert pragmas == ["wal", 1, 1, 5000, 2]
    assert version == len(find())
    assert path.stat().st_mode & 0o077 == 0


def test_a_failed_function_changes_nothing(path):
    """Each function is a transaction: when it raises, nothing of it stays."""
    database = Database(path)

    def half(db):
        KeyValueRow.insert(key="a", value="1").execute(db)
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        database.run(half)
    assert keys(database) == []
    database.close()


def test_what_was_saved_is_there_after_reopening(path):
    """A clean close leaves one file, which holds everything."""
    database = Database(path)
    KeyValue(database).save("a", {"x": 1})
    database.close()
    assert os.listdir(path.parent) == ["marge.db"]
    again = Database(path)
    assert KeyValue(again).load("a") == {"x": 1}
    assert again.moved_aside is None
    again.close()


@pytest.mark.parametrize("content", [b"this is not a database, but text that is long enough" * 20, os.urandom(8192)])
def test_a_file_that_is_no_database_is_moved_aside(path, content):
    """Garbage in place of the database: it is kept under another name, and the server starts with an empty one."""
    path.parent.mkdir()
    path.write_bytes(content)
    database = Database(path)
    assert keys(database) == []
    assert database.moved_aside is not None
    assert database.moved_aside.read_bytes() == content
    database.close()


def test_damage_found_after_a_kill_is_moved_aside(path):
    """A file damaged inside, with a journal left by a kill, is found by the check, not by the first reader."""
    path.parent.mkdir()
    child = textwrap.dedent(f"""
        from gevent import monkey; monkey.patch_all()
        import os
        from marge.storage import Database, KeyValue
        database = Database({str(path)!r})
        store = KeyValue(database)
        store.save_many({{f"key/{{n}}": "x" * 200 for n in range(2000)}})
        database.run(lambda db: None)
        os._exit(9)
    """)
    subprocess.run([sys.executable, "-c", child], check=False)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO key_value (key, value) VALUES ('last', '1')")
        connection.commit()
        journal = path.with_name("marge.db-wal").read_bytes()
    connection.close()
    data = bytearray(path.read_bytes())
    data[8192:40960] = os.urandom(32768)
    path.write_bytes(bytes(data))
    path.with_name("marge.db-wal").write_bytes(journal)
    database = Database(path)
    assert database.moved_aside is not None
    found = keys(database)
    assert 0 < len(found) < 2_002 and set(found) - {"storage/salvage"} <= {f"key/{n}" for n in range(2_000)} | {"last"}
    database.close()


def test_a_newer_database_is_refused_and_untouched(path):
    """A database of a newer Marge is not opened, and not changed."""
    Database(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO schema_version VALUES (9999, 'from_the_future', 0)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="9999"):
        Database(path)
    with pytest.raises(DatabaseTooNew), Database.open_sync(path):
        pass
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_a_clear_error(path):
    """What cannot be opened is not moved aside: it is named."""
    path.mkdir(parents=True)
    with pytest.raises(DatabaseUnusable, match="marge.db"):
        Database(path)


def test_cli_writes_while_the_server_runs(path):
    """`open_sync` in another process writes beside the open server, which sees it at once."""
    database = Database(path)
    child = textwrap.dedent(f"""
        from marge.storage import Database
        from marge.storage.models import KeyValueRow
        with Database.open_sync({str(path)!r}) as db:
            KeyValueRow.insert(key="from the cli", value="1").execute(db)
    """)
    subprocess.run([sys.executable, "-c", child], check=True)
    assert keys(database) == ["from the cli"]
    database.close()


def test_cli_does_not_move_a_damaged_file(path):
    """`open_sync` reports damage and leaves the file where it is."""
    path.parent.mkdir()
    path.write_bytes(b"garbage " * 1000)
    with pytest.raises(DatabaseCorrupt), Database.open_sync(path):
        pass
    assert path.read_bytes() == b"garbage " * 1000
