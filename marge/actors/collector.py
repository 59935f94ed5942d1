"""When Python looks for cyclic garbage. A full look at 50,000 entities holds the hub for 350 ms, so it is planned."""

from __future__ import annotations

import gc
import time
from typing import Any

import structlog

from marge.actors.runtime import PinnedActor

log = structlog.get_logger("marge.actors")

THRESHOLDS = (20_000, 50, 1_000)
"""Young objects are looked at often and cheaply; the old generation practically only by this actor."""
FIRST_AFTER_S = 20.0
"""Once the house has been set up: what lives then will live long."""
EVERY_S = 6 * 3600.0
NOTABLE_S = 0.1


class GarbageCollector(PinnedActor):
    """Collects after the start and every six hours, then freezes what lives, so that no look in between walks it.

    Takes only its own `collect`. Restores Python's defaults when it stops.
    """

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._figures: dict[str, Any] = {"collections": 0, "last_ms": 0.0, "last_found": 0}

    def on_start(self) -> None:
        gc.set_threshold(*THRESHOLDS)
        self.system.clock.after(FIRST_AFTER_S, self.actor_ref, "collect")

    def on_receive(self, message: Any) -> None:
        began = time.perf_counter()
        gc.unfreeze()
        found = gc.collect()
        gc.freeze()
        took = time.perf_counter() - began
        self._figures.update(
            collections=self._figures["collections"] + 1, last_ms=round(took * 1000, 1), last_found=found
        )
        if took > NOTABLE_S:
            log.info("collected garbage", ms=round(took * 1000), found=found)
        self.system.clock.after(EVERY_S, self.actor_ref, "collect")

    def on_stop(self) -> None:
        gc.unfreeze()
        gc.set_threshold(*self._before)

    def describe(self) -> dict[str, Any]:
        return {**self._figures, "frozen": gc.get_freeze_count(), "young": gc.get_count()[0]}
