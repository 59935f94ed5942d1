"""`kill -9` while recording: nothing that was committed is lost, and the database is intact."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict

import gevent
import pytest

from marge.recorder import restore
from marge.storage import Database
from tests.recorder.writing_child import ENTITIES, RECORD

INTERVAL_S = 0.1
PATIENCE_S = 60.0


def records(path):
    data = path.read_bytes() if path.exists() else b""
    return [RECORD.unpack_from(data, at)[0] for at in range(0, len(data) - len(data) % RECORD.size, RECORD.size)]


def run_and_kill(database, progress, life_s):
    """Start a child, let it publish for `life_s` after its first commit, kill it."""
    before = len(records(progress))
    command = [sys.executable, "-m", "tests.recorder.writing_child", str(database), str(progress), str(INTERVAL_S)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert child.stderr is not None
    try:
        with gevent.Timeout(PATIENCE_S):
            while len(records(progress)) == before:
                assert child.poll() is None, child.stderr.read()
                gevent.sleep(0.02)
        gevent.sleep(life_s)
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def numbers_of(db):
    """By entity what was recorded; without the objects that a history is made of, for it is long after many kills."""
    found = defaultdict(list)
    text = "SELECT e.entity_id, s.state FROM entities e CROSS JOIN states s ON s.entity = e.id ORDER BY 1, s.updated_us"
    for entity_id, state in db.execute_sql(text):
        found[entity_id].append(int(state))
    return found


def kill_again_and_again(folder, kills):
    """Asserts after each kill that nothing is lost; how many changes are there in the end."""
    random.seed(kills)
    database_path, progress = folder / "marge.db", folder / "progress"
    for _ in range(kills):
        run_and_kill(database_path, progress, random.uniform(0.0, 0.5))
        database = Database(database_path)
        assert database.moved_aside is None
        found = restore(database)
        newest = max((int(state.state) for state, _owner in found.values()), default=-1)
        assert newest >= max(records(progress))
        recorded = database.run(numbers_of)
        for index in range(ENTITIES):
            rows = recorded[f"sensor.s{index}"]
            # The numbers go on where the restored ones ended, so that no hole may be in them.
            assert rows == list(range(index, newest + 1, ENTITIES))[: len(rows)]
            assert rows[-1] == int(found[f"sensor.s{index}"][0].state)
            assert rows[-1] > newest - ENTITIES
        database.close()
        with sqlite3.connect(database_path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    assert len(set(records(progress))) >= kills
    return newest + 1


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_nothing_that_was_committed_is_lost(tmp_path, kills):
    """Killed again and again at random moments, often in the middle of a commit: every state that the recorder had
    called committed is in the history, in order; the restored states are the newest of their entities; SQLite finds
    the file intact. How long a commit takes, and how busy the machine is, decides nothing."""
    kill_again_and_again(tmp_path, kills)
