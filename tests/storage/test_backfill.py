"""What migrations leave for later: filled in beside everything else, once each, also over kills; in both databases."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gevent
import psycopg
import pytest

from marge.actors import ActorSystem, ChildSpec, SimulatedClock
from marge.entities import StateTable
from marge.model import STATE_CHANGED, Context, Event, State
from marge.recorder import Flush, Recorder, history
from marge.storage import Database, backfill
from marge.storage.backfill import Filled
from marge.storage.connect import connect
from marge.storage.keeper import StorageKeeper
from marge.storage.migrate import find, migrate
from marge.storage.postgres import PostgresDatabase
from tests.storage.filling import file_steps, server_steps
from tests.support.postgres import PostgresServer, postgres_server
from tests.support.waiting import until

PATIENCE_S = 60.0
ENTITIES, ROWS = 100, 60
BEGIN = 1_790_000_000
COUNTS = "SELECT count(*), count(filled), coalesce(sum(filled), 0) FROM states"
WHOLE = (ENTITIES * ROWS,) * 3
STATES = [
    (entity, (BEGIN + number) * 1_000_000, str(number)) for entity in range(1, ENTITIES + 1) for number in range(ROWS)
]
NAMES = [(entity, f"sensor.s{entity}") for entity in range(1, ENTITIES + 1)]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as made:
        yield made


@pytest.fixture(autouse=True)
def one_bite_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a small history is filled before anybody has looked."""
    monkeypatch.setattr(backfill, "STEP_S", 0.0)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """The database of the very first schema, with a history."""
    path = tmp_path / "marge.db"
    db = connect(path)
    migrate(db, path, find()[:1])
    with db.atomic():
        db.connection().executemany("INSERT INTO entities (id, entity_id) VALUES (?, ?)", NAMES)
        text = "INSERT INTO states (entity, updated_us, state, attributes) VALUES (?, ?, ?, 1)"
        db.connection().executemany(text, STATES)
        db.execute_sql("INSERT INTO attribute_sets (id, hash, used_day, json) VALUES (1, 1, 20000, '{}')")
    db.close()
    return path


@pytest.fixture
def old_server(server: PostgresServer) -> str:
    """A server's tables of today, with a history."""
    url = server.new_database()
    database = PostgresDatabase(url)
    database.run(lambda db: db.get_tables())
    database.close()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO entities (id, entity_id) VALUES (%s, %s)", NAMES)
        cursor.executemany("INSERT INTO states (entity, updated_us, state) VALUES (%s, %s, %s)", STATES)
    return url


def counts(db: Any) -> tuple[int, ...]:
    """Rows, those that are filled, and how often in all."""
    return tuple(int(each) for each in db.execute_sql(COUNTS).fetchone())


@contextmanager
def kept(database: Database, *, more: Any = None) -> Iterator[tuple[StorageKeeper, SimulatedClock, ActorSystem]]:
    clock = SimulatedClock()
    system = ActorSystem(clock)
    try:
        system.spawn(ChildSpec("storage", StorageKeeper, (database, more)))
        keeper = system.actor("/storage")
        assert isinstance(keeper, StorageKeeper)
        yield keeper, clock, system
    finally:
        system.shutdown()


def ahead(clock: SimulatedClock, condition: Callable[[], Any]) -> None:
    """Let time pass until it holds."""

    def holds() -> Any:
        clock.advance(1)
        return condition()

    until(holds, PATIENCE_S)


def test_an_old_file_is_filled_in_while_its_history_is_read_and_written(old_file: Path) -> None:
    """The start makes the column and no more; the copy made before is of the old version. All rows are filled once."""
    database = Database(old_file, steps=file_steps())
    assert database.run(counts) == (ENTITIES * ROWS, 0, 0)
    with kept(database) as (keeper, clock, system):
        until(lambda: keeper.filling() is not None, PATIENCE_S)
        system.spawn(ChildSpec("recorder", Recorder, (database, StateTable()), {"history_days": 0}))
        seen = []

        def work() -> bool:
            progress = keeper.filling()
            seen.append(0.0 if progress is None else progress["share"])
            now = BEGIN + 1_000 + len(seen)
            state = State("light.new", str(len(seen)), {}, now, now, now, Context.new())
            data = {"entity_id": state.entity_id, "old_state": None, "new_state": state}
            system.bus.publish(Event(STATE_CHANGED, data, Context.new(), now), key=state.entity_id)
            system.ask("/recorder", Flush(), timeout=PATIENCE_S)
            assert len(history(database, "sensor.s7", 0, 1e11)) == ROWS
            return progress is None

        ahead(clock, work)
        shares = [each for each in seen[:-1] if each is not None]
        assert len(shares) > 20 and shares == sorted(shares)
        assert len(history(database, "light.new", 0, 1e11)) == len(seen)
    text = "SELECT min(filled), max(filled) FROM states WHERE entity <= 100"
    assert database.run(lambda db: db.execute_sql(text).fetchone()) == (1, 1)
    database.close()
    (copy,) = old_file.parent.glob("*.v0001-*.bak")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM states").fetchone() == (ENTITIES * ROWS,)
    connection.close()


def test_a_new_file_has_nothing_to_fill(tmp_path: Path) -> None:
    """Its rows are of the newest kind from the first."""
    database = Database(tmp_path / "new.db", steps=file_steps(fails))
    with kept(database) as (keeper, clock, _system):
        clock.advance(60)
        database.run(lambda db: None)  # after all that the keeper has asked
        assert keeper.describe()["backfill"] is None
    database.close()


def fails(db: Any, position: Any) -> Filled:
    raise RuntimeError("no luck")


def test_a_backfill_that_fails_holds_nobody_up_and_is_tried_again(old_file: Path) -> None:
    """Its steps are undone whole; the reason is shown; the next release mends it."""
    database = Database(old_file, steps=file_steps(fails))
    with kept(database) as (keeper, clock, _system):
        ahead(clock, lambda: (keeper.filling() or {}).get("problem") == "no luck")
        assert len(history(database, "sensor.s1", 0, 1e11)) == ROWS
    database.close()

    database = Database(old_file, steps=file_steps())
    with kept(database) as (keeper, clock, _system):
        until(lambda: keeper.filling() is not None, PATIENCE_S)
        ahead(clock, lambda: keeper.filling() is None)
    assert database.run(counts) == WHOLE
    database.close()


def test_what_is_brought_over_from_a_damaged_file_is_filled_too(old_file: Path) -> None:
    """Its rows are of an older schema than the fresh file that they come into."""
    Database(old_file, steps=file_steps()).close()
    pages = _last_pages(old_file)
    data = bytearray(old_file.read_bytes())
    for page in pages:
        data[(page - 1) * 4096 : page * 4096] = os.urandom(4096)
    old_file.write_bytes(data)
    old_file.with_name(old_file.name + "-damaged").touch()
    database = Database(old_file, steps=file_steps())
    assert database.salvage is not None
    with kept(database) as (keeper, clock, _system):
        ahead(clock, lambda: database.salvage is None or database.salvage.done)
        ahead(clock, lambda: _all_filled(database))
        ahead(clock, lambda: keeper.filling() is None)
    database.close()


def _last_pages(path: Path) -> list[int]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = 'states' AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 2"
        ).fetchall()
    connection.close()
    return [row[0] for row in found]


def _all_filled(database: Database) -> bool:
    rows, filled, times = database.run(counts)
    return 0 < rows == filled == times


def run_and_kill(arguments: list[str], read: Callable[[], int], enough: int) -> None:
    """Have a process fill until `read()` says enough, and kill it."""
    child = subprocess.Popen([sys.executable, "-m", "tests.storage.filling", *arguments], stderr=subprocess.PIPE)
    assert child.stderr is not None
    try:
        deadline = time.monotonic() + PATIENCE_S
        while read() < enough:
            assert child.poll() is None, child.stderr.read()
            assert time.monotonic() < deadline, "nothing is filled"
            gevent.sleep(0.001)
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def test_it_goes_on_after_kills_in_a_file(old_file: Path) -> None:
    """Where it stopped: no row is left out and none is filled twice."""
    Database(old_file, steps=file_steps()).close()

    def done() -> int:
        with sqlite3.connect(old_file, timeout=30) as connection:
            found = connection.execute("SELECT rows_done FROM backfills").fetchone()
        connection.close()
        return int(found[0])

    for enough in (1, 1_000, 2_500):
        run_and_kill([str(old_file)], done, enough)
    run_and_kill([str(old_file)], done, ENTITIES * ROWS)
    database = Database(old_file, steps=file_steps())
    assert database.moved_aside is None and database.run(counts) == WHOLE
    database.close()


def test_it_goes_on_after_kills_at_a_server(old_server: str, tmp_path: Path) -> None:
    """Likewise, also with two Marges at one server; and readers see all rows meanwhile."""
    database = PostgresDatabase(old_server, steps=server_steps())

    def done() -> int:
        assert len(history(database, "sensor.s9", 0, 1e11)) == ROWS
        return int(database.run(lambda db: db.execute_sql("SELECT rows_done FROM backfills").fetchone())[0])

    for number, enough in enumerate((1, 1_000)):
        run_and_kill([str(tmp_path / f"{number}.db"), old_server], done, enough)
    other = subprocess.Popen([sys.executable, "-m", "tests.storage.filling", str(tmp_path / "2.db"), old_server])
    try:
        run_and_kill([str(tmp_path / "3.db"), old_server], done, ENTITIES * ROWS)
    finally:
        other.kill()
        other.wait()
    assert database.run(counts) == WHOLE
    database.close()


def test_a_server_that_is_away_is_waited_for(server: PostgresServer, old_server: str, tmp_path: Path) -> None:
    """What is to be filled there is filled once it is back."""
    file = Database(tmp_path / "marge.db")
    past = PostgresDatabase(old_server, steps=server_steps())
    server.stop()
    try:
        with kept(file, more=past) as (keeper, clock, _system):
            until(lambda: past.failures > 0, PATIENCE_S)
            assert keeper.filling() is None
            server.start()
            ahead(clock, lambda: keeper.filling() is not None)
            ahead(clock, lambda: keeper.filling() is None)
            assert past.run(counts) == WHOLE
    finally:
        server.start()
        past.close()
        file.close()
