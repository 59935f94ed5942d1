"""Damaged files: what can be read of them lives on, at every level of damage."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from marge.actors import ActorSystem, ChildSpec, SimulatedClock
from marge.recorder import restore
from marge.storage import Database, KeyValue
from marge.storage.bulk import BulkInsert
from marge.storage.keeper import StorageKeeper
from marge.storage.models import AttributesRow, CurrentRow, EntityRow, StateRow
from tests.support.home import home_server
from tests.support.waiting import until

ENTITIES, ROWS = 60, 200
KEYS = {f"entity/{number}": {"name": "x" * 50} for number in range(300)}
PAGE = 4096


def fill(db: Any) -> None:
    """A home's history: `ENTITIES` entities with `ROWS` changes each."""
    e, a, s, c = EntityRow, AttributesRow, StateRow, CurrentRow
    names: list[Any] = [e.id, e.entity_id]
    BulkInsert(e, names).run(db, [(n, f"sensor.s{n}") for n in range(1, ENTITIES + 1)])
    sets: list[Any] = [a.id, a.hash, a.used_day, a.json]
    BulkInsert(a, sets).run(db, [(1, 1, 20_000, "{}")])
    columns: list[Any] = [s.entity, s.updated_us, s.state, s.attributes, s.context]
    rows = [(n, 1_000_000 + at, f"{at}" * 5, 1, b"c" * 16) for n in range(1, ENTITIES + 1) for at in range(ROWS)]
    BulkInsert(s, columns).run(db, rows)
    fields: list[Any] = [c.entity, c.state, c.attributes, c.changed_us, c.updated_us, c.reported_us, c.context]
    BulkInsert(c, fields).run(db, [(n, "last", 1, 1, 1, 1, b"c" * 16) for n in range(1, ENTITIES + 1)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "marge.db"
    database = Database(path)
    KeyValue(database).save_many(KEYS)
    database.run(fill)
    database.close()
    return path


def pages_of(path: Path, *tables: str) -> list[int]:
    """The pages that these tables live on, counted from 1, but for their roots."""
    with sqlite3.connect(path) as connection:
        marks = ",".join("?" * len(tables))
        text = f"SELECT rootpage FROM sqlite_master WHERE tbl_name IN ({marks})"
        roots = {row[0] for row in connection.execute(text, tables)}
        try:
            rows = connection.execute(f"SELECT pageno FROM dbstat WHERE name IN ({marks})", tables).fetchall()
            found = [row[0] for row in rows]
        except sqlite3.OperationalError:  # built without dbstat: the large table is the end of the file
            found = list(range(max(roots) + 20, path.stat().st_size // PAGE))
    connection.close()
    return sorted(set(found) - roots - {1})


def damage(path: Path, pages: list[int]) -> None:
    data = bytearray(path.read_bytes())
    for page in pages:
        data[(page - 1) * PAGE : page * PAGE] = random.Random(page).randbytes(PAGE)
    path.write_bytes(bytes(data))
    path.with_name(path.name + "-damaged").touch()  # as a start after a kill: it is checked


def salvaged(database: Database) -> dict[int, int]:
    """Rows of each entity, once all is brought over."""
    salvage = database.salvage
    assert salvage is not None
    while not database.run(salvage.step):
        pass

    def count(db: Any) -> dict[int, int]:
        return dict(db.execute_sql("SELECT entity, count(*) FROM states GROUP BY entity").fetchall())

    return database.run(count)


def test_damaged_history_costs_a_part_of_it_and_nothing_else(path: Path) -> None:
    """Settings, current states, and the past of the entities that were not hit, are there as before."""
    pages = pages_of(path, "states")
    damage(path, pages[len(pages) // 2 : len(pages) // 2 + 2])
    database = Database(path)

    assert database.moved_aside is not None and database.moved_aside.exists()
    assert KeyValue(database).load_all("entity/") == KEYS
    assert {state.state for state, _owner in restore(database).values()} == {"last"}
    counts = salvaged(database)
    assert sum(counts.values()) > ENTITIES * ROWS * 0.8
    assert sum(1 for count in counts.values() if count == ROWS) >= ENTITIES - 6
    database.close()
    again = Database(path)
    assert again.moved_aside is None and again.salvage is None
    again.close()


def test_damaged_settings_cost_the_hit_ones(path: Path) -> None:
    """The rest of them is there, the history whole; what is missing is said."""
    damage(path, pages_of(path, "key_value")[:1])
    database = Database(path)

    assert not database.rescued["key_value"].is_whole
    assert 0 < len(KeyValue(database).load_all("entity/")) < len(KEYS)
    assert salvaged(database) == dict.fromkeys(range(1, ENTITIES + 1), ROWS)
    database.close()


def test_a_salvage_goes_on_after_a_restart_and_gives_nobody_the_past_of_another(path: Path) -> None:
    """A new entity may get a number that was lost with the dictionary; the rows of that number stay behind."""
    damage(path, pages_of(path, "states")[-2:])
    database = Database(path)
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO entities (id, entity_id) VALUES (?, 'light.new')", (ENTITIES + 1,))
    connection.close()
    again = Database(path)
    assert again.moved_aside is None and again.salvage is not None
    assert again.salvage.highest["entity"] == ENTITIES
    assert ENTITIES + 1 not in salvaged(again)
    again.close()


def test_the_actor_brings_history_over_while_others_work(path: Path) -> None:
    """A few milliseconds at a time."""
    damage(path, pages_of(path, "states")[3:4])
    clock = SimulatedClock()
    database, system = Database(path), ActorSystem(clock)
    try:
        system.spawn(ChildSpec("storage", StorageKeeper, (database,)))
        clock.advance(10)
        salvage = database.salvage
        assert salvage is not None
        until(lambda: salvage.done)
        assert salvage.rows > ENTITIES * ROWS / 2
    finally:
        system.shutdown()
        database.close()


def test_damage_that_is_met_in_the_middle_of_work_is_mended_at_the_next_start(path: Path) -> None:
    """Until then it is told, and the file is marked."""
    database = Database(path)
    database.run(lambda db: db.execute_sql("PRAGMA cache_size = 0"))
    pages = pages_of(path, "states")
    data = bytearray(path.read_bytes())
    for page in pages:
        data[(page - 1) * PAGE : page * PAGE] = random.Random(page).randbytes(PAGE)
    path.write_bytes(bytes(data))
    with pytest.raises(Exception, match="malformed"):
        database.run(lambda db: db.execute_sql("SELECT sum(length(state)) FROM states").fetchall())
    assert "malformed" in str(database.damaged)
    database.close()

    again = Database(path)
    assert again.moved_aside is not None
    assert KeyValue(again).load_all("entity/") == KEYS
    again.close()


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_damaged_a_sound_database_comes_out(path: Path, seed: int) -> None:
    """Pages anywhere, the first one too, and a file that was cut: no error, and SQLite finds the new file intact."""
    chance = random.Random(seed)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for _ in range(chance.randint(1, 6)):
            file.seek(chance.randrange(size - 100))
            file.write(chance.randbytes(chance.randint(1, 9_000)))
        if seed % 5 == 0:
            file.truncate(chance.randrange(100, size))
    path.with_name(path.name + "-damaged").touch()

    database = Database(path)
    if database.salvage is not None:
        salvaged(database)
    found = database.run(lambda db: db.execute_sql("PRAGMA integrity_check").fetchall())
    assert found == [("ok",)] or database.moved_aside is None
    database.close()


def test_a_home_with_a_damaged_database_starts_and_says_so(tmp_path: Path) -> None:
    """As a repair notice, which names the file."""
    db_path = tmp_path / "home.db"
    db_path.write_bytes(b"no database at all, " * 500)
    with home_server(db_path=db_path) as server:
        issues = {issue.issue_id: issue for issue in server.home.registries.issues.all()}
        placeholders = issues["database_damaged"].translation_placeholders
        assert placeholders is not None
        assert placeholders["file"].startswith("home.db.damaged-") and "Nothing" in placeholders["lost"]
