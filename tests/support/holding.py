"""How long the hub is held at a time: what a greenlet notices that wants its turn every millisecond."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

import gevent

# Far above what the benchmarks allow, far below what an unbounded piece of work takes.
HELD_S = 0.5


@contextmanager
def holds() -> Iterator[list[float]]:
    """Seconds of this thread's processor time between two turns; complete at the end of the block.

    Neither other processes nor native threads count, so that a busy machine fails no test; nor does the collection of
    what all tests before have left (a running home keeps its own short, `marge.actors.collector`).
    """
    found: list[float] = []

    def beat() -> None:
        while True:
            before = time.thread_time()
            gevent.sleep(0.001)
            found.append(time.thread_time() - before)

    was_on = gc.isenabled()
    gc.disable()
    watcher = gevent.spawn(beat)
    try:
        gevent.sleep(0.01)
        yield found
        gevent.sleep(0.01)
    finally:
        watcher.kill()
        if was_on:
            gc.enable()
