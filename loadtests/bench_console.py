"""The console open over a home of 60,000 actors: what it takes of the processor, how long it holds the hub; the ledger.

Run: python -m loadtests.bench_console [--actors N] [--seconds S]
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import structlog  # noqa: E402

from marge.actors import ActorSystem, ChildSpec, PinnedActor, Supervisor  # noqa: E402
from marge.actors.waits import deadlocks  # noqa: E402
from marge.config import load_home  # noqa: E402
from marge.console import console_of, set_up_console  # noqa: E402
from marge.console.ledger import Ledger  # noqa: E402
from marge.entities import Entities, StateTable, WriteState  # noqa: E402
from marge.home import Home  # noqa: E402
from marge.model import STATE_CHANGED, Context, Event, State  # noqa: E402
from marge.registries import Registries  # noqa: E402
from marge.services import ServiceRegistry  # noqa: E402
from marge.storage import Database, KeyValue  # noqa: E402
from marge.templating import TemplateEngine  # noqa: E402

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))

PINNED = 2_000
CHANGES_S = 500
LEDGER_SAMPLES = 200_000


class Waits(PinnedActor):
    """Has nothing to do, as most of a home's runs."""

    def on_receive(self, message: Any) -> None:
        return None


def make_home(folder: Path, actors: int) -> Home:
    """A home without a front door: `actors` actors in all, 2,000 of them pinned."""
    (folder / "configuration.yaml").write_text("", "utf-8")
    config = load_home(folder, {})
    system = ActorSystem()
    database = Database(config.marge.db_path)
    storage = KeyValue(database)
    entities = Entities(system, {}, StateTable())
    registries = Registries(storage, system.bus, system.clock)
    services = ServiceRegistry(system, entities, registries)
    templates = TemplateEngine(entities.states, registries.reader, config, system.clock.now)
    home = Home(system, entities.states, entities, services, registries, templates, config, storage)
    set_up_console(home)
    now = time.time()
    domains = ("sensor", "light", "switch", "binary_sensor", "number", "climate", "cover", "button")
    for number in range(actors - PINNED):
        entity_id = f"{domains[number % len(domains)]}.bench_{number}"
        entities.restore(State(entity_id, "1", {"n": number}, now, now, now, Context()), None)
        if number % 2_000 == 0:
            gevent.sleep(0)
    system.spawn(ChildSpec("bridges", Supervisor))
    for number in range(PINNED):
        system.spawn(ChildSpec(f"waits-{number}", Waits), "/bridges")
    system.settle()
    return home


@contextmanager
def holds() -> Iterator[list[float]]:
    """How long, in processor time, the hub was away from a greenlet that wants its turn every millisecond."""
    found: list[float] = []

    def beat() -> None:
        while True:
            before = time.thread_time()
            gevent.sleep(0.001)
            found.append(time.thread_time() - before)

    watcher = gevent.spawn(beat)
    try:
        gevent.sleep(0.05)
        found.clear()
        yield found
    finally:
        watcher.kill()


def watched(home: Home, seconds: int, changes_s: int) -> dict[str, float]:
    """The overview for so many seconds, while so many states change a second."""
    told: list[dict[str, Any]] = []
    sizes: list[int] = []
    ids = home.states.ids()
    running = True

    def change() -> None:
        number = 0
        while running:
            for _ in range(changes_s // 20):
                number += 1
                ref = home.system.ref(f"/entities/{ids[number * 7919 % len(ids)]}")
                assert ref is not None
                ref.tell(WriteState(str(number), {"n": number}, Context()))
            gevent.sleep(0.05)

    changer = gevent.spawn(change)

    def hear(one: dict[str, Any], made: bytes) -> None:
        told.append(one)
        sizes.append(len(made))

    with holds() as held:
        leave = console_of(home).viewers.join(hear)
        while len(told) < seconds:
            gevent.sleep(0.1)
        leave()
    running = False
    changer.join()
    costs = [one["cost"]["cpu"] for one in told[2:]]
    return {
        "cpu_percent": statistics.mean(costs) * 100,
        "cpu_percent_most": max(costs) * 100,
        "first_ms": told[0]["cost"]["ms"],
        "longest_hold_ms": max(held) * 1000,
        "kilobytes": statistics.mean(sizes) / 1024,
        "messages_s": told[-1]["totals"]["messages_s"],
    }


def lists(home: Home) -> dict[str, float]:
    """One page of the 58,000 children of `/entities`, guilty first, and a filter over all actors."""
    figures = {}
    for name, wish in (("page_ms", {"path": "/entities"}), ("filter_ms", {"text": "bench_4711"})):
        with holds() as held:
            began = time.thread_time()
            found = console_of(home).children(**wish)
            figures[name] = (time.thread_time() - began) * 1000
        assert found["rows"]
        figures[name.replace("_ms", "_hold_ms")] = max(held, default=0.0) * 1000
    began = time.thread_time()
    deadlocks(home.system, [])
    console_of(home).waits()
    figures["waits_ms"] = (time.thread_time() - began) * 1000
    return figures


def ledger() -> float:
    """What remembering costs a change of state, in µs."""
    system = ActorSystem()
    home: Any = type("Bare", (), {"bus": system.bus, "clock": system.clock})()
    old = State("sensor.a", "1", {}, 0.0, 0.0, 0.0, Context())
    new = State("sensor.a", "2", {}, 0.0, 0.0, 0.0, Context())
    event = Event(STATE_CHANGED, {"entity_id": "sensor.a", "old_state": old, "new_state": new}, Context(), 0.0)

    def publish() -> float:
        began = time.thread_time()
        for _ in range(LEDGER_SAMPLES):
            system.bus.publish(event, "sensor.a")
        return (time.thread_time() - began) / LEDGER_SAMPLES * 1e6

    without = min(publish() for _ in range(3))
    book = Ledger(home)
    with_it = min(publish() for _ in range(3))
    book.stop()
    system.shutdown()
    return with_it - without


def measure(actors: int, seconds: int) -> dict[str, Any]:
    figures: dict[str, Any] = {"ledger_us": ledger()}
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder), actors)
        gc.freeze()  # the server plans its full collections (`/memory`); here they would fall into what is measured
        gc.disable()
        figures["idle"] = watched(home, seconds, 0)
        figures["busy"] = watched(home, seconds, CHANGES_S)
        figures["lists"] = lists(home)
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", type=int, default=60_000)
    parser.add_argument("--seconds", type=int, default=15)
    given = parser.parse_args()
    json.dump(measure(given.actors, given.seconds), sys.stdout, indent=1)
    print(flush=True)
    os._exit(0)  # sixty thousand actors need no farewell
