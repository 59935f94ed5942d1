"""Automations: from a trigger to the service call, what those cost that have nothing to do, waiting runs, traces.

Run: python -m loadtests.bench_automations [--quick] [--json FILE]

Each part runs in a process of its own, in a whole home without bridges: recorder, registries and traces are there.
"""

from __future__ import annotations

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # as the program does

import argparse  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import structlog  # noqa: E402

from marge.automations.loading import load_automations  # noqa: E402
from marge.automations.owner import RunActor  # noqa: E402
from marge.automations.shared import shared_of  # noqa: E402
from marge.home import Home  # noqa: E402
from marge.model import Context, Event  # noqa: E402
from tests.support.home import home_server  # noqa: E402

ENTITIES = 10_000
AUTOMATIONS = 1_000
BOOLEANS = 100
IDLE_STEPS = (10, 100, 1_000, 10_000)
RUNS = 10_000
ACTIONS = 10
DEADLINE_S = 120.0
CONFIGURATION = "input_boolean:\n" + "".join(f"  b{number}:\n" for number in range(BOOLEANS))

Numbers = dict[str, Any]


def rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def wait_until(holds: Callable[[], bool], pause_s: float = 0.005) -> None:
    """Let the home work until it is so.

    Raises:
        TimeoutError: it is not so after two minutes.
    """
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the home did not get there")
        gevent.sleep(pause_s)


def settle(home: Home) -> None:
    home.system.settle(12)


def fill(home: Home, count: int = ENTITIES) -> None:
    """Sensors, each with the attributes of a real one."""
    for number in range(count):
        attributes = {"unit_of_measurement": "°C", "device_class": "temperature", "friendly_name": f"Bench {number}"}
        home.entities.seed(f"sensor.bench_{number}", "0", attributes)
        if number % 500 == 0:
            settle(home)
    settle(home)


def load(home: Home, automations: list[dict[str, Any]]) -> float:
    """Load these; the seconds it took until all have attached their triggers."""
    began = time.perf_counter()
    load_automations(home, automations)
    settle(home)
    return time.perf_counter() - began


def write(home: Home, entity_id: str, value: object) -> None:
    home.entities.write(entity_id, str(value), {"unit_of_measurement": "°C"}, Context.new())


# -- the parts -------------------------------------------------------------------------------------------------------


def reaction(home: Home, quick: bool) -> Numbers:
    """From the begin of a state's write to the service call that it triggers, and to what the call changes."""
    samples = 300 if quick else 3_000
    fill(home)
    took = load(home, [
        {
            "id": f"bench_{number}", "alias": f"Bench {number}", "mode": "single",
            "triggers": [{"trigger": "state", "entity_id": f"sensor.bench_{number}"}],
            "conditions": [{"condition": "template", "value_template": "{{ trigger.to_state.state | int >= 0 }}"}],
            "actions": [
                {"action": "input_boolean.toggle", "target": {"entity_id": f"input_boolean.b{number % BOOLEANS}"}}
            ],
        }
        for number in range(AUTOMATIONS)
    ])  # fmt: skip
    called: list[float] = []
    changed: list[float] = []
    home.bus.subscribe(lambda _event: called.append(time.perf_counter()), "call_service")
    for number in range(BOOLEANS):
        home.entities.follow(lambda _event: changed.append(time.perf_counter()), f"input_boolean.b{number}")
    to_call: list[float] = []
    to_change: list[float] = []
    cpu: list[float] = []
    for sample in range(samples):
        number = sample * 7 % AUTOMATIONS
        called.clear()
        changed.clear()
        busy, began = time.process_time(), time.perf_counter()
        write(home, f"sensor.bench_{number}", sample + 1)
        wait_until(lambda: bool(changed), pause_s=0)
        to_call.append(called[0] - began)
        to_change.append(changed[0] - began)
        settle(home)  # the run is over and its trace kept, before the next one
        cpu.append(time.process_time() - busy)
    return {
        "load_1000_s": took,
        "call_p50_ms": statistics.median(to_call) * 1000,
        "call_p99_ms": statistics.quantiles(to_call, n=100)[98] * 1000,
        "effect_p50_ms": statistics.median(to_change) * 1000,
        "effect_p99_ms": statistics.quantiles(to_change, n=100)[98] * 1000,
        "cpu_p50_us": statistics.median(cpu) * 1e6,
        "cpu_p99_us": statistics.quantiles(cpu, n=100)[98] * 1e6,
    }


def idle(home: Home, quick: bool) -> Numbers:
    """A state change that no automation names, with more and more automations that name other entities."""
    changes, passes = (200, 10) if quick else (500, 30)
    fill(home)
    figures: Numbers = {}
    for count in IDLE_STEPS:
        load(home, [_other(number) for number in range(count)])
        gc.collect()
        seen = []
        for each in range(passes):
            busy = time.process_time()
            for change in range(changes):
                write(home, f"sensor.bench_{change}", f"{each}.{change}")
            settle(home)
            seen.append((time.process_time() - busy) / changes)
        figures[f"with_{count}_us"] = statistics.median(seen) * 1e6
    figures["ratio"] = figures[f"with_{IDLE_STEPS[-1]}_us"] / figures[f"with_{IDLE_STEPS[0]}_us"]
    return figures


def _other(number: int) -> dict[str, Any]:
    """An automation that names an entity of the second half, with each of the usual kinds of triggers."""
    entity_id = f"sensor.bench_{ENTITIES // 2 + number // 2 % (ENTITIES // 2)}"
    triggers: tuple[dict[str, Any], ...] = (
        {"trigger": "state", "entity_id": entity_id, "to": "on"},
        {"trigger": "numeric_state", "entity_id": entity_id, "above": 100},
        {"trigger": "template", "value_template": "{{ states('" + entity_id + "') | float > 100 }}"},
        {"trigger": "event", "event_type": f"bench_{number}"},
    )
    return {
        "id": f"other_{number}", "alias": f"Other {number}", "triggers": [triggers[number % len(triggers)]],
        "actions": [{"event": "hit"}],
    }


def waiting(home: Home, quick: bool) -> Numbers:
    """Ten thousand runs that wait for an hour, of a hundred automations: their memory, their start, their end."""
    automations, each = 100, RUNS // 100
    load(home, [
        {
            "id": f"wait_{number}", "alias": f"Wait {number}", "mode": "parallel", "max": each,
            "triggers": [{"trigger": "event", "event_type": "go"}],
            "actions": [{"delay": {"hours": 1}}, {"event": "hit"}],
        }
        for number in range(automations)
    ])  # fmt: skip
    home.bus.publish(Event("warm", {}, Context.new(), home.clock.now()))
    gc.collect()
    before, began = rss(), time.perf_counter()
    for number in range(1, each + 1):
        home.bus.publish(Event("go", {}, Context.new(), home.clock.now()))
        _until_started(home, number * automations)
    wait_until(lambda: _waiting_runs(home) == RUNS, 0.1)
    started = time.perf_counter() - began
    gc.collect()
    memory = rss() - before
    busy = time.process_time()
    gevent.sleep(2.0)
    idle_cpu = (time.process_time() - busy) / 2.0
    began = time.perf_counter()
    home.services.call("automation", "turn_off", {"entity_id": "all"}, None, Context.new(), timeout=DEADLINE_S)
    wait_until(lambda: not _runs(home), 0.05)
    return {
        "run_bytes": memory / RUNS,
        "start_s": started,
        "stop_s": time.perf_counter() - began,
        "idle_cpu_percent": idle_cpu * 100,
    }


def _runs(home: Home) -> list[str]:
    return [path for path in home.system.paths() if "/run-" in path]


def _until_started(home: Home, count: int) -> None:
    wait_until(lambda: shared_of(home).total_runs >= count, 0.001)


def _waiting_runs(home: Home) -> int:
    actors = [home.system.actor(path) for path in _runs(home)]
    return sum(1 for actor in actors if isinstance(actor, RunActor) and actor.run.waited)


def crowd(home: Home, quick: bool) -> Numbers:
    """The same of one automation alone, whose every start and end concerns all of them."""
    load(home, [{
        "id": "crowd", "alias": "Crowd", "mode": "parallel", "max": RUNS,
        "triggers": [{"trigger": "event", "event_type": "go"}], "actions": [{"delay": {"hours": 1}}],
    }])  # fmt: skip
    began = time.perf_counter()
    for number in range(RUNS):
        home.bus.publish(Event("go", {}, Context.new(), home.clock.now()))
        if number % 100 == 99:  # more at once than an automation takes are dropped
            _until_started(home, number + 1)
    wait_until(lambda: _waiting_runs(home) == RUNS, 0.1)
    started = time.perf_counter() - began
    began = time.perf_counter()
    home.services.call("automation", "turn_off", {"entity_id": "all"}, None, Context.new(), timeout=DEADLINE_S)
    wait_until(lambda: not _runs(home), 0.05)
    return {"start_s": started, "stop_s": time.perf_counter() - began}


def traces(home: Home, quick: bool) -> Numbers:
    """A run of ten actions with its trace kept, and without."""
    rounds, passes = (50, 10) if quick else (100, 30)
    actions = [{"variables": {f"v{number}": "{{ 1 + 1 }}"}} for number in range(ACTIONS)]
    load(home, [
        {
            "id": name, "alias": name, "trace": {"stored_traces": kept}, "mode": "queued", "max": rounds,
            "triggers": [{"trigger": "event", "event_type": name}], "actions": actions,
        }
        for name, kept in (("traced", 5), ("untraced", 0))
    ])  # fmt: skip
    seen: dict[str, list[float]] = {"traced": [], "untraced": []}
    for _ in range(passes):
        for name, found in seen.items():
            busy = time.process_time()
            for _ in range(rounds):
                home.bus.publish(Event(name, {}, Context.new(), home.clock.now()))
                settle(home)
            found.append((time.process_time() - busy) / rounds * 1e6)
    traced, untraced = (statistics.median(seen[name]) for name in ("traced", "untraced"))
    return {"traced_us": traced, "untraced_us": untraced, "trace_us": traced - untraced}


PARTS: dict[str, Callable[[Home, bool], Numbers]] = {
    "reaction": reaction, "idle": idle, "waiting": waiting, "crowd": crowd, "traces": traces,
}  # fmt: skip


def run_part(name: str, quick: bool) -> Numbers:
    """One part in a home of its own, in this process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with home_server(CONFIGURATION, with_users=False) as server:
        server.wait()
        return PARTS[name](server.home, quick)


def in_process_of_its_own(name: str, quick: bool) -> Numbers:
    """One part in another process.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", "loadtests.bench_automations", "--part", name, *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: Numbers = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", choices=PARTS, help="this one only, in this process")
    parser.add_argument("--quick", action="store_true", help="fewer samples")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    if options.part:
        print(json.dumps(run_part(options.part, options.quick)))
        return
    figures = {name: in_process_of_its_own(name, options.quick) for name in PARTS}
    for name, numbers in figures.items():
        print(f"{name:<10}" + "  ".join(f"{key} {value:,.2f}" for key, value in numbers.items()))
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
