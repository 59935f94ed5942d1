"""History at a real PostgreSQL server: written, read, purged, renamed; and nothing is lost while it is away."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import psycopg
import pytest

from marge.actors import ActorSystem, ChildSpec
from marge.entities import StateTable
from marge.errors import Unavailable
from marge.model import STATE_CHANGED, Context, Event, State
from marge.recorder import Flush, PurgeHistory, Recorder, RenameEntity, history, restore
from marge.recorder.journal import Journal
from marge.storage import Database
from marge.storage.errors import DatabaseTooNew
from marge.storage.models import AttributesRow, StateRow
from marge.storage.postgres import PostgresDatabase
from tests.support.postgres import PASSWORD, PostgresServer, postgres_server
from tests.support.waiting import until

DAY = 86_400.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as made:
        yield made


class Rig:
    """A recorder with its file, and its history at a server."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.system = ActorSystem()
        self.states = StateTable()
        self.file, self.past = Database(folder / "marge.db"), PostgresDatabase(url)
        options = {"history": self.past, "journal": Journal(folder / "waiting"), "commit_interval_s": 0.1}
        self.system.spawn(ChildSpec("recorder", Recorder, (self.file, self.states), options))

    def write(self, entity_id: str, value: str, at: float | None = None, **attributes: Any) -> None:
        at = self.system.clock.now() if at is None else at
        state = State(entity_id, value, attributes, at, at, at, Context.new())
        data = {"entity_id": entity_id, "old_state": None, "new_state": state}
        self.system.bus.publish(Event(STATE_CHANGED, data, Context.new(), at), key=entity_id)

    def flush(self) -> None:
        self.system.ask("/recorder", Flush(), timeout=30)

    def recorded(self, entity_id: str) -> list[str | None]:
        rows = history(self.past, entity_id, 0, 1e11)
        return [None if row is None else row.state for row in rows]

    def figures(self) -> dict[str, Any]:
        actor = self.system.actor("/recorder")
        assert isinstance(actor, Recorder)
        return actor.describe()

    def close(self) -> None:
        self.system.shutdown()
        self.past.close()
        self.file.close()


@pytest.fixture
def rig(server: PostgresServer, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, server.new_database())
    yield made
    made.close()


def test_history_is_at_the_server_and_current_states_in_the_file(rig: Rig) -> None:
    """Many changes go as a stream, few as statements; texts that only one of the databases can hold are no trouble."""
    rig.write("light.a", "on", at=1_000.5, name="ünï", odd="\x00")
    for number in range(100):
        rig.write("sensor.b", str(number), at=2_000.0 + number, unit="W")
    rig.write("sensor.odd", "a\x00b\ud800", at=3_000.0)
    rig.flush()

    assert rig.recorded("sensor.b") == [str(number) for number in range(100)]
    assert rig.recorded("sensor.odd") == ["a\ufffdb?"]
    (state,) = [each for each in history(rig.past, "light.a", 0, 1e11) if each is not None]
    assert (state.state, state.last_updated, state.attributes["name"]) == ("on", 1_000.5, "ünï")
    assert restore(rig.file)["sensor.b"][0].state == "99"
    assert rig.file.run(lambda db: StateRow.select().count(db)) == 0
    assert rig.figures()["unrecordable"] == 0


def test_a_change_that_is_written_again_is_there_once(rig: Rig) -> None:
    """As after a connection that broke in the moment of the commit."""
    for _ in range(2):
        for number in range(50):
            rig.write("sensor.b", str(number), at=2_000.0 + number * 60)
        rig.flush()
        before = rig.system.actor("/recorder")
        rig.system.kill("/recorder")  # the successor remembers nothing
        until(lambda: rig.system.actor("/recorder") not in (None, before))  # noqa: B023 - called at once

    assert len(rig.recorded("sensor.b")) == 50


def test_old_history_goes_and_names_change(rig: Rig) -> None:
    """Attribute sets that nobody uses any more go in both databases; a renamed entity takes its past along."""
    now = rig.system.clock.now()
    for number in range(30):
        rig.write("sensor.old", str(number), at=now - 20 * DAY + number, count=number)
    rig.write("sensor.old", "now", at=now)
    rig.write("sensor.new", "before", at=now - 5)
    rig.flush()

    rig.system.tell("/recorder", PurgeHistory(10))
    until(lambda: rig.recorded("sensor.old") == ["now"])
    for database in (rig.past, rig.file):
        until(lambda: database.run(lambda db: AttributesRow.select().count(db)) <= 2)  # noqa: B023 - called at once
    rig.system.ask("/recorder", RenameEntity("sensor.old", "sensor.new"))

    assert rig.recorded("sensor.new") == ["before", "now"] and rig.recorded("sensor.old") == []


def test_nothing_is_lost_while_the_server_is_away(rig: Rig, server: PostgresServer) -> None:
    """Twice, once killed: changes wait on the disk and come to the server when it is back, each once and in order."""
    written = 0

    def write_on(until_count: int) -> None:
        nonlocal written
        while written < until_count:
            for _ in range(20):
                rig.write(f"sensor.s{written % 7}", str(written), even=written % 2 == 0)
                written += 1
            gevent.sleep(0.005)

    write_on(1_000)
    for how in (signal.SIGINT, signal.SIGQUIT):
        server.stop(how)
        try:
            write_on(written + 2_000)
            until(lambda: rig.figures()["journal_files"] > 0)
            with pytest.raises(Unavailable):
                rig.flush()
            until(lambda: restore(rig.file)[f"sensor.s{(written - 1) % 7}"][0].state == str(written - 1))
        finally:
            server.start()
        write_on(written + 1_000)
        until(lambda: rig.figures()["journal_files"] == 0 and not rig.figures()["failures_in_a_row"])
    rig.flush()

    found = [int(state or "") for number in range(7) for state in rig.recorded(f"sensor.s{number}")]
    assert sorted(found) == list(range(written))
    assert rig.recorded("sensor.s3") == [str(number) for number in range(written) if number % 7 == 3]
    assert rig.figures()["shed"] == 0


def test_a_quiet_house_notices_that_its_server_is_back(rig: Rig, server: PostgresServer) -> None:
    """Nothing happens any more that would have to be written."""
    server.stop()
    try:
        rig.write("light.a", "on")
        until(lambda: rig.figures()["journal_files"] == 1)
    finally:
        server.start()

    until(lambda: rig.figures()["journal_files"] == 0 and not rig.figures()["failures_in_a_row"])
    assert rig.recorded("light.a") == ["on"]


def test_what_waits_when_the_house_stops_is_written_at_its_next_start(
    server: PostgresServer, tmp_path: Path
) -> None:
    """The server came back meanwhile."""
    url = server.new_database()
    first = Rig(tmp_path, url)
    first.write("light.a", "1")
    first.flush()
    server.stop()
    try:
        first.write("light.a", "2")
        first.close()
    finally:
        server.start()
    second = Rig(tmp_path, url)
    try:
        until(lambda: second.recorded("light.a") == ["1", "2"])
        until(lambda: second.figures()["journal_files"] == 0)
    finally:
        second.close()


def test_a_house_starts_without_its_server_and_does_not_tell_the_password(tmp_path: Path) -> None:
    """Nobody listens there; the reason is shown, the changes wait."""
    rig = Rig(tmp_path, f"postgresql://marge:{PASSWORD}@127.0.0.1:1/none")
    try:
        rig.write("light.a", "on")
        until(lambda: rig.figures()["journal_files"] == 1)
        described = rig.figures()
        assert "refused" in described["last_error"]
        assert PASSWORD not in str(described)
    finally:
        rig.close()


def test_tables_of_a_newer_marge_are_left_alone(server: PostgresServer) -> None:
    """And one that nobody else has made is made by the first of two that come at once."""
    url = server.new_database()
    both = [PostgresDatabase(url) for _ in range(2)]
    tables = [each.submit(lambda db: len(db.get_tables())) for each in both]
    assert [each.get() for each in tables] == [10, 10]
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO schema_version VALUES (999, 'of tomorrow', 0)")

    later = PostgresDatabase(url)
    with pytest.raises(DatabaseTooNew):
        later.run(lambda db: db.get_tables())
    for each in (*both, later):
        each.close()
