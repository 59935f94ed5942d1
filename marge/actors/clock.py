"""The clock: every timer of the system. Wall time, or simulated time for tests; and the home's time, which may be
simulated for demos. No time zones here.

Four bases of time, each with its own heap of timers:
- *steady*: seconds that pass, whatever the wall clock does (back-offs, time-outs);
- *wall*: UTC epoch seconds; when the wall clock jumps forward, what it jumped over fires at once, and when it jumps
  back, timers wait until their time comes again;
- *home steady* and *home wall*: the same for the home's triggers and delays. They equal the first two until somebody
  sets the home's time (`set_home`); from then on they jump and run at the simulated speed.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from gevent.event import Event as GreenletEvent
from pykka._envelope import Envelope

from marge.actors.runtime import ActorRef, PinnedActor
from marge.actors.supervisor import ChildSpec
from marge.errors import Overloaded
from marge.model import Context, Event
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.actors.system import ActorSystem

log = structlog.get_logger("marge.clock")

CLOCK_SET = "clock_set"
"""Event: the home's time or the wall clock has jumped. Data: `kind` (`home` or `wall`), `old`, `new` (epoch s)."""

JUMP_S = 2.0
"""Wall and steady time that drift apart by more than this between two looks: somebody has set the clock."""
LOOK_EVERY_S = 1.0

Target = ActorRef | str | Callable[[Any], None]

STEADY, WALL, HOME_STEADY, HOME_WALL = range(4)


class Timer:
    """A message that will be sent. `deadline` is in its base's seconds; `cancel()` is idempotent."""

    __slots__ = ("_clock", "base", "deadline", "done", "message", "target")

    def __init__(self, clock: Clock, base: int, deadline: float, target: Target, message: Any) -> None:
        self._clock = clock
        self.base = base
        self.deadline = deadline
        self.target = target
        self.message = message
        self.done = False

    def cancel(self) -> None:
        if not self.done:
            self.done = True
            self._clock._cancelled(self.base)


class HomeTime:
    """The home's time when it is simulated: `now = start + (steady - started) * speed`."""

    __slots__ = ("speed", "start", "started", "steady_start")

    def __init__(self, start: float, steady_start: float, started: float, speed: float) -> None:
        self.start = start
        self.steady_start = steady_start
        self.started = started
        self.speed = speed


class Clock:
    """Reading it is free for everybody on the hub; timers become messages (or quick calls) when they are due."""

    def __init__(self) -> None:
        self._heaps: list[list[tuple[float, int, Timer]]] = [[], [], [], []]
        self._cancelled_in = [0, 0, 0, 0]
        self._order = itertools.count()
        self._home: HomeTime | None = None
        self._system: ActorSystem | None = None
        self.fired = 0

    # -- reading -----------------------------------------------------------------------------------------------------

    def now(self) -> float:
        """UTC epoch seconds."""
        raise NotImplementedError

    def monotonic(self) -> float:
        """Steady seconds since some moment."""
        raise NotImplementedError

    def home_now(self) -> float:
        """The home's time, UTC epoch seconds: `now()` unless somebody has set it."""
        home = self._home
        if home is None:
            return self.now()
        return home.start + (self.monotonic() - home.started) * home.speed

    @property
    def home_speed(self) -> float:
        """How fast the home's time runs; 1 unless it was set."""
        return 1.0 if self._home is None else self._home.speed

    @property
    def home_is_simulated(self) -> bool:
        return self._home is not None

    def _home_steady(self) -> float:
        home = self._home
        if home is None:
            return self.monotonic()
        return home.steady_start + (self.monotonic() - home.started) * home.speed

    def _read(self, base: int) -> float:
        if base == STEADY:
            return self.monotonic()
        if base == WALL:
            return self.now()
        return self._home_steady() if base == HOME_STEADY else self.home_now()

    # -- timers ------------------------------------------------------------------------------------------------------

    def after(self, delay_s: float, target: Target, message: Any = None, home: bool = False) -> Timer:
        """Send `message` to `target` in `delay_s` seconds; with `home`, of the home's time."""
        base = HOME_STEADY if home else STEADY
        return self._add(base, self._read(base) + max(0.0, delay_s), target, message)

    def at(self, epoch_s: float, target: Target, message: Any = None, home: bool = False) -> Timer:
        """Send `message` to `target` at `epoch_s` of the wall clock; with `home`, of the home's."""
        return self._add(HOME_WALL if home else WALL, epoch_s, target, message)

    def sleep(self, delay_s: float, home: bool = False) -> None:
        """Wait in the calling greenlet. Not on the shared dispatcher."""
        done = GreenletEvent()
        timer = self.after(delay_s, lambda _message: done.set(), home=home)
        try:
            done.wait()
        finally:
            timer.cancel()

    def set_home(self, epoch_s: float, speed: float = 1.0) -> None:
        """Set the home's time; it runs on at `speed` times the real one. Publishes `clock_set`."""
        old = self.home_now()
        steady = self._home_steady()
        self._home = HomeTime(epoch_s, steady, self.monotonic(), max(speed, 0.001))
        self._changed()
        self._publish_set("home", old, epoch_s)

    def clear_home(self) -> None:
        """Let the home's time be the wall's again. Publishes `clock_set`."""
        if self._home is None:
            return
        old, steady, monotonic = self.home_now(), self._home_steady(), self.monotonic()
        self._home = None
        # Steady home timers keep what is left of them, in real seconds from here on.
        self._shift(HOME_STEADY, monotonic - steady)
        self._changed()
        self._publish_set("home", old, self.now())

    def pending(self) -> int:
        """How many timers wait."""
        return sum(len(heap) for heap in self._heaps) - sum(self._cancelled_in)

    def timers_of(self, ref: ActorRef) -> list[tuple[float, str]]:
        """What is going to be sent to this actor: in how many real seconds, and the message's type, the next one first.
        Walks all timers: for rare occasions. Waits now and then, so not on the shared dispatcher."""
        found: list[tuple[float, str]] = []
        for base in range(4):
            rate = self.home_speed if base >= HOME_STEADY else 1.0
            now = self._read(base)
            for deadline, _order, timer in in_turns(list(self._heaps[base])):
                if not timer.done and (timer.target is ref or timer.target == ref.actor_urn):
                    found.append((max(0.0, deadline - now) / rate, type(timer.message).__name__))
        found.sort()
        return found

    def describe(self) -> dict[str, Any]:
        return {
            "timers": self.pending(),
            "fired": self.fired,
            "home_is_simulated": self.home_is_simulated,
            "home_speed": self.home_speed,
        }

    # -- for the clock's own greenlet --------------------------------------------------------------------------------

    def attach(self, system: ActorSystem) -> None:
        """Called once by the system that uses this clock."""
        self._system = system

    def _changed(self) -> None:
        """The earliest deadline may have changed."""

    def _shift(self, base: int, by_s: float) -> None:
        heap = self._heaps[base]
        for _deadline, _order, timer in heap:
            timer.deadline += by_s
        self._heaps[base] = [(timer.deadline, order, timer) for _deadline, order, timer in heap]
        heapq.heapify(self._heaps[base])

    def _add(self, base: int, deadline: float, target: Target, message: Any) -> Timer:
        timer = Timer(self, base, deadline, target, message)
        heap = self._heaps[base]
        heapq.heappush(heap, (deadline, next(self._order), timer))
        if heap[0][2] is timer:
            self._changed()
        return timer

    def _cancelled(self, base: int) -> None:
        self._cancelled_in[base] += 1
        heap = self._heaps[base]
        if self._cancelled_in[base] > 64 and self._cancelled_in[base] * 2 > len(heap):
            self._heaps[base] = [entry for entry in heap if not entry[2].done]
            heapq.heapify(self._heaps[base])
            self._cancelled_in[base] = 0

    def _next_in(self) -> float | None:
        """Real seconds until the earliest timer, or None."""
        waits: list[float] = []
        for base, heap in enumerate(self._heaps):
            while heap and heap[0][2].done:
                heapq.heappop(heap)
                self._cancelled_in[base] -= 1
            if heap:
                rate = self.home_speed if base >= HOME_STEADY else 1.0
                waits.append((heap[0][0] - self._read(base)) / rate)
        return max(0.0, min(waits)) if waits else None

    def _fire_due(self) -> None:
        for base in range(4):
            heap = self._heaps[base]
            now = self._read(base)
            while heap and (heap[0][2].done or heap[0][0] <= now):
                timer = heapq.heappop(heap)[2]
                if timer.done:
                    self._cancelled_in[base] -= 1
                    continue
                timer.done = True
                self.fired += 1
                self._fire(timer)
                heap = self._heaps[base]  # a cancel may have rebuilt it

    def _fire(self, timer: Timer) -> None:
        target = timer.target
        if isinstance(target, str):
            assert self._system is not None
            self._system.tell(target, timer.message)
        elif callable(target):
            try:
                target(timer.message)
            except Exception:
                log.exception("a timer's call failed", call=repr(target))
        else:
            try:
                target.actor_inbox.put(Envelope(timer.message))
            except Overloaded:
                return  # counted with the dead letters

    def _publish_set(self, kind: str, old: float, new: float) -> None:
        if self._system is not None:
            data = {"kind": kind, "old": old, "new": new}
            self._system.bus.publish(Event(CLOCK_SET, data, Context.new(), self.now()))


class ClockActor(PinnedActor):
    """Waits for the earliest timer of a `WallClock` and fires what is due, over and over. Owns nothing: the timers
    are the clock's, so a restart loses none. Takes only its own `look`."""

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock

    def on_start(self) -> None:
        self.actor_ref.tell("look")

    def on_receive(self, message: Any) -> None:
        # Not busy while it looks, so that a message (to stop, say) wakes it at once.
        self.actor_inbox.busy = False
        while self.actor_inbox.empty():
            self._busy_s -= self._clock.look()  # waiting is not work
        self.actor_ref.tell("look")

    def describe(self) -> dict[str, Any]:
        return self._clock.describe()

    def _wake(self, _actor: Any = None) -> None:
        super()._wake()
        self._clock._changed()


class WallClock(Clock):
    """Real time. The actor `/clock` waits for the earliest timer."""

    def __init__(self) -> None:
        super().__init__()
        self._changed_event = GreenletEvent()
        self._offset = time.time() - time.monotonic()

    def attach(self, system: ActorSystem) -> None:
        super().attach(system)
        system.spawn(ChildSpec("clock", ClockActor, (self,)))

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def look(self) -> float:
        """Wait for the earliest timer, or a second, and fire what is due. Returns the seconds it waited.

        Called by the clock's actor.
        """
        began = time.perf_counter()
        wait = self._next_in()
        self._changed_event.wait(LOOK_EVERY_S if wait is None else min(wait, LOOK_EVERY_S))
        self._changed_event.clear()
        waited = time.perf_counter() - began
        offset = time.time() - time.monotonic()
        if abs(offset - self._offset) > JUMP_S:
            log.warning("the wall clock was set", by_s=round(offset - self._offset, 1))
            old, self._offset = time.monotonic() + self._offset, offset
            self._publish_set("wall", old, time.time())
        self._fire_due()
        return waited

    def _changed(self) -> None:
        self._changed_event.set()


class SimulatedClock(Clock):
    """Time that passes only when a test says so."""

    def __init__(self, start: float = 1_767_225_600.0) -> None:  # 2026-01-01T00:00:00Z
        super().__init__()
        self._now = start
        self._monotonic = 1_000.0

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass: timers fire in order, and actors handle them before the next one is due."""
        end = self._monotonic + seconds
        while True:
            self._settle()
            wait = self._next_in()
            if wait is None or self._monotonic + wait > end:
                break
            self._monotonic += wait
            self._now += wait
            self._fire_due()
        self._now += end - self._monotonic
        self._monotonic = end
        self._settle()

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back, as NTP or a person would; steady time does not move."""
        old = self._now
        self._now += seconds
        self._publish_set("wall", old, self._now)
        self._settle()
        self._fire_due()
        self._settle()

    def _settle(self) -> None:
        if self._system is not None:
            self._system.settle()
