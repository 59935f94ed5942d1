"""When Python looks for cyclic garbage. A full look at 50,000 entities holds the hub for 350 ms, so it is planned.

Connections, runs and removed entities end as cycles. What lived when the home had started is frozen, so that a look at
what came since is cheap and can be had every minute; only the rare full look walks everything. When thousands of
devices have announced themselves, what came is large and nearly all of it lives: it is frozen without a look.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from marge.actors.runtime import PinnedActor

log = structlog.get_logger("marge.actors")

THRESHOLDS = (20_000, 5, 100_000)
"""Young objects are looked at often and cheaply, at most 100,000 at once; the old ones only by this actor."""
FIRST_AFTER_S = 20.0
"""Once the devices have announced themselves: what lives then will live long."""
EVERY_S = 60.0
MANY = 150_000
"""Objects that have grown old since the last freeze: a look at them would hold the hub for 50 ms and more."""
AFTER_MANY_S = 3_600.0
"""They are looked at in the next full look, which comes no later than that."""
SHARE = 0.001
"""The looks take at most this part of the time: after a slow one the next comes later."""
FULL_EVERY_S = 6 * 3600.0
NOTABLE_S = 0.1


@contextmanager
def no_collections() -> Iterator[None]:
    """While a home is read and started: no look at what is being made, and none later at what has been made.

    Reading 10 MB of YAML takes half of the time without them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class GarbageCollector(PinnedActor):
    """Collects what came since the start every minute, and everything every six hours; then freezes what lives.

    Takes only its own `collect`. Restores Python's defaults when it stops.
    """

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._full_at = 0.0
        self._figures: dict[str, Any] = {
            "collections": 0, "found": 0, "last_ms": 0.0, "last_found": 0, "frozen_unseen": 0,
        }  # fmt: skip

    def on_start(self) -> None:
        gc.set_threshold(*THRESHOLDS)
        self._full_at = self.system.clock.monotonic() + FULL_EVERY_S
        self.system.clock.after(FIRST_AFTER_S, self.actor_ref, "collect")

    def on_receive(self, message: Any) -> None:
        now = self.system.clock.monotonic()
        first, full = not self._figures["collections"], now >= self._full_at
        if not full and len(gc.get_objects(generation=2)) > MANY:
            gc.freeze()
            self._full_at = min(self._full_at, now + AFTER_MANY_S)
            self._figures["frozen_unseen"] += 1
        began = time.thread_time()  # not by the clock: a busy machine would make the looks rare when garbage is most
        if full:
            self._full_at = now + FULL_EVERY_S
            gc.unfreeze()
        found = gc.collect()
        if first or full:
            gc.freeze()
        took = time.thread_time() - began
        self._figures.update(
            collections=self._figures["collections"] + 1, found=self._figures["found"] + found,
            last_ms=round(took * 1000, 1), last_found=found,
        )
        if took > NOTABLE_S:
            log.info("collected garbage", ms=round(took * 1000), found=found, full=full)
        self.system.clock.after(max(EVERY_S, took / SHARE), self.actor_ref, "collect")

    def on_stop(self) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._before)

    def describe(self) -> dict[str, Any]:
        return {**self._figures, "frozen": gc.get_freeze_count(), "young": gc.get_count()[0]}
