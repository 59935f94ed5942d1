"""A database of many rows: how long graphs take, and what a purge does to everybody else.

Run: python -m loadtests.bench_history [--rows 50000000] [--sensors 1000] [--folder DIR] [--json FILE]

The rows are 30 days of `--sensors` sensors, written in the order of the file, with their hourly statistics; 50 million
take some minutes, 4 GB, and as much again for the journal while they are written. A folder that is named is kept and
used again, with the rows that the last purge has left. The server is a process of its own. A day is asked over REST,
30 days as hourly statistics over the WebSocket, as front ends do. The purge removes a fifth of the rows, with keeping
24 of 30 days, while one client reads a state again and again.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import websocket

from marge.recorder.dictionaries import digest, short_hash
from marge.storage import Database
from tests.support.server import Server, server_in

DAYS = 30
HOUR_S, DAY_S = 3_600, 86_400
ATTRIBUTES = '{"unit_of_measurement":"°C","device_class":"temperature","state_class":"measurement"}'
PURGED_DAYS = DAYS // 5
ROUNDS = 15


def sensor(number: int) -> str:
    return f"sensor.history_{number}"


def state_rows(sensors: int, each: int, begin_us: int, step_us: int) -> Iterator[tuple[Any, ...]]:
    """In the order of the table, so that pages are written once."""
    context = b"0123456789abcdef"
    values = [f"{18 + number / 10:.1f}" for number in range(90)]
    for entity in range(1, sensors + 1):
        for number in range(each):
            yield entity, begin_us + number * step_us + entity, values[(number * 7 + entity) % 90], 1, context


def hour_rows(sensors: int, begin_s: int) -> Iterator[tuple[Any, ...]]:
    for meta in range(1, sensors + 1):
        for hour in range(DAYS * 24):
            mean = 18 + (hour + meta) % 9
            yield meta, begin_s + hour * HOUR_S, mean, mean - 1, mean + 1


def build(path: Path, rows: int, sensors: int) -> None:
    """The database that a recorder would have left."""
    Database(path).close()
    each = rows // sensors
    begin_s = int(time.time()) // HOUR_S * HOUR_S - DAYS * DAY_S
    with Database.open_sync(path) as db:
        connection = db.connection()
        many = connection.executemany
        connection.execute(
            "INSERT INTO attribute_sets (id, hash, used_day, json) VALUES (1, ?, ?, ?)",
            (short_hash(digest(ATTRIBUTES.encode())), int(time.time() // DAY_S), ATTRIBUTES),
        )
        numbers = range(1, sensors + 1)
        many("INSERT INTO entities (id, entity_id) VALUES (?, ?)", ((n, sensor(n)) for n in numbers))
        columns = "id, statistic_id, source, unit, mean_type, has_sum"
        text = f"INSERT INTO statistics_meta ({columns}) VALUES (?, ?, ?, ?, 1, 0)"
        many(text, ((n, sensor(n), "recorder", "°C") for n in numbers))
        states = state_rows(sensors, each, begin_s * 1_000_000, DAYS * DAY_S * 1_000_000 // each)
        many("INSERT INTO states (entity, updated_us, state, attributes, context) VALUES (?, ?, ?, ?, ?)", states)
        text = 'INSERT INTO statistics (meta, start, mean, "min", "max") VALUES (?, ?, ?, ?, ?)'
        many(text, hour_rows(sensors, begin_s))


def times(ask: Callable[[int], Any], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of `ask(round)`: median and longest."""
    taken = []
    for number in range(rounds):
        begun = time.perf_counter()
        ask(number)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {"p50_ms": taken[len(taken) // 2], "max_ms": taken[-1]}


def graphs(server: Server, sensors: int) -> dict[str, dict[str, float]]:
    """A day of one sensor over REST, and 30 days of ten over the WebSocket, other sensors each time."""
    now = time.time()
    found: dict[str, dict[str, float]] = {}

    def day(number: int, end: float = now - 2 * DAY_S) -> None:
        start, stop = (datetime.fromtimestamp(at, UTC).isoformat().replace("+", "%2B") for at in (end - DAY_S, end))
        which = sensor(number * 37 % sensors + 1)
        (rows,) = server.get(
            f"/api/history/period/{start}?filter_entity_id={which}&end_time={stop}&minimal_response&no_attributes"
        )
        assert len(rows) > 10

    found["one sensor, one day"] = times(day)
    # the client would look at each byte of a reply in Python, which takes longer than the reply
    url = server.url.replace("http", "ws") + "/api/websocket"
    channel = websocket.create_connection(url, timeout=120, skip_utf8_validation=True)
    channel.recv()
    channel.send(json.dumps({"type": "auth", "access_token": server.token}))
    channel.recv()

    def month(number: int) -> None:
        ids = [sensor((number * 101 + each) % sensors + 1) for each in range(10)]
        start = datetime.fromtimestamp(now - DAYS * DAY_S, UTC).isoformat()
        channel.send(
            json.dumps(
                {
                    "id": number + 1, "type": "recorder/statistics_during_period", "start_time": start,
                    "statistic_ids": ids, "period": "hour", "types": ["mean", "min", "max"],
                }
            )
        )  # fmt: skip
        result = json.loads(channel.recv())["result"]
        assert len(result) == 10 and all(len(rows) > 700 for rows in result.values())

    found["ten sensors, 30 days"] = times(month)
    channel.close()
    return found


def figures(server: Server) -> dict[str, Any]:
    """Of the recorder."""
    found: dict[str, Any] = server.get("/api/actors/recorder")["state"]
    return found


def purging(server: Server) -> dict[str, float]:
    """How long other requests take while a fifth of the rows goes."""
    ended = threading.Event()
    taken: list[float] = []

    def read() -> None:
        while not ended.is_set():
            begun = time.perf_counter()
            server.get("/api/states/sensor.now")
            taken.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.005)

    server.post("/api/states/sensor.now", {"state": "1"})
    reader = threading.Thread(target=read)
    reader.start()
    begun = time.perf_counter()
    server.post("/api/services/recorder/purge", {"keep_days": DAYS - PURGED_DAYS})
    time.sleep(1)
    while figures(server)["purging"]:
        time.sleep(0.5)
    seconds = time.perf_counter() - begun
    ended.set()
    reader.join()
    taken.sort()
    rows = figures(server)["purged"]
    return {
        "rows": rows, "seconds": seconds, "p50_ms": taken[len(taken) // 2], "p99_ms": taken[int(len(taken) * 0.99)],
        "max_ms": taken[-1],
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--sensors", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="where the home is kept; a temporary one when left out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    folder: Path = options.folder or Path(tempfile.mkdtemp(prefix="marge-history-"))
    try:
        results = run(folder, options.rows, options.sensors)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    for name, figures in results.items():
        print(f"{name:22}", "  ".join(f"{key} {value:,.1f}" for key, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


def run(folder: Path, rows: int, sensors: int) -> dict[str, dict[str, float]]:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "marge.db"
    results: dict[str, dict[str, float]] = {}
    begun = time.perf_counter()
    if not path.exists():
        build(path, rows, sensors)
    size = path.stat().st_size
    results["database"] = {"rows": rows, "gb": size / 1e9, "bytes_per_row": size / rows,
                           "built_s": time.perf_counter() - begun}  # fmt: skip
    with server_in(folder) as server:
        server.write(configuration=f"marge:\n  history_days: {DAYS * 10}\n  mqtt:\n    broker: none\n")
        results["start"] = {"seconds": server.start()}
        results |= graphs(server, sensors)
        results["purge"] = purging(server)
    return results


if __name__ == "__main__":
    sys.exit(main())
