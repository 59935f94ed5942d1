"""What recording over 10,000 changes a second does to everybody else: the time of a request, with it and without.

Run: python -m loadtests.bench_recording [--seconds 20] [--rate 10500] [--json FILE]

A server of its own, in which 200 sensors report values all the time; a client reads a state every few milliseconds. For
`--seconds` in all they are recorded. In between, again and again, the recording is switched off for a while: a machine
that is one of many on its host is not the same from one minute to the next. What recording costs is the quotient of the
99th percentiles. 300 seconds are the whole figure.
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
PART_S, OFF_S = 3.0, 1.5
"""So long are its parts, with the recording on and off."""
SETTLED_S = 1.5
"""After each switch: what was recorded is written within this time."""
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


def measure(server: Server, seconds: float, rate: int) -> dict[str, float]:
    def switch(service: str) -> None:
        server.post(f"/api/services/recorder/{service}", {})

    def change(a_second: int) -> None:
        server.post(f"/api/states/{RATE}", {"state": str(a_second)})

    change(rate)
    latencies(server, 2.0)  # the dictionaries are made
    without, recorded, took, waiting = [], [], 0.0, 0
    switch("disable")
    latencies(server, SETTLED_S)
    before = recorder(server)
    while took < seconds:
        without += latencies(server, OFF_S)
        begun = time.perf_counter()
        switch("enable")
        latencies(server, SETTLED_S)
        recorded += latencies(server, PART_S)
        waiting = recorder(server)["buffered"]
        switch("disable")
        took += time.perf_counter() - begun
        latencies(server, SETTLED_S)
    after = recorder(server)  # all of it is written
    rows = after["recorded"] - before["recorded"]
    change(0)
    latencies(server, 1.0)
    idle = latencies(server, 3.0)
    size = server.database.stat().st_size
    result = {
        "seconds": took,
        "recorded_per_s": rows / took,
        "waiting_at_end": waiting,
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
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marge-recording-") as folder:
        server = RecordingServer(Path(folder))
        try:
            server.write(configuration=CONFIGURATION)
            server.start()
            results = measure(server, options.seconds, options.rate)
        finally:
            server.end()
    for name, value in results.items():
        print(f"{name:18} {value:14,.2f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
