"""What a change costs on the disk, beside a real Home Assistant that records the same changes in the same run.

Run: python -m loadtests.bench_disk [--changes 50000] [--json FILE]

200 sensors with attributes as sensors have them report one after the other, over the REST API of both. What is counted
is the growth of the database file from a tenth of the changes on to the end, of what is in use in it, by the rows that
are there: so neither the empty tables nor the dictionaries' beginnings count. Where `make compare` has not
installed a Home Assistant its half is left out, and a line says so.
"""

from __future__ import annotations

import argparse
import json
import select
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from loadtests.compare.peer import VENV, NoPeer, running
from loadtests.compare.speed import Connections, Side, request
from tests.support.server import server_in

SENSORS = 200
CONNECTIONS = 8
PATIENCE_S = 120.0
PEER_CONFIGURATION = "api:\nrecorder:\n  commit_interval: 1\nsensor:\n"
MARGE_CONFIGURATION = "marge:\n  mqtt:\n    broker: none\n"


class Size(NamedTuple):
    """Of a database: the bytes that are in use, and the recorded changes of our sensors."""

    used: int
    rows: int


def changes(side: Side, count: int) -> Iterator[bytes]:
    """Requests that each change a state."""
    for number in range(count):
        which = number % SENSORS
        attributes = {
            "unit_of_measurement": "°C", "device_class": "temperature", "state_class": "measurement",
            "friendly_name": f"Sensor {which} temperature", "battery": 100 - which % 30,
        }  # fmt: skip
        value = f"{18 + (number // SENSORS * 7 + which * 13) % 90 / 10:.1f}"
        body = {"state": value, "attributes": attributes}
        yield request(side, "POST", f"/api/states/sensor.bench_{which}_temperature", body)


def send(side: Side, messages: Iterator[bytes], count: int) -> None:
    """The next `count` of the messages; each connection waits for its reply."""
    poll = select.epoll()
    some = [next(messages) for _ in range(count)]
    connections = Connections(side, CONNECTIONS, some, poll, varied=True)
    connections.start()
    while connections.done < count - CONNECTIONS:
        for fileno, _ in poll.poll(0.5):
            connections.readable(fileno)
    connections.close()


def size(path: Path, text: str) -> Size:
    """Through a reader of its own, which sees what is in the journal, too."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        connection.execute("BEGIN")
        rows = int(connection.execute(text).fetchone()[0])
        pages, free, page = (
            int(connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
    finally:
        connection.close()
    return Size((pages - free) * page, rows)


def settled(path: Path, text: str) -> Size:
    """Once nothing is written any more.

    Raises:
        TimeoutError: it does not come to rest.
    """
    before, deadline = None, time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        now = size(path, text)
        if before == now and now.rows:
            return now
        before = now
        time.sleep(2.5)
    raise TimeoutError(f"{path} does not come to rest")


def measure(side: Side, path: Path, text: str, count: int) -> dict[str, Any]:
    messages = changes(side, count)
    send(side, messages, count // 10)
    first = settled(path, text)
    send(side, messages, count - count // 10)
    last = settled(path, text)
    rows = last.rows - first.rows
    return {"bytes_per_change": (last.used - first.used) / rows, "changes": rows, "mb": last.used / 1e6}


_OURS = (
    "SELECT count(*) FROM entities e CROSS JOIN states s ON s.entity = e.id WHERE e.entity_id LIKE 'sensor.bench_%'"
)
_THEIRS = (
    "SELECT count(*) FROM states s JOIN states_meta m ON m.metadata_id = s.metadata_id "
    "WHERE m.entity_id LIKE 'sensor.bench_%'"
)


def run(folder: Path, count: int) -> dict[str, Any]:
    results: dict[str, Any] = {}
    with server_in(folder) as marge:
        marge.write(configuration=MARGE_CONFIGURATION)
        marge.start()
        side = Side("Marge", marge.port, marge.token, marge.pid)
        results["marge"] = measure(side, marge.database, _OURS, count)
    program = VENV.absolute() / "bin" / "hass"
    if not program.exists():
        print("Home Assistant is not measured beside it: it is not installed here (`make compare` installs it)")
        return results
    try:
        with running(program, folder, PEER_CONFIGURATION, {}) as peer:
            side = Side("Home Assistant", peer.port, peer.token, peer.pid)
            path = folder / "peer" / "home-assistant_v2.db"
            results["home_assistant"] = measure(side, path, _THEIRS, count)
            results["ratio"] = (
                results["home_assistant"]["bytes_per_change"] / results["marge"]["bytes_per_change"]
            )
    except NoPeer as exc:
        print(f"Home Assistant is not measured beside it: {exc}")
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--changes", type=int, default=50_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marge-disk-") as folder:
        results = run(Path(folder), options.changes)
    for name in ("marge", "home_assistant"):
        if name in results:
            print(f"{name:16}", "  ".join(f"{key} {value:,.1f}" for key, value in results[name].items()))
    if "ratio" in results:
        print(f"{'ratio':16} {results['ratio']:.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
