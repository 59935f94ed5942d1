"""What recording over 10,000 changes a second does to everybody else: the time of a request, with it and without.

Run: python -m loadtests.bench_recording [--seconds 20] [--rate 10500] [--parts 1] [--json FILE]

A server of its own, in which 200 sensors change all the time. A quarter of `--seconds` they change with the recording
switched off, then `--seconds` with it on, then a quarter with it off again; one client reads a state every few
milliseconds. What recording costs is the quotient of the 99th percentiles. 300 seconds are the whole figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from loadtests.bench_hostile import connect, exchange, message
from tests.support.server import Server

RATE = "sensor.rate"
PAUSE_S = 0.003
CONFIGURATION = "marge:\n  mqtt:\n    broker: none\n"


class RecordingServer(Server):
    """The server with the greenlet that changes states."""

    def start(self, *options: str, wait: bool = True) -> float:
        began = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "loadtests.recording_inside", str(self.home)],
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        self.wait_for(self.answers, 60, "an answer")
        return time.monotonic() - began


def latencies(server: Server, seconds: float) -> list[float]:
    """Milliseconds of reads of a state, one after the other."""
    found = []
    with connect(server) as sock:
        request = message(server, "GET", f"/api/states/{RATE}")
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            begun = time.perf_counter()
            exchange(sock, request)
            found.append((time.perf_counter() - begun) * 1000)
            time.sleep(PAUSE_S)
    return found


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def recorder(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.get("/api/actors/recorder")["state"]
    return found


def measure(server: Server, seconds: float, rate: int, parts: int) -> dict[str, float]:
    def switch(service: str) -> None:
        server.post(f"/api/services/recorder/{service}", {})

    def change(a_second: int) -> None:
        server.post(f"/api/states/{RATE}", {"state": str(a_second)})

    switch("disable")
    change(rate)
    latencies(server, 1.0)
    without, recorded, rows, took = latencies(server, seconds / parts / 4), [], 0, 0.0
    for _ in range(parts):
        switch("enable")
        latencies(server, 2.0)  # the dictionaries are made
        before, begun = recorder(server), time.perf_counter()
        recorded += latencies(server, seconds / parts)
        after = recorder(server)
        rows, took = rows + after["recorded"] - before["recorded"], took + time.perf_counter() - begun
        switch("disable")
        latencies(server, 2.0)
        without += latencies(server, seconds / parts / 4)
    change(0)
    latencies(server, 1.0)
    idle = latencies(server, 3.0)
    size = server.database.stat().st_size
    result = {
        "seconds": took,
        "recorded_per_s": rows / took,
        "waiting_at_end": after["buffered"],
        "shed": after["shed"],
        "journaled": after["journaled"],
        "database_mb": size / 1e6,
        "idle_p99_ms": percentile(idle, 0.99),
        "without_p50_ms": percentile(without, 0.5),
        "without_p99_ms": percentile(without, 0.99),
        "recorded_p50_ms": percentile(recorded, 0.5),
        "recorded_p99_ms": percentile(recorded, 0.99),
        "recorded_max_ms": max(recorded),
    }
    result["p99_ratio"] = result["recorded_p99_ms"] / result["without_p99_ms"]
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=int, default=10_500)
    parser.add_argument("--parts", type=int, default=1, help="with and without in turn so many times")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marge-recording-") as folder:
        server = RecordingServer(Path(folder))
        try:
            server.write(configuration=CONFIGURATION)
            server.start()
            results = measure(server, options.seconds, options.rate, options.parts)
        finally:
            server.end()
    for name, value in results.items():
        print(f"{name:18} {value:14,.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
