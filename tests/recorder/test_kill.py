"""`kill -9` while recording: nothing older than the commit interval is lost, and the database is intact."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import gevent
import pytest

from marge.recorder import history, restore
from marge.storage import Database
from tests.recorder.writing_child import ENTITIES, RECORD

INTERVAL_S = 0.3
SLACK_S = 0.7
"""For a machine that is busy with other tests: the commit may get the processor late."""


def records(path):
    data = path.read_bytes() if path.exists() else b""
    return [RECORD.unpack_from(data, at) for at in range(0, len(data) - len(data) % RECORD.size, RECORD.size)]


def run_and_kill(database, progress, life_s):
    """Start a child, let it publish for `life_s`, kill it; returns when that was."""
    before = len(records(progress))
    command = [sys.executable, "-m", "tests.recorder.writing_child", str(database), str(progress), str(INTERVAL_S)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert child.stderr is not None
    try:
        with gevent.Timeout(30):
            while len(records(progress)) == before:
                assert child.poll() is None, child.stderr.read()
                gevent.sleep(0.02)
        gevent.sleep(life_s)
        killed = time.monotonic()
        os.kill(child.pid, signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    finally:
        child.kill()
        child.wait()
        child.stderr.close()
    return killed


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_nothing_older_than_the_interval_is_lost(tmp_path, kills):
    """Killed again and again at random moments: every state published an interval before the kill is in the history, in
    order; the restored states are the newest of their entities; SQLite finds the file intact."""
    random.seed(kills)
    database_path, progress = tmp_path / "marge.db", tmp_path / "progress"
    must_be_there = -1
    for _ in range(kills):
        killed = run_and_kill(database_path, progress, random.uniform(0.3, 1.5))
        safe = [number for number, at in records(progress) if at < killed - INTERVAL_S - SLACK_S]
        must_be_there = max([must_be_there, *safe])
        database = Database(database_path)
        assert database.moved_aside is None
        found = restore(database)
        newest = max((int(state.state) for state, _owner in found.values()), default=-1)
        assert newest >= must_be_there
        for index in range(ENTITIES):
            states = history(database, f"sensor.s{index}", 0, time.time() + 60)
            rows = [int(state.state) for state in states if state is not None]
            # The numbers go on where the restored ones ended, so that no hole may be in them.
            assert rows == list(range(index, newest + 1, ENTITIES))[: len(rows)]
            assert rows[-1] == int(found[f"sensor.s{index}"][0].state)
            assert rows[-1] > newest - ENTITIES
        database.close()
        with sqlite3.connect(database_path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
    assert must_be_there > 0
