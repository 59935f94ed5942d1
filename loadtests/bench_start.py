"""How soon the demo home answers and how much memory it takes; and the same after a `kill -9` under load.

Run: python -m loadtests.bench_start [--rounds 3] [--json FILE]

"First" is a home that has no database yet, "second" one that restores it. The memory is the main process's (broker and
simulator are processes of their own): at the first answer, and once all 37 devices are there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.support.server import Server, server_in

DEVICES = 37
LOAD_ENTITIES = 1_000
LOAD_S = 2.0
WRITERS = 2

Figures = dict[str, float]


def first_and_second_start(folder: Path) -> Figures:
    """Two lives of one demo home."""
    figures: Figures = {}
    with server_in(folder) as server:
        server.use_demo_home()
        for name in ("first", "second"):
            figures[f"{name}_start_s"] = server.start()
            main = psutil.Process(server.pid)
            figures[f"{name}_answer_rss_mb"] = _megabytes(main)
            began = time.monotonic()
            _wait_for_devices(server)
            figures[f"{name}_devices_after_s"] = time.monotonic() - began
            time.sleep(1.0)  # the recorder's first commit belongs to it
            figures[f"{name}_rss_mb"] = _megabytes(main)
            code, seconds = server.terminate()
            assert code == 0, server.log_tail()
            figures[f"{name}_stop_s"] = seconds
    return figures


def killed_under_load(folder: Path) -> Figures:
    """Up again after a `kill -9` while clients write to 1,000 entities and the demo home's devices talk."""
    with server_in(folder) as server:
        server.use_demo_home()
        server.start()
        _wait_for_devices(server)
        with _writers(server) as written:
            time.sleep(LOAD_S)
            writes = written()
            server.kill()
        return {"up_again_s": server.start(), "writes_per_s_before": writes / LOAD_S}


def measure(rounds: int) -> Figures:
    """Medians of all figures."""
    seen: dict[str, list[float]] = {}
    for _ in range(rounds):
        for run in (first_and_second_start, killed_under_load):
            with tempfile.TemporaryDirectory() as folder:
                for name, value in run(Path(folder)).items():
                    seen.setdefault(name, []).append(value)
    return {name: round(statistics.median(values), 3) for name, values in seen.items()}


def _wait_for_devices(server: Server) -> None:
    server.wait_for(lambda: server.bridge("mqtt").get("entities", 0) >= DEVICES, 60, "the devices")


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 1024 / 1024


@contextmanager
def _writers(server: Server) -> Iterator[Callable[[], int]]:
    """Clients that write until the server is gone; yields how to ask for the number of writes."""
    counts = [0] * WRITERS

    def write(writer: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        number = writer
        try:
            while True:
                number += WRITERS
                path = f"/api/states/sensor.load_{number % LOAD_ENTITIES}"
                connection.request("POST", path, json.dumps({"state": str(number)}), headers)
                connection.getresponse().read()
                counts[writer] += 1
        except (OSError, http.client.HTTPException):
            return  # killed

    threads = [threading.Thread(target=write, args=(writer,), daemon=True) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    yield lambda: sum(counts)
    for thread in threads:
        thread.join(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(options.rounds)
    for name, value in figures.items():
        print(f"{name:28}{value:10.2f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
