"""Nothing is lost while PostgreSQL is restarted under load: a real server, stopped and killed while changes come in.

Run: python -m loadtests.bench_postgres [--seconds 20] [--rate 2000] [--restarts 4] [--json FILE]

The server is the system's own program with data of its own. Every other restart is a kill; each lasts two seconds.
At the end each change has to be in the history once. Without PostgreSQL a line says so, and there are no figures.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from loadtests.bench_recorder import SENSORS, Stall, sensor  # noqa: E402
from marge.actors import ActorSystem, ChildSpec  # noqa: E402
from marge.entities import StateTable  # noqa: E402
from marge.model import STATE_CHANGED, Event  # noqa: E402
from marge.recorder import Recorder  # noqa: E402
from marge.recorder.journal import Journal  # noqa: E402
from marge.storage import Database  # noqa: E402
from marge.storage.postgres import PostgresDatabase  # noqa: E402
from tests.support.postgres import PostgresServer, find_program  # noqa: E402

AWAY_S = 2.0
DRAIN_S = 300.0


class Rig:
    """A recorder with its file, and its history at a server."""

    def __init__(self, folder: Path, url: str) -> None:
        self.system = ActorSystem()
        self.file, self.past = Database(folder / "marge.db"), PostgresDatabase(url)
        options = {"history": self.past, "journal": Journal(folder / "waiting"), "history_days": 0}
        self.system.spawn(ChildSpec("recorder", Recorder, (self.file, StateTable()), options))
        self.sent = 0

    def send(self, seconds: float, rate: int) -> None:
        """Changes at a steady rate."""
        begun, first = time.monotonic(), self.sent
        while (now := time.monotonic() - begun) < seconds:
            while self.sent - first < now * rate:
                state = sensor(self.sent % SENSORS, time.time())
                data = {"entity_id": state.entity_id, "old_state": None, "new_state": state}
                event = Event(STATE_CHANGED, data, state.context, state.last_updated)
                self.system.bus.publish(event, key=state.entity_id)
                self.sent += 1
            gevent.sleep(0.002)

    def figures(self) -> dict[str, Any]:
        actor = self.system.actor("/recorder")
        return {} if actor is None else actor.describe()

    def is_drained(self) -> bool:
        found = self.figures()
        return bool(found) and not (found["journal_files"] or found["buffered"] or found["failures_in_a_row"])

    def close(self) -> None:
        self.system.shutdown()
        self.past.close()
        self.file.close()


def measure(folder: Path, server: PostgresServer, seconds: float, rate: int, restarts: int) -> dict[str, float]:
    rig = Rig(folder, server.new_database())
    stall = Stall()
    try:
        pause = max(0.5, seconds / (restarts + 1) - AWAY_S)
        for number in range(restarts):
            rig.send(pause, rate)
            sending = gevent.spawn(rig.send, AWAY_S, rate)
            server.stop(signal.SIGQUIT if number % 2 else signal.SIGINT)
            sending.join()
            server.start()
        rig.send(pause, rate)
        held = stall.stop()
        deadline = time.monotonic() + DRAIN_S
        while not rig.is_drained() and time.monotonic() < deadline:
            gevent.sleep(0.1)
        count = "SELECT count(*), count(DISTINCT (entity, updated_us)) FROM states"
        rows, distinct = rig.past.run(lambda db: db.execute_sql(count).fetchone())
        found = rig.figures()
        return {
            "sent": rig.sent, "recorded": rows, "lost": rig.sent - distinct, "twice": rows - distinct,
            "journaled": found["journaled"], "shed": found["shed"], "restarts": restarts,
            "hub_stall_ms": held * 1000,
        }  # fmt: skip
    finally:
        rig.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=int, default=2_000)
    parser.add_argument("--restarts", type=int, default=4)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    program, results = find_program(), dict[str, float]()
    if program is None:
        print("PostgreSQL is not installed here (tests/system-packages.sh installs it): not measured")
    else:
        with tempfile.TemporaryDirectory(prefix="marge-postgres-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            place = folder / "server"
            place.mkdir()
            server = PostgresServer(program, place)
            server.start()
            try:
                results = measure(folder, server, options.seconds, options.rate, options.restarts)
            finally:
                server.stop(signal.SIGQUIT)
    for figure, value in results.items():
        print(f"{figure:14} {value:14,.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
