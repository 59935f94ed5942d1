"""All benchmarks one after the other, as one table and as JSON in `loadtests/results/`. This is `make bench`.

Run: python -m loadtests.bench [--only NAME …] [--quick] [--out FILE]

Every benchmark runs alone, in a process of its own. A figure that falls short is marked and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import psutil

RESULTS = Path(__file__).parent / "results"
TIME_LIMIT_S = 600.0

Numbers = dict[str, Any]


class Bench(NamedTuple):
    """A program that writes its figures as JSON: how to run it, and how often for medians."""

    arguments: tuple[str, ...]
    quick: tuple[str, ...] = ()
    runs: int = 1
    writes_file: bool = True


BENCHES: Mapping[str, Bench] = {
    "actors": Bench(("loadtests.bench_actors",), runs=3, writes_file=False),
    "http": Bench(("loadtests.bench_http", "--seconds", "3", "--rounds", "5"), ("--seconds", "1", "--rounds", "2")),
    "start": Bench(("loadtests.bench_start", "--rounds", "3"), ("--rounds", "1")),
    "mqtt": Bench(("loadtests.bench_mqtt", "--samples", "300"), ("--samples", "50")),
    "devices": Bench(
        ("loadtests.bench_devices",), ("--devices", "1000", "--rounds", "3", "--broker", "mosquitto")
    ),
    "again": Bench(
        ("loadtests.bench_again", "--rounds", "300", "--minutes", "6"), ("--devices", "1000", "--rounds", "50")
    ),
    "broker": Bench(("loadtests.bench_broker",), ("--devices", "300", "--rate", "200", "--kills", "1")),
    "recorder": Bench(("loadtests.bench_recorder", "--rows", "200000"), ("--rows", "50000")),
    "recording": Bench(("loadtests.bench_recording",), ("--seconds", "8")),
    "disk": Bench(("loadtests.bench_disk", "--changes", "30000"), ("--changes", "6000")),
    "kills": Bench(("loadtests.bench_kills", "--kills", "100"), ("--kills", "5")),
    "postgres": Bench(("loadtests.bench_postgres",), ("--seconds", "8", "--restarts", "2")),
    "history": Bench(("loadtests.bench_history", "--rows", "10000000"), ("--rows", "500000", "--sensors", "100")),
    "automations": Bench(("loadtests.bench_automations",), ("--quick",)),
    "hostile": Bench(("loadtests.bench_hostile", "--seconds", "5"), ("--seconds", "2")),
    "ws": Bench(("loadtests.bench_ws",), ("--clients", "300", "--seconds", "3")),
    "console": Bench(("loadtests.bench_console",), ("--actors", "10000", "--seconds", "6"), writes_file=False),
    "ui": Bench(("loadtests.bench_ui",), ("--entities", "5000", "--devices", "1000", "--areas", "20", "--rounds", "1")),
    "native": Bench(("loadtests.bench_native",), ("--rounds", "5")),
}


class Figure(NamedTuple):
    """One line of the table.

    Attributes:
        bench, path: where the number stands; dots lead into nested objects.
        most, least: what is wanted, if anything.
    """

    title: str
    bench: str
    path: str
    unit: str = ""
    most: float | None = None
    least: float | None = None
    scale: float = 1.0

    def seen(self, results: Mapping[str, Numbers]) -> float | None:
        """The number; None when its benchmark did not run or failed, or does not give it on this machine."""
        found: Any = results.get(self.bench)
        for step in self.path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        return None if found is None else float(found) * self.scale

    def is_short(self, value: float) -> bool:
        return (self.most is not None and value > self.most) or (self.least is not None and value < self.least)


FIGURES = (
    Figure("memory of an entity actor, 6 attributes", "actors", "entity_bytes", "bytes", most=4096),
    Figure("start of 50,000 entity actors", "actors", "entity_start_50k_s", "s", most=3),
    Figure("  the same with pykka.ThreadingActor", "actors", "threading_start_50k_s", "s"),
    Figure("stop of 50,000 entity actors", "actors", "entity_stop_50k_s", "s"),
    Figure("tells/s", "actors", "entity_tells_per_s"),
    Figure("tells/s, times pykka.ThreadingActor", "actors", "tells_ratio", "x", least=5),
    Figure("memory, times pykka.ThreadingActor", "actors", "memory_ratio", "x", most=1 / 3),
    Figure("state change to subscriber, 50,000 entities, p50", "actors", "change_p50_ms", "ms"),
    Figure("state change to subscriber, 50,000 entities, p99", "actors", "change_p99_ms", "ms", most=1),
    Figure("state changes/s", "actors", "changes_per_s", least=20_000),
    Figure("console open over 60,000 actors, share of a core", "console", "idle.cpu_percent", "%", most=2),
    Figure("  the same while 500 states change a second", "console", "busy.cpu_percent", "%", most=2),
    Figure("  longest hold of the hub", "console", "busy.longest_hold_ms", "ms", most=50),
    Figure("what remembering causes adds to a state change", "console", "ledger_us", "us", most=2),
    Figure("bare pywsgi hello, requests/s", "http", "bare pywsgi hello.per_second"),
    Figure("GET /api/states/<id>, requests/s", "http", "Marge GET.per_second"),
    Figure("GET /api/states/<id>, times hello", "http", "Marge GET.ratio", "x", least=1.5),
    Figure("POST /api/states/<id>, requests/s", "http", "Marge POST.per_second"),
    Figure("POST /api/states/<id>, times hello", "http", "Marge POST.ratio", "x", least=0.8),
    Figure("Flask lane GET, times hello", "http", "Flask lane GET.ratio", "x"),
    Figure("cold start of the demo home to an answer, first", "start", "first_start_s", "s", most=2),
    Figure("cold start of the demo home to an answer, second", "start", "second_start_s", "s", most=2),
    Figure("resident memory at the first answer", "start", "first_answer_rss_mb", "MB", most=90),
    Figure("resident memory with all devices, first start", "start", "first_rss_mb", "MB", most=90),
    Figure("resident memory with all devices, second start", "start", "second_rss_mb", "MB", most=90),
    Figure("up again after kill -9 under load", "start", "up_again_s", "s", most=5),
    Figure("orderly stop", "start", "second_stop_s", "s"),
    Figure("MQTT to REST through mosquitto, p50", "mqtt", "mosquitto.p50_ms", "ms"),
    Figure("MQTT to REST through mosquitto, p99", "mqtt", "mosquitto.p99_ms", "ms"),
    Figure("MQTT to REST through amqtt, p50", "mqtt", "amqtt.p50_ms", "ms"),
    Figure("MQTT to REST through amqtt, p99", "mqtt", "amqtt.p99_ms", "ms"),
    Figure("10,000 announcements at once, mosquitto", "devices", "mosquitto.announced_s", "s", most=15),
    Figure("  GET meanwhile, p99", "devices", "mosquitto.announced_get_p99_ms", "ms", most=50),
    Figure("  announced again, 200,000 messages: memory", "devices", "mosquitto.again_growth_mb", "MB", most=20),
    Figure("  GET meanwhile, p99", "devices", "mosquitto.again_get_p99_ms", "ms", most=50),
    Figure("MQTT state to WebSocket at 500/s, p50", "devices", "mosquitto.hear_p50_ms", "ms", most=5),
    Figure("MQTT state to WebSocket at 500/s, p99", "devices", "mosquitto.hear_p99_ms", "ms", most=20),
    Figure("MQTT states/s through value templates", "devices", "mosquitto.states_per_s", least=5_000),
    Figure("  computing time of one", "devices", "mosquitto.states_cpu_us", "us"),
    Figure("10,000 announced again and again: rounds", "again", "rounds"),
    Figure("  memory at the start", "again", "start_mb", "MB"),
    Figure("  after a quarter", "again", "quarter_mb", "MB"),
    Figure("  after a half", "again", "half_mb", "MB"),
    Figure("  at the end", "again", "end_mb", "MB"),
    Figure("  growth after the first tenth", "again", "growth_mb", "MB", most=5),
    Figure("  announcements/s, known by their hash", "again", "per_s"),
    Figure("10,000 announcements at once, amqtt", "devices", "amqtt.announced_s", "s", most=15),
    Figure("  GET meanwhile, p99", "devices", "amqtt.announced_get_p99_ms", "ms", most=50),
    Figure("MQTT state to WebSocket at 500/s, amqtt, p50", "devices", "amqtt.hear_p50_ms", "ms", most=5),
    Figure("MQTT state to WebSocket at 500/s, amqtt, p99", "devices", "amqtt.hear_p99_ms", "ms", most=20),
    Figure("MQTT states/s through value templates, amqtt", "devices", "amqtt.states_per_s", least=5_000),
    Figure("mosquitto killed under load, MQTT is back after", "broker", "mosquitto.reconnected_s", "s", most=3),
    Figure("  entities that show something old", "broker", "mosquitto.wrong_entities", most=0),
    Figure("  retained states lost", "broker", "mosquitto.lost_retained", most=0),
    Figure("amqtt killed under load, MQTT is back after", "broker", "amqtt.reconnected_s", "s", most=3),
    Figure("  entities that show something old", "broker", "amqtt.wrong_entities", most=0),
    Figure("  retained states lost", "broker", "amqtt.lost_retained", most=0),
    Figure("  announcements lost", "broker", "amqtt.lost_announcements", most=0),
    Figure("recorder, changes/s written", "recorder", "typical days.changes_per_s"),
    Figure("restore of 50,000 entities", "recorder", "restore.restore_50000_s", "s", most=3),
    Figure("recorded changes/s, sustained", "recording", "recorded_per_s", least=10_000),
    Figure("  for so long (300 s: bench_recording --seconds 300)", "recording", "seconds", "s"),
    Figure("  lost of them", "recording", "shed", most=0),
    Figure("  a state read meanwhile, p99", "recording", "recorded_p99_ms", "ms"),
    Figure("  the same with the recording off, p99", "recording", "without_p99_ms", "ms"),
    Figure("  p99 with it, times without", "recording", "p99_ratio", "x", most=1.2),
    Figure("on the disk, a change of one of 200 sensors", "disk", "marge.bytes_per_change", "bytes", most=120),
    Figure("  the same of Home Assistant", "disk", "home_assistant.bytes_per_change", "bytes"),
    Figure("kill -9 while recording, times", "kills", "kills"),
    Figure("  committed changes lost, or a file that is not intact", "kills", "broken", most=0),
    Figure("PostgreSQL restarted under load, changes lost", "postgres", "lost", most=0),
    Figure("  changes that are there twice", "postgres", "twice", most=0),
    Figure("a day of one sensor, of 10 million rows, p50", "history", "one sensor, one day.p50_ms", "ms", most=20),
    Figure("30 days of ten sensors, p50", "history", "ten sensors, 30 days.p50_ms", "ms", most=150),
    Figure("a state read while a fifth is purged, longest", "history", "purge.max_ms", "ms", most=100),
    Figure("state trigger to service call, p50", "automations", "reaction.call_p50_ms", "ms", most=1),
    Figure("state trigger to service call, p99", "automations", "reaction.call_p99_ms", "ms", most=5),
    Figure("  and until the called entity has changed, p50", "automations", "reaction.effect_p50_ms", "ms"),
    Figure("  processor time of it all, with its trace", "automations", "reaction.cpu_p50_us", "µs"),
    Figure("a change nobody names, 10 automations", "automations", "idle.with_10_us", "µs"),
    Figure("a change nobody names, 100 automations", "automations", "idle.with_100_us", "µs"),
    Figure("a change nobody names, 1,000 automations", "automations", "idle.with_1000_us", "µs"),
    Figure("a change nobody names, 10,000 automations", "automations", "idle.with_10000_us", "µs"),
    Figure("  10,000 automations, times 10", "automations", "idle.ratio", "x", most=1.25),
    Figure("a waiting run, of 10,000", "automations", "waiting.run_bytes", "bytes", most=20_480),
    Figure("start of 10,000 runs", "automations", "waiting.start_s", "s"),
    Figure("stop of 10,000 runs", "automations", "waiting.stop_s", "s"),
    Figure("start of 10,000 runs of one automation", "automations", "crowd.start_s", "s"),
    Figure("stop of 10,000 runs of one automation", "automations", "crowd.stop_s", "s"),
    Figure("run of ten actions without a trace", "automations", "traces.untraced_us", "µs"),
    Figure("  what its trace costs", "automations", "traces.trace_us", "µs"),
    Figure("GET of a state, nothing else, p99", "hostile", "quiet.p99_ms", "ms"),
    *(
        Figure(f"GET of a state, meanwhile {case}, p99", "hostile", f"{case}.p99_ms", "ms", most=50)
        for case in (
            "ring of 100", "repeat while true", "repeat with delay 0", "repeat with events",
            "too big", "too long", "refused",
        )
    ),
    Figure("hub stalled by 10,000 recorded changes/s, longest", "recorder", "10,000 changes/s.hub_stall_ms", "ms"),
    Figure("1,000 WebSocket clients, 100 changes/s each, p50", "ws", "p50_ms", "ms"),
    Figure("1,000 WebSocket clients, 100 changes/s each, p99", "ws", "p99_ms", "ms", most=100),
    Figure("  of them lost", "ws", "missing", most=0),
    Figure("  the server's share of a core", "ws", "server_cpu_percent", "%"),
    Figure("memory of an idle WebSocket client", "ws", "idle_client_kb", "KB", most=60),
    Figure("interface, home page of the demo home, first visit", "ui", "demo.home.cold.shown_ms.best", "ms", most=1000),
    Figure("  again", "ui", "demo.home.warm.shown_ms.best", "ms", most=1000),
    Figure("interface, 50,000 registered entities: home page", "ui", "large.home.cold.shown_ms.best", "ms"),
    Figure("  again", "ui", "large.home.warm.shown_ms.best", "ms", most=1000),
    Figure("  entities, first visit", "ui", "large.entities.cold.shown_ms.best", "ms", most=2000),
    Figure("  again", "ui", "large.entities.warm.shown_ms.best", "ms", most=2000),
    Figure("  a search among them", "ui", "large.entities.warm.search_ms.best", "ms"),
    Figure("  memory of the browser's tab", "ui", "large.entities.warm.memory_mb.best", "MB", most=250),
    Figure("  devices", "ui", "large.devices.warm.shown_ms.best", "ms", most=2000),
    Figure("  areas", "ui", "large.areas.warm.shown_ms.best", "ms", most=2000),
    Figure("  a change of state until it is painted, p50", "ui", "large.change.quiet.p50_ms", "ms", most=50),
    Figure("  the same while 200 others change a second, p50", "ui", "large.change.busy.p50_ms", "ms", most=50),
    Figure("2,500 entities: one state written", "native", "write_ms", "ms", most=50),
    Figure("2,500 entities: one state read", "native", "read_ms", "ms", most=50),
    Figure("2,500 entities: health", "native", "health_ms", "ms", most=20),
    Figure("2,500 entities: config", "native", "config_ms", "ms", most=20),
    Figure("2,500 entities: one service call", "native", "call_ms", "ms", most=100),
    Figure("2,500 entities: one search", "native", "search_ms", "ms", most=100),
    Figure("2,500 entities: a template over all of them", "native", "template_ms", "ms", most=50),
    Figure("2,500 entities: all states", "native", "all_states_ms", "ms", most=50),
    Figure("writes/s, one after the other", "native", "writes_per_s", least=100),
    Figure("health, 50 at once", "native", "health_at_once_s", "s", most=2),
    Figure("50 new entities at once", "native", "new_entities_at_once_s", "s", most=3),
    Figure("100 writers at once", "native", "connections_at_once_s", "s", most=5),
    Figure("inside one write, on average", "native", "latency_avg_us", "us", most=100),
    Figure("memory of all processes, 2,500 entities", "native", "memory_mb", "MB", most=150),
    Figure("port open after", "native", "startup_ms", "ms", most=5000),
)


def run_bench(bench: Bench, *, quick: bool) -> Numbers:
    """Medians of the runs' figures.

    Raises:
        subprocess.SubprocessError: it failed or took longer than ten minutes. An exit code of 1 is a short figure.
    """
    runs = [_run_once(bench, quick) for _ in range(1 if quick else bench.runs)]
    return {name: _median([run[name] for run in runs]) for name in runs[0]}


def _run_once(bench: Bench, quick: bool) -> Numbers:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        command = [sys.executable, "-m", *bench.arguments, *(bench.quick if quick else ())]
        if bench.writes_file:
            command += ["--json", str(file)]
        done = subprocess.run(command, stdout=subprocess.PIPE, timeout=TIME_LIMIT_S, cwd=RESULTS.parents[1])
        if done.returncode not in (0, 1) or (bench.writes_file and not file.exists()):
            raise ValueError(f"it ended with code {done.returncode} and without figures")
        for line in done.stdout.decode(errors="replace").splitlines() if bench.writes_file else ():
            if "not measured" in line:
                print(f" {line} …", end="", file=sys.stderr)
        found: Numbers = json.loads(file.read_bytes() if bench.writes_file else done.stdout)
        return found


def _median(values: list[Any]) -> Any:
    return values[0] if isinstance(values[0], dict) else statistics.median(values)


def table(results: Mapping[str, Numbers], write: Callable[[str], None] = print) -> list[str]:
    """Write the table; the titles of the figures that fall short."""
    short = []
    write(f"{'figure':<52}{'wanted':>14}{'seen':>14}  ")
    for figure in FIGURES:
        value = figure.seen(results)
        if value is None:
            continue
        goal = ""
        if figure.most is not None:
            goal = f"<= {_number(figure.most)} {figure.unit}"
        if figure.least is not None:
            goal = f">= {_number(figure.least)} {figure.unit}"
        verdict = ""
        if goal:
            verdict = "SHORT" if figure.is_short(value) else "ok"
            short += [figure.title] if verdict == "SHORT" else []
        shown = f"{_number(value)} {figure.unit}".strip()
        write(f"{figure.title:<52}{goal.strip():>14}{shown:>14}  {verdict}".rstrip())
    return short


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.3f}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "load_1m": round(os.getloadavg()[0], 2),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHES), help="these instead of all")
    parser.add_argument("--quick", action="store_true", help="short runs: rough figures in a minute")
    parser.add_argument("--out", type=Path, help="where the JSON goes  [default: loadtests/results/<date>.json]")
    options = parser.parse_args()
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H%M%SZ")
    report: dict[str, Any] = {"time": stamp, "quick": options.quick, "machine": machine()}
    results: dict[str, Numbers] = {}
    failed: list[str] = []
    for name in options.only or BENCHES:
        began = time.monotonic()
        print(f"{name} …", end="", flush=True, file=sys.stderr)
        try:
            results[name] = run_bench(BENCHES[name], quick=options.quick)
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            failed.append(name)
            report.setdefault("failures", {})[name] = str(error)
        print(f" {time.monotonic() - began:.0f} s", file=sys.stderr)
    short = table(results)
    report |= {"results": results, "short": short}
    out = options.out or RESULTS / f"{stamp}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(f"\nwritten to {os.path.relpath(out)}")
    for name in failed:
        print(f"the benchmark {name} failed: {report['failures'][name]}", file=sys.stderr)
    if short:
        print(f"short: {', '.join(short)}", file=sys.stderr)
    return 1 if short or failed else 0


if __name__ == "__main__":
    sys.exit(main())
