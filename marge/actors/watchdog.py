"""The watchdog: a native thread beside the hub. It names who holds the hub, and ends a process whose hub stands still.

gevent cannot interrupt a handler that computes or blocks in C, and no greenlet can watch the hub from inside.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from collections import deque
from types import FrameType
from typing import Any, NamedTuple, TextIO

import gevent
from gevent import monkey

from marge.actors.runtime import PinnedActor
from marge.actors.system import ActorSystem
from marge.util.frames import inner_frames

BEAT_S = 0.025
HELD_S = 0.050
"""The hub is held when no greenlet got a turn for this long."""
LOOK_S = 0.050
STALL_DUMP_S = 10.0
STALL_EXIT_S = 60.0
EXIT_CODE = 70
HOLDS_KEPT = 50
SECONDS_KEPT = 300
"""Of the hub's history: how late it was, and how much of the processor it took, each second."""
_STACK_DEPTH = 6


class Second(NamedTuple):
    """One second of the hub. `time`: UTC epoch seconds of its end.

    Attributes:
        late_s: how long a greenlet waited for its turn at most.
        computed: part of the second that the hub's thread had the processor, 0 to 1.
        turns: part of it that shared actors had their turns.
    """

    time: float
    late_s: float
    computed: float
    turns: float


class Watchdog:
    """Watches the hub of the thread that makes it.

    Args:
        dump_s, exit_s: after how long a stall dumps all stacks to `stream`, and ends the process with code 70.
        exit: ends the process; replaced in tests.
    """

    def __init__(
        self,
        system: ActorSystem,
        dump_s: float = STALL_DUMP_S,
        exit_s: float = STALL_EXIT_S,
        stream: TextIO | None = None,
        exit: Any = os._exit,
    ) -> None:
        self.holds: deque[dict[str, Any]] = deque(maxlen=HOLDS_KEPT)
        self.held_count = 0
        self.longest_s = 0.0
        self._system = system
        self._dump_s, self._exit_s = dump_s, exit_s
        self._stream = stream or sys.stderr
        self._exit = exit
        self._beats = (time.monotonic(), 0.0)
        self.seconds: deque[Second] = deque(maxlen=SECONDS_KEPT)
        self._running = False
        self._hub_thread = monkey.get_original("threading", "get_ident")()
        self._sleep = monkey.get_original("time", "sleep")
        self._heart: gevent.Greenlet | None = None

    def start(self) -> None:
        """Begin to watch. On the hub's thread."""
        self._running = True
        self._heart = gevent.spawn(self._beat)
        monkey.get_original("_thread", "start_new_thread")(self._watch, ())

    def stop(self) -> None:
        """Stop watching; no later stall ends the process."""
        self._running = False
        if self._heart is not None:
            self._heart.kill(block=False)

    def describe(self) -> dict[str, Any]:
        """Who held the hub lately, and how often it was held."""
        return {
            "held": self.held_count,
            "longest_ms": round(self.longest_s * 1000),
            "latest": list(self.holds),
        }

    def _beat(self) -> None:
        latest, computed = time.monotonic(), time.thread_time()
        begun, worst, busy = latest, 0.0, self._system.dispatcher.busy_s
        while self._running:
            now = time.monotonic()
            self._beats = (now, time.thread_time())
            worst, latest = max(worst, now - latest - BEAT_S), now
            if now - begun >= 1.0:
                span, before, busy_before = now - begun, computed, busy
                computed, busy = self._beats[1], self._system.dispatcher.busy_s
                self.seconds.append(
                    Second(time.time(), max(0.0, worst), (computed - before) / span, (busy - busy_before) / span)
                )
                begun, worst = now, 0.0
            gevent.sleep(BEAT_S)

    def _watch(self) -> None:
        """The native thread. Uses nothing that gevent has patched."""
        suspect: dict[str, Any] | None = None
        suspect_beat = suspect_computed = 0.0
        dumped = False
        while self._running:
            self._sleep(LOOK_S)
            beat, computed = self._beats
            silent = time.monotonic() - beat - BEAT_S
            if suspect is not None and beat != suspect_beat:
                self._note(suspect, beat - suspect_beat, computed - suspect_computed)
                suspect, dumped = None, False
            if silent < HELD_S:
                continue
            if suspect is None:
                suspect, suspect_beat, suspect_computed = self._culprit(), beat, computed
            if silent > self._dump_s and not dumped:
                dumped = True
                self._dump(silent, suspect)
            if silent > self._exit_s and self._running:
                self._stream.write(f"marge: the hub stood still for {silent:.0f} s; ending the process\n")
                self._stream.flush()
                self._exit(EXIT_CODE)
                return

    def _note(self, suspect: dict[str, Any], held_s: float, computed_s: float) -> None:
        """Write it down: how long, and how much of that the hub's thread computed. The rest it waited, for a disk, a
        lock, or other processes that had the processor."""
        self.held_count += 1
        self.longest_s = max(self.longest_s, held_s)
        suspect["ms"], suspect["cpu_ms"] = round(held_s * 1000), round(computed_s * 1000)
        self.holds.append(suspect)

    def _culprit(self) -> dict[str, Any]:
        """Who runs on the hub's thread now: the actor when one is found in the stack, and the innermost frames."""
        frame = sys._current_frames().get(self._hub_thread)
        shared = self._system.dispatcher._current
        return {
            "time": time.time(),
            "actor": _pinned_path(frame) or (shared.path if shared is not None else None),
            "stack": [
                f"{entry.filename}:{entry.lineno} {entry.name}"
                for entry in inner_frames(frame, _STACK_DEPTH)
            ],
        }

    def _dump(self, silent: float, suspect: dict[str, Any]) -> None:
        self._stream.write(
            f"marge: the hub has stood still for {silent:.0f} s, held by {suspect['actor'] or 'no actor'}."
            " All stacks:\n"
        )
        self._stream.flush()
        try:
            faulthandler.dump_traceback(file=self._stream, all_threads=True)
        except (ValueError, OSError, AttributeError):  # not a real file
            frame = sys._current_frames().get(self._hub_thread)
            self._stream.write("".join(traceback.format_stack(frame)))


def _pinned_path(frame: FrameType | None) -> str | None:
    """The path of the pinned actor whose loop is on this stack."""
    while frame is not None:
        if frame.f_code.co_name == "_run":
            owner = frame.f_locals.get("self")
            if isinstance(owner, PinnedActor):
                return owner.path
        frame = frame.f_back
    return None
