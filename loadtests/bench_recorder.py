"""What recording costs: rows a second, bytes a change, and the time to restore. Run it as a program.

    python loadtests/bench_recorder.py [--rows 500000] [--json FILE]
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import json  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import cache  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from marge.actors import ActorSystem, ChildSpec  # noqa: E402
from marge.entities import StateTable  # noqa: E402
from marge.model import STATE_CHANGED, Context, Event, ReadOnlyDict, State  # noqa: E402
from marge.recorder import Flush, Recorder, history, restore  # noqa: E402
from marge.storage import Database  # noqa: E402

SENSORS = 200
START = 1_767_225_600.0


class Bench:
    """A recorder on a database of its own in a temporary folder."""

    def __init__(self, folder: Path, buffer_limit: int = 2_000_000) -> None:
        self.path = folder / "bench.db"
        self.database = Database(self.path)
        self.system = ActorSystem()
        args = (self.database, StateTable())
        self.system.spawn(ChildSpec("recorder", Recorder, args, {"history_days": 0, "buffer_limit": buffer_limit}))

    def publish(self, state: State) -> None:
        data = {"entity_id": state.entity_id, "old_state": None, "new_state": state}
        self.system.bus.publish(Event(STATE_CHANGED, data, state.context, state.last_updated), key=state.entity_id)

    def flush(self) -> None:
        self.system.ask("/recorder", Flush(), timeout=600)

    def close(self) -> None:
        self.system.shutdown()
        self.database.close()


@cache
def attributes_of(number: int) -> ReadOnlyDict:
    """Of a sensor: states share them while they stay the same, as those of an entity's actor do."""
    return ReadOnlyDict({
        "unit_of_measurement": "°C", "device_class": "temperature", "state_class": "measurement",
        "friendly_name": f"Sensor {number} temperature", "battery": 100 - number % 30, "linkquality": 80 + number % 100,
    })  # fmt: skip


def sensor(number: int, at: float) -> State:
    value = f"{18 + (int(at * 7) + number * 13) % 90 / 10:.1f}"
    name = f"sensor.bench_{number}_temperature"
    return State(name, value, attributes_of(number), at, at, at, Context.new())


def typical_days(folder: Path, rows: int) -> dict[str, float]:
    """`SENSORS` sensors that report every 10 s, committed in portions as if each second had been one."""
    bench = Bench(folder)
    taken = 0.0
    for begin in range(0, rows, 10_000):
        states = [
            sensor(n % SENSORS, START + n // SENSORS * 10 + n % SENSORS * 0.05)
            for n in range(begin, min(rows, begin + 10_000))
        ]
        begun = time.perf_counter()
        for state in states:
            bench.publish(state)
        bench.flush()
        taken += time.perf_counter() - begun
    day = timed(lambda: history(bench.database, "sensor.bench_7_temperature", START, START + 86_400))
    bench.close()
    size = bench.path.stat().st_size
    return {"changes_per_s": rows / taken, "bytes_per_change": size / rows, "one_sensor_one_day_ms": day * 1000}


def restoring(folder: Path, entities: int = 50_000) -> dict[str, float]:
    """Restore of many entities, each with attributes of its own; and the longest time the hub stood still meanwhile."""
    bench = Bench(folder)
    for number in range(entities):
        bench.publish(sensor(number, START))
    begun = time.perf_counter()
    bench.flush()
    written = time.perf_counter() - begun
    bench.close()
    database = Database(bench.path)
    stall = Stall()
    taken = timed(lambda: restore(database))
    database.close()
    return {"write_50000_s": written, "restore_50000_s": taken, "restore_hub_stall_ms": stall.stop() * 1000}


def sustained(folder: Path, rate: int = 10_000, seconds: float = 10.0) -> dict[str, float]:
    """Changes at a steady rate: what is not committed a second later, and the longest time the hub stood still."""
    bench = Bench(folder)
    stall = Stall()
    begun = time.perf_counter()
    sent = 0
    while (now := time.perf_counter() - begun) < seconds:
        while sent < now * rate:
            bench.publish(sensor(sent % SENSORS, START + sent * 0.01))
            sent += 1
        gevent.sleep(0.001)
    figures = bench.system.actor("/recorder").describe()  # type: ignore[union-attr]
    result = {"sent": sent, "waiting_at_end": figures["buffered"], "hub_stall_ms": stall.stop() * 1000}
    bench.close()
    return result


class Stall:
    """Measures the longest time by which a greenlet that sleeps 1 ms comes late."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._greenlet = gevent.spawn(self._watch)

    def _watch(self) -> None:
        while True:
            begun = time.perf_counter()
            gevent.sleep(0.001)
            self._worst = max(self._worst, time.perf_counter() - begun - 0.001)

    def stop(self) -> float:
        self._greenlet.kill()
        return self._worst


def timed(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    for name, run in {
        "typical days": lambda folder: typical_days(folder, options.rows),
        "restore": restoring,
        "10,000 changes/s": sustained,
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            results[name] = run(Path(folder))
        for figure, value in results[name].items():
            print(f"{name:18} {figure:24} {value:14,.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
