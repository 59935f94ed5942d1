"""The recorder's actor on a real database."""

import sqlite3

import gevent
import peewee
import pytest

from marge.errors import Unavailable
from marge.model import Context, State
from marge.recorder import PurgeHistory, history, restore
from marge.storage.models import AttributesRow, CurrentRow, StateRow
from tests.recorder.support import T0, Rig
from tests.support.waiting import until


def count(rig, model):
    return rig.database.run(lambda db: model.select().count(db))


def recorded(rig, entity_id, start, end):
    """The states in the history; None for a removal."""
    return [None if row is None else row.state for row in history(rig.database, entity_id, start, end)]


def test_states_come_back_as_they_were(rig, tmp_path):
    """State, attributes, all times, the whole context and the owner survive; so does the order of creation."""
    context = Context("01M7WZCR36YPACYMHZCKS2EG8K", "not an ulid", "user1")
    attributes = {"brightness": 3, "list": [1, {"a": None}], "ünï": "cödé"}
    first = State("light.b", "on", attributes, T0 + 0.123456, T0 + 1.654321, T0 + 2.5, context)
    second = State("light.a", "off", {}, T0, T0, T0, Context.new())
    rig.states._set_owner("light.b", "mqtt")
    rig.publish(first)
    rig.publish(second)
    rig.flush()
    found = restore(rig.database)
    assert list(found) == ["light.b", "light.a"]
    state, owner = found["light.b"]
    assert owner == "mqtt"
    assert found["light.a"] == (second, None)
    assert state.as_dict() == first.as_dict()
    assert state.context.parent_id == "not an ulid"
    assert state.context.user_id == "user1"


def test_commits_after_the_interval(rig):
    """What happened is committed one interval later without anybody asking."""
    rig.write("sensor.a", "1")
    assert count(rig, StateRow) == 0
    rig.clock.advance(1.01)
    until(lambda: count(rig, StateRow) == 1)


def test_history_is_in_order_with_times(rig):
    """Each change is a row; a window of time cuts it; a removal is a None."""
    for n in range(5):
        rig.write("sensor.a", str(n), at=T0 + n)
    rig.write("sensor.b", "x", at=T0 + 1)
    rig.clock.advance(10)
    rig.publish(None, "sensor.a")
    rig.flush()
    rows = history(rig.database, "sensor.a", T0 + 1, T0 + 3)
    assert [(row.state, row.last_updated) for row in rows if row is not None] == [("1", T0 + 1), ("2", T0 + 2)]
    assert recorded(rig, "sensor.a", T0 - 1, T0 + 100) == ["0", "1", "2", "3", "4", None]
    assert history(rig.database, "sensor.unknown", T0, T0 + 1) == []


def test_changes_in_the_same_microsecond_are_all_kept(rig):
    """Several changes of an entity at one moment (a simulated clock stands still) lose none and keep their order."""
    for n in range(20):
        rig.write("sensor.a", str(n), at=T0)
        if n == 7:
            rig.flush()
    rig.flush()
    assert recorded(rig, "sensor.a", T0, T0 + 1) == [str(n) for n in range(20)]


def test_removed_entities_are_not_restored(rig):
    """A removed entity does not come back; one that was added again does."""
    rig.write("sensor.a", "1")
    rig.write("sensor.b", "1")
    rig.flush()
    rig.publish(None, "sensor.a")
    rig.publish(None, "sensor.b")
    rig.write("sensor.b", "2")
    rig.flush()
    assert {name: state.state for name, (state, _) in restore(rig.database).items()} == {"sensor.b": "2"}


def test_equal_attributes_are_stored_once(rig):
    """Two hundred states with the same attributes share one row, across a restart too."""
    for n in range(100):
        rig.write(f"sensor.s{n}", "1", unit="°C", friendly_name="x")
    rig.flush()
    rig.close()
    again = Rig(rig.path)
    for n in range(100):
        again.write(f"sensor.s{n}", "2", unit="°C", friendly_name="x")
    again.flush()
    assert count(again, AttributesRow) == 1
    assert count(again, CurrentRow) == 100
    again.close()


def test_hostile_values_are_recorded_as_well_as_can_be(rig):
    """What has no JSON form or no UTF-8 form does not keep the rest from being recorded."""
    rig.write("sensor.a", "lone \ud800 surrogate", text="\udfff", odd=object(), nul="a\0b")
    rig.write("sensor.b", "fine")
    rig.flush()
    found = restore(rig.database)
    assert found["sensor.a"][0].state == "lone ? surrogate"
    assert found["sensor.a"][0].attributes["text"] == "?"
    assert found["sensor.a"][0].attributes["nul"] == "a\0b"
    assert found["sensor.b"][0].state == "fine"


def test_one_unwritable_state_is_left_out_and_counted(rig):
    """A state that no column can hold is found, named and left out; those around it are recorded."""
    for n in range(10):
        rig.write("sensor.good", str(n), at=T0 + n)
    rig.write("sensor.bad", "x", at=1e30)
    rig.write("sensor.other", "y")
    rig.flush()
    assert rig.recorder.describe()["unrecordable"] >= 1
    assert set(restore(rig.database)) == {"sensor.good", "sensor.other"}
    assert len(history(rig.database, "sensor.good", T0, T0 + 100)) == 10


def test_orderly_stop_commits_everything(tmp_path):
    """A shutdown loses nothing, without anybody flushing."""
    rig = Rig(tmp_path / "a.db")
    for n in range(1_000):
        rig.write(f"sensor.s{n}", "1")
    rig.close()
    again = Rig(tmp_path / "a.db")
    assert len(restore(again.database)) == 1_000
    again.close()


def test_a_killed_recorder_loses_nothing(rig):
    """Changes before, during and after a kill of the actor are recorded by its successor, each once."""
    rig.flush()
    rig.write("sensor.a", "before", at=T0)
    first = rig.recorder
    rig.system.kill("/recorder")
    rig.write("sensor.a", "during", at=T0 + 1)
    until(lambda: rig.recorder is not None and rig.recorder is not first)
    rig.write("sensor.a", "after", at=T0 + 2)
    rig.flush()
    assert recorded(rig, "sensor.a", T0, T0 + 9) == ["before", "during", "after"]
    assert rig.system.bus.listener_counts()["state_changed"] == 1


class Failing:
    """Stands before a database and fails while told to."""

    def __init__(self, database):
        self.fail = False
        self._database = database

    def run(self, function):
        if self.fail:
            raise peewee.OperationalError("database or disk is full")
        return self._database.run(function)

    def __getattr__(self, name):
        return getattr(self._database, name)


def failing_database(rig):
    commits = rig.recorder._commits
    commits.database = commits.history = Failing(rig.database)
    return commits.database


def test_a_failing_database_is_tried_again_and_nothing_is_lost(rig):
    """While the database fails the changes wait and `Flush` says so; when it is back they are all written."""
    failing = failing_database(rig)
    failing.fail = True
    rig.write("sensor.a", "1", at=T0)
    with pytest.raises(Unavailable, match="disk is full"):
        rig.flush()
    rig.write("sensor.a", "2", at=T0 + 1)
    figures = rig.recorder.describe()
    assert (figures["failures_in_a_row"], figures["buffered"], figures["shed"]) == (1, 2, 0)
    assert "disk is full" in figures["last_error"]
    failing.fail = False
    for _ in range(8):
        rig.clock.advance(10)
    until(lambda: rig.recorder.describe()["failures_in_a_row"] == 0)
    assert recorded(rig, "sensor.a", T0, T0 + 9) == ["1", "2"]
    assert rig.recorder.describe()["failures_in_a_row"] == 0


def test_a_long_outage_sheds_history_but_no_current_state(tmp_path):
    """Memory stays bounded: with the buffer full the oldest history goes, counted; all current states are written."""
    rig = Rig(tmp_path / "a.db", buffer_limit=100)
    failing = failing_database(rig)
    failing.fail = True
    for n in range(300):
        rig.write(f"sensor.s{n % 50}", str(n), at=T0 + n)
        if n % 100 == 50:
            with pytest.raises(Unavailable):
                rig.flush()
    assert rig.recorder.describe()["buffered"] == 100
    assert rig.recorder.describe()["shed"] == 200
    failing.fail = False
    rig.flush()
    found = restore(rig.database)
    newest = {f"sensor.s{n}": str(250 + n) for n in range(50)}
    assert {name: state.state for name, (state, _) in found.items()} == newest
    assert count(rig, StateRow) == 100
    rig.close()


def test_a_locked_database_only_delays(rig):
    """Another process that holds the write lock for a moment delays the commit and nothing else."""
    other = sqlite3.connect(rig.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    rig.write("sensor.a", "1")
    asked = gevent.spawn(rig.flush)
    gevent.sleep(0.05)
    assert not asked.ready()
    other.execute("COMMIT")
    other.close()
    asked.get(timeout=60)
    assert count(rig, StateRow) == 1


def test_purge_removes_what_is_old_and_keeps_current(rig):
    """Old history and attributes that only it used go; newer rows, and the current state however old, stay."""
    day = 86_400
    for n in range(30):
        rig.write("sensor.a", str(n), at=T0 - (30 - n) * day, note=n)
    rig.write("sensor.old", "kept", at=T0 - 400 * day, only="here")
    rig.flush()
    rig.system.ask("/recorder", PurgeHistory(keep_days=10))
    until(lambda: not rig.recorder.describe()["purging"])
    assert recorded(rig, "sensor.a", 0, T0 + day) == [str(n) for n in range(20, 30)]
    found = restore(rig.database)
    assert found["sensor.old"][0].attributes == {"only": "here"}
    assert found["sensor.a"][0].state == "29"
    # A purge by age may keep the sets of one more day, for it goes by whole days.
    assert count(rig, AttributesRow) in (11, 12)


def test_attributes_purged_are_stored_anew(rig):
    """A set of attributes that a purge removed, and that the recorder still remembers, is written again when used."""
    rig.write("sensor.a", "1", at=T0 - 50 * 86_400, note="seldom")
    rig.write("sensor.a", "2", at=T0)
    rig.flush()
    rig.system.ask("/recorder", PurgeHistory(keep_days=10))
    until(lambda: not rig.recorder.describe()["purging"])
    rig.write("sensor.a", "3", at=T0 + 1, note="seldom")
    rig.flush()
    assert restore(rig.database)["sensor.a"][0].attributes == {"note": "seldom"}


def test_purge_of_much_goes_in_steps_while_recording_goes_on(rig):
    """A purge larger than one step does not hold a flush up until it is done."""
    for n in range(22_000):
        rig.write("sensor.a", "x", at=T0 - 90 * 86_400 + n)
    rig.flush()
    rig.system.ask("/recorder", PurgeHistory(keep_days=10))
    rig.write("sensor.a", "new", at=T0)
    rig.flush()
    until(lambda: not rig.recorder.describe()["purging"])
    assert rig.recorder.describe()["purged"] == 22_000
    assert recorded(rig, "sensor.a", 0, T0 + 1) == ["new"]


def test_old_history_is_purged_after_start_and_daily(rig):
    """Nobody needs to ask: half a minute after the start, and each day. What it has been ever since stays."""
    rig.write("sensor.a", "1", at=T0 - 11 * 86_400)
    rig.write("sensor.a", "2", at=T0 - 9.8 * 86_400)
    rig.write("sensor.a", "3", at=T0 - 9.5 * 86_400)
    rig.flush()
    rig.clock.advance(31)
    until(lambda: count(rig, StateRow) == 2)
    rig.clock.advance(86_401)
    until(lambda: count(rig, StateRow) == 1)
    assert recorded(rig, "sensor.a", 0, T0) == ["3"]


def test_an_unknown_message_is_refused(rig):
    """The asker gets an error and the recorder lives."""
    with pytest.raises(TypeError):
        rig.system.ask("/recorder", "hello")
    rig.flush()


def test_the_mailbox_has_its_turn_while_changes_come_as_fast_as_they_are_written(rig, monkeypatch):
    """Each commit finds a new change: a flush ends all the same, and the next one brings what came meanwhile."""
    commits = rig.recorder._commits
    taken: list[State] = []
    write = commits.write

    def slow(batch):
        write(batch)
        if len(taken) < 100:
            taken.append(rig.write("sensor.fast", str(len(taken)), at=T0 + len(taken)))

    monkeypatch.setattr(commits, "write", slow)
    rig.write("sensor.fast", "first", at=T0 - 1)
    rig.flush()
    assert len(taken) == 1
    monkeypatch.undo()
    rig.flush()
    assert recorded(rig, "sensor.fast", T0 - 1, T0 + 1)[-2:] == ["first", "0"]


def test_an_entity_that_changes_during_each_commit_is_not_left_behind(rig, monkeypatch):
    """Its rows wait for their turn; its state, which a start would restore, is written each time."""
    monkeypatch.setattr("marge.recorder.recorder.BATCH_ROWS", 2)
    commits, write = rig.recorder._commits, rig.recorder._commits.write
    at = T0

    def meanwhile(batch):
        nonlocal at
        write(batch)
        at += 1
        rig.write("sensor.fast", str(at), at=at)
        rig.write("sensor.fast", str(at + 0.5), at=at + 0.5)

    monkeypatch.setattr(commits, "write", meanwhile)
    rig.write("sensor.fast", "first", at=T0)
    for _ in range(3):
        rig.flush()
    state, _owner = restore(rig.database)["sensor.fast"]
    assert float(state.state) > at - 2
