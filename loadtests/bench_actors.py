"""Entity actors beside pykka's ThreadingActor, and a state change's way to a subscriber, in one run.

Run: python -m loadtests.bench_actors
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import pykka  # noqa: E402
import structlog  # noqa: E402

from marge.actors import ActorSystem  # noqa: E402
from marge.entities import Entities, WriteState  # noqa: E402
from marge.entities.messages import OwnerChanged  # noqa: E402
from marge.model import STATE_CHANGED, Context, Event, ReadOnlyDict, State  # noqa: E402

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))

ENTITIES = 50_000
THREADING_ACTORS = 10_000  # 50,000 of them take minutes and a gigabyte; the figures are per actor
TELLS = 200_000
PASSES = 5
"""Of the tells, for a median: one takes part of a second, and other programs run on the machine, too."""
CHANGES = 100_000
SAMPLES = 20_000


def rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def attributes(number: int) -> dict[str, Any]:
    """Six attributes, as a temperature sensor of zigbee2mqtt has."""
    return {
        "state_class": "measurement",
        "unit_of_measurement": "°C",
        "device_class": "temperature",
        "battery": 80 + number % 20,
        "linkquality": 100 + number % 100,
        "friendly_name": f"Sensor {number}",
    }


def entity_actors() -> tuple[dict[str, float], ActorSystem, Entities]:
    """Start 50,000 entities with a state each; then tell them things."""
    system = ActorSystem()
    entities = Entities(system, {})
    gc.collect()
    before, began = rss(), time.perf_counter()
    now = time.time()
    for number in range(ENTITIES):
        entity_id = f"sensor.bench_{number}"
        entities.restore(State(entity_id, "20.5", attributes(number), now, now, now, Context()), None)
    system.settle()
    started = time.perf_counter() - began
    gc.collect()
    memory = (rss() - before) / ENTITIES
    # As many as the yardstick has, so that both have the same share of the processor's caches; all are loaded.
    refs = [system.ref(f"/entities/sensor.bench_{number}") for number in range(THREADING_ACTORS)]
    # A virtual entity takes OwnerChanged and has nothing to do: like the yardstick's handler.
    rate = tells([ref for ref in refs if ref is not None], OwnerChanged(), lambda: system.settle(1))
    return {"start_s": started, "bytes": memory, "tells_per_s": rate}, system, entities


class Quiet(pykka.ThreadingActor):
    """The yardstick: pykka's own actor, a patched thread (so a greenlet) each, holding a state."""

    use_daemon_thread = True  # with the default, starting 50,000 takes four minutes

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def on_receive(self, message: Any) -> None:
        return None


def threading_actors() -> dict[str, float]:
    gc.collect()
    before, began = rss(), time.perf_counter()
    now = time.time()
    refs = []
    for number in range(THREADING_ACTORS):
        state = State(f"sensor.bench_{number}", "20.5", attributes(number), now, now, now, Context())
        refs.append(Quiet.start(state))
    gevent.sleep(0.2)
    started = time.perf_counter() - began
    gc.collect()
    memory = (rss() - before) / THREADING_ACTORS
    asked = refs[-1]
    rate = tells(refs, "nothing", lambda: asked.ask("done"))
    return {"start_s": started * ENTITIES / THREADING_ACTORS, "bytes": memory, "tells_per_s": rate}


def tells(refs: list[Any], message: Any, wait: Any) -> float:
    """Messages a second of processor time: sent in bursts over all actors, until all are handled.

    Nothing here waits, so on a machine without other work this is the time on the wall.
    """
    rates = []
    count = len(refs)
    for _ in range(PASSES):
        began = time.process_time()
        for number in range(TELLS):
            refs[number % count].tell(message)
            if number % 1000 == 999:
                wait()
        wait()
        rates.append(TELLS / (time.process_time() - began))
    return statistics.median(rates)


def state_changes(system: ActorSystem, entities: Entities) -> dict[str, float]:
    """Changes a second with one subscriber, and the time from `tell` to the subscriber of that entity."""
    heard = 0

    def count(_event: Event) -> None:
        nonlocal heard
        heard += 1

    subscription = system.bus.subscribe(count, STATE_CHANGED)
    shown = ReadOnlyDict(attributes(0))
    began = time.perf_counter()
    for number in range(CHANGES):
        ref = system.ref(f"/entities/sensor.bench_{number % ENTITIES}")
        assert ref is not None
        ref.tell(WriteState(str(number), shown, Context()))
        if number % 1000 == 999:
            system.settle(1)
    system.settle()
    rate = heard / (time.perf_counter() - began)
    subscription.cancel()
    return {"changes_per_s": rate, **latencies(system)}


def latencies(system: ActorSystem) -> dict[str, float]:
    """Single changes, as devices report them: from `tell` to the call of the subscriber, in ms."""
    samples: list[float] = []
    sent = 0.0

    def note(_event: Event) -> None:
        samples.append(time.perf_counter() - sent)

    shown = ReadOnlyDict(attributes(0))
    for number in range(SAMPLES):
        entity_id = f"sensor.bench_{number * 7 % ENTITIES}"
        subscription = system.bus.subscribe(note, STATE_CHANGED, entity_id)
        ref = system.ref(f"/entities/{entity_id}")
        assert ref is not None
        sent = time.perf_counter()
        ref.tell(WriteState(f"x{number}", shown, Context()))
        while len(samples) <= number:
            gevent.sleep(0)
        subscription.cancel()
    samples.sort()
    return {"p50_ms": samples[len(samples) // 2] * 1000, "p99_ms": samples[len(samples) * 99 // 100] * 1000}


def ours() -> dict[str, float]:
    """The figures of Marge's entity actors."""
    figures, system, entities = entity_actors()
    changes = state_changes(system, entities)
    stop_began = time.perf_counter()
    system.shutdown(timeout=60)
    return {**figures, **changes, "stop_s": time.perf_counter() - stop_began}


def measure() -> dict[str, float]:
    """All figures of this file, by name. Each side in a process of its own, so that neither uses
    memory that the other has freed."""
    parts: dict[str, dict[str, float]] = {}
    for part in ("ours", "theirs"):
        command = [sys.executable, "-m", "loadtests.bench_actors", part]
        parts[part] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=300).stdout)
    mine, theirs = parts["ours"], parts["theirs"]
    return {
        "entity_bytes": mine["bytes"],
        "entity_start_50k_s": mine["start_s"],
        "entity_stop_50k_s": mine["stop_s"],
        "entity_tells_per_s": mine["tells_per_s"],
        "threading_bytes": theirs["bytes"],
        "threading_start_50k_s": theirs["start_s"],
        "threading_tells_per_s": theirs["tells_per_s"],
        "tells_ratio": mine["tells_per_s"] / theirs["tells_per_s"],
        "memory_ratio": mine["bytes"] / theirs["bytes"],
        "changes_per_s": mine["changes_per_s"],
        "change_p50_ms": mine["p50_ms"],
        "change_p99_ms": mine["p99_ms"],
    }


if __name__ == "__main__":
    chosen = {"ours": ours, "theirs": threading_actors}.get(sys.argv[1] if len(sys.argv) > 1 else "", measure)
    json.dump(chosen(), sys.stdout, indent=1)
    print(flush=True)
    os._exit(0)  # ten thousand daemon greenlets need no farewell
