"""A disk without room, and a database that is written while it is copied."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tracemalloc
from collections import namedtuple
from contextlib import closing
from pathlib import Path
from typing import Any

import gevent
import pyrage
import pytest

from marge.actors import native
from marge.backup import read, write
from marge.backup.errors import NoRoom
from marge.backup.meter import Meter
from marge.storage import Database
from tests.backup.homes import about, ask, make_home
from tests.support.holding import HELD_S, holds

MB = 1 << 20
KEY = pyrage.x25519.Identity.generate()

CHILD = """
import json, resource, sqlite3, sys
from pathlib import Path
from marge.backup import write
from marge.backup.errors import BackupError
from tests.backup.homes import about
config, limit, password = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] or None
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    write.write(config / "backups", config, config / "marge.db", about(), password)
    print(json.dumps(None))
except (BackupError, sqlite3.Error) as exc:
    print(json.dumps(str(exc)))
"""


@pytest.mark.parametrize(("limit", "password"), [(30_000, ""), (1 * MB, ""), (1 * MB, "right")])
def test_a_disk_that_gets_full_leaves_no_half_backup(tmp_path: Path, limit: int, password: str) -> None:
    """Whether in the middle of the database's copy or of the contents; it says which disk, and what to do."""
    config = make_home(tmp_path)
    (config / "www/noise.bin").write_bytes(os.urandom(3 * MB))
    before = {each.name for each in (config / "backups").iterdir()}
    arguments = [sys.executable, "-c", CHILD, str(config), str(limit), password]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=60)
    problem = json.loads(done.stdout)
    assert problem is not None
    if limit >= MB:  # SQLite says of this kind of full disk no more than that it could not write
        assert "is full" in problem and str(config / "backups") in problem and "remove old backups" in problem
    assert {each.name for each in (config / "backups").iterdir()} == before


def test_what_will_not_fit_is_not_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The recorder needs the room that is left; it says how much is missing."""
    config = make_home(tmp_path)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(write.shutil, "disk_usage", lambda _folder: usage(10 << 30, 10 << 30, 20 * MB))
    with pytest.raises(NoRoom, match="21 MB are free"):
        write.write(config / "backups", config, config / "marge.db", about())
    assert [each.name for each in (config / "backups").iterdir()] == ["old.tar"]


def test_it_stops_when_others_fill_the_disk_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before nothing is left for them."""
    config = make_home(tmp_path)
    (config / "www/large.bin").write_bytes(bytes(40 * MB))
    usage = namedtuple("usage", "total used free")
    meter = Meter()
    monkeypatch.setattr(
        write.shutil, "disk_usage",
        lambda _folder: usage(10 << 30, 0, 9 << 30) if meter.done < 20 * MB else usage(10 << 30, 10 << 30, MB),
    )  # fmt: skip
    with pytest.raises(NoRoom):
        write.write(config / "backups", config, config / "marge.db", about(), meter=meter)
    assert [each.name for each in (config / "backups").iterdir()] == ["old.tar"]


def test_a_backup_while_thousands_of_changes_are_written_is_of_one_moment(tmp_path: Path) -> None:
    """What is written together is there together; the hub is not held, and writing goes on."""
    config = make_home(tmp_path)
    (config / "www/large.bin").write_bytes(os.urandom(8 * MB))
    database = Database(config / "marge.db")
    database.run(lambda db: db.execute_sql("INSERT INTO entities (id, entity_id) VALUES (2, 'light.b')"))
    written = 0
    stopped = False

    def batch(db: object) -> None:
        rows = ", ".join(f"({entity}, {at}, 'x')" for at in range(written, written + 500) for entity in (1, 2))
        db.execute_sql(f"INSERT INTO states (entity, updated_us, state) VALUES {rows}")  # type: ignore[attr-defined]

    def work() -> None:
        nonlocal written
        written = 10
        while not stopped:
            database.run(batch)
            written += 500

    worker = gevent.spawn(work)
    try:
        gevent.sleep(0.05)
        before = written
        with holds() as found:
            native.run(write.write, config / "backups", config, config / "marge.db", about(), "right")
        assert max(found) < HELD_S and written > before
    finally:
        stopped = True
        worker.join()
        database.close()
    (tmp_path / "out").mkdir()
    read.extract(write.path_of(config / "backups", "abc123"), "right", tmp_path / "out")
    counts = ask(tmp_path / "out/marge.db", "SELECT count(*) FROM states WHERE updated_us >= 10 GROUP BY entity")
    assert len(counts) == 2 and counts[0] == counts[1] and int(counts[0]) % 500 == 0
    with closing(sqlite3.connect(config / "marge.db")) as living:
        assert living.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("locks", [{}, {"password": "right"}, {"recipients": [str(KEY.to_public())]}])
def test_a_large_home_needs_no_large_memory(tmp_path: Path, locks: dict[str, Any]) -> None:
    """Neither to make a backup nor to read it, however it is sealed."""
    config = make_home(tmp_path)
    (config / "www/large.bin").write_bytes(bytes(24 * MB))
    tracemalloc.start()
    try:
        write.write(config / "backups", config, config / "marge.db", about(), **locks)
        (tmp_path / "out").mkdir()
        secret = locks.get("password") or str(KEY)
        holding = read.extract(write.path_of(config / "backups", "abc123"), secret, tmp_path / "out")
        assert holding.unpacked > 24 * MB and tracemalloc.get_traced_memory()[1] < 8 * MB
    finally:
        tracemalloc.stop()
