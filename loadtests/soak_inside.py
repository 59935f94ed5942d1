"""The server's half of the soak: the ordinary server, and a greenlet in it that writes figures down. Started by `soak`.

Run: python -m loadtests.soak_inside HOME FIGURES   (FIGURES: a file of JSON lines; SIGUSR1 asks for the last line)
"""

from __future__ import annotations

from gevent import config, monkey

monkey.patch_all()
config.track_greenlet_tree = False  # as the server does

import ctypes  # noqa: E402
import gc  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import greenlet  # noqa: E402
import psutil  # noqa: E402

from marge import log  # noqa: E402
from marge.app import Running, run  # noqa: E402
from marge.config import load_home  # noqa: E402

EVERY_S = 10.0
TYPES_SHOWN = 400


class _MallocFigures(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [  # noqa: RUF012 - ctypes wants a list
        ("arena", ctypes.c_size_t), ("ordblks", ctypes.c_size_t), ("smblks", ctypes.c_size_t),
        ("hblks", ctypes.c_size_t), ("hblkhd", ctypes.c_size_t), ("usmblks", ctypes.c_size_t),
        ("fsmblks", ctypes.c_size_t), ("uordblks", ctypes.c_size_t), ("fordblks", ctypes.c_size_t),
        ("keepcost", ctypes.c_size_t),
    ]  # fmt: skip


def malloc_figures() -> dict[str, float]:
    """What glibc has handed out and what it keeps free, in MB (Python's small objects are not among it), and how many
    small objects there are."""
    figures: dict[str, float] = {"small_objects": sys.getallocatedblocks()}
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except AttributeError:  # another C library
        return {"malloc_used_mb": 0.0, "malloc_free_mb": 0.0, **figures}
    mallinfo.restype = _MallocFigures
    found = mallinfo()
    used, free = found.uordblks + found.hblkhd, found.fordblks
    return {"malloc_used_mb": round(used / 1e6, 1), "malloc_free_mb": round(free / 1e6, 1), **figures}


class Probe:
    """Samples one running home.

    Objects are counted by type among those that the garbage collector tracks and has not frozen: what grows is there.
    """

    def __init__(self, running: Running, file: Path) -> None:
        self._running = running
        self._file = file
        self._began = time.monotonic()
        self._process = psutil.Process()
        gevent.spawn(self._work)
        gevent.signal_handler(signal.SIGUSR1, lambda: gevent.spawn(self._last))

    def _work(self) -> None:
        while True:
            self._write(self.sample())
            gevent.sleep(EVERY_S)

    def sample(self) -> dict[str, Any]:
        """One line of figures; times are seconds since the start."""
        running = self._running
        system, database = running.system, running.config.marge.db_path
        types, greenlets = _objects()
        watchdog, dispatcher = running.watchdog, system.dispatcher
        return {
            "t": round(time.monotonic() - self._began, 1),
            "rss_mb": round(self._process.memory_info().rss / 1e6, 1),
            **malloc_figures(),
            "fds": self._process.num_fds(),
            "threads": self._process.num_threads(),
            "greenlets": greenlets,
            "objects": sum(types.values()),
            "actors": len(system),
            "timers": system.clock.pending(),
            "timer_entries": sum(len(heap) for heap in system.clock._heaps),
            "subscriptions": sum(system.bus.listener_counts().values()),
            "websockets": running.ws_connections(),
            "dead_letters": system.dead_letters.total,
            "dead_by_reason": dict(system.dead_letters.by_reason),
            "db_mb": round(sum(each.stat().st_size for each in database.parent.glob(f"{database.name}*")) / 1e6, 2),
            "changes": running.home.states.changes,
            "slow_turns": dispatcher.slow_turns,
            "replaced_workers": dispatcher.replaced_workers,
            "held": watchdog.held_count,
            "longest_ms": round(watchdog.longest_s * 1000),
            "types": dict(types.most_common(TYPES_SHOWN)),
        }

    def _last(self) -> None:
        """What a full collection finds now (cycles that nobody had collected), and the figures after it."""
        gc.unfreeze()
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        gc.set_debug(0)
        found = Counter(_name(type(each)) for each in gc.garbage)
        gc.garbage.clear()
        gc.collect()
        holds = [hold for hold in self._running.watchdog.holds if "soak_inside" not in "".join(hold["stack"])]
        self._write(self.sample() | {"last": True, "cycles": dict(found.most_common(40)), "holds": holds})

    def _write(self, figures: dict[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(figures) + "\n")


def _objects() -> tuple[Counter[str], int]:
    """Tracked objects by type, and how many greenlets are among them."""
    # A native thread must not run meanwhile: our references to its half-made tuples would be its SystemError.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60.0)
    try:
        kinds = Counter(map(type, gc.get_objects()))
    finally:
        sys.setswitchinterval(interval)
    types = Counter({_name(kind): count for kind, count in kinds.items()})
    return types, sum(count for kind, count in kinds.items() if issubclass(kind, greenlet.greenlet))


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def main() -> None:
    """Run the home of the first argument until SIGTERM."""
    directory, file = Path(sys.argv[1]), Path(sys.argv[2])
    home = load_home(directory, os.environ)
    log.configure(home.marge.log_level, home.marge.log_format, home.marge.log_levels)

    def watch(running: Running) -> None:
        Probe(running, file)

    sys.exit(run(home, watch))


if __name__ == "__main__":
    main()
