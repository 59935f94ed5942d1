"""A process that records through the real recorder until it is killed.

Writes to a file, which survives it, up to which number the recorder has said that all are committed.

    python -m tests.recorder.writing_child DATABASE PROGRESS
"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import struct  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import gevent  # noqa: E402

from marge.actors import ActorSystem, ChildSpec  # noqa: E402
from marge.entities import StateTable  # noqa: E402
from marge.model import STATE_CHANGED, Context, Event, State  # noqa: E402
from marge.recorder import Recorder, restore  # noqa: E402
from marge.storage import Database  # noqa: E402

ENTITIES = 20
RECORD = struct.Struct("<q")


def main(database_path, progress_path, interval_s):
    database = Database(database_path)
    if database.moved_aside is not None:
        raise SystemExit("the database was damaged")
    found = restore(database)
    number = max((int(state.state) for state, _owner in found.values()), default=-1) + 1
    system = ActorSystem()
    system.spawn(ChildSpec("recorder", Recorder, (database, StateTable()), {"commit_interval_s": interval_s}))
    progress = os.open(progress_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    first, committed = number, -1
    while True:
        for _ in range(20):
            now = time.time()
            entity_id = f"sensor.s{number % ENTITIES}"
            state = State(entity_id, str(number), {"number": number}, now, now, now, Context.new())
            data = {"entity_id": entity_id, "old_state": None, "new_state": state}
            system.bus.publish(Event(STATE_CHANGED, data, state.context, now), key=entity_id)
            number += 1
        recorder = system.actor("/recorder")
        newest = first - 1 + (recorder.describe()["recorded"] if recorder is not None else 0)
        if newest > committed and newest >= first:
            committed = newest
            os.write(progress, RECORD.pack(committed))
        gevent.sleep(0.005)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
