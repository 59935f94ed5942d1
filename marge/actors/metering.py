"""Measuring handlers while somebody looks: by message type and by actor, and the last messages of one actor.

Every actor has `_trace`: None on the class, so an actor that nobody watches pays one look at an attribute a message. A
`Trace` on one actor keeps its last messages; the `Switch` on the class `Actor` leads every handled message of the
watched systems to their `Meter`.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from marge.actors.runtime import Actor
    from marge.actors.system import ActorSystem

TRACE_LENGTH = 50
MAX_TYPES = 2_000
"""Pairs of actor class and message type that are told apart."""

WAITS_MS = (1, 10, 100, 1_000, 10_000)
"""Where the classes of waits end: below 1 ms, below 10 ms, …, and what waited longer than all."""

COUNT, TOTAL_S, MAX_S = range(3)


class Noter(Protocol):
    """What hears of handled messages."""

    def note(self, actor: Actor, message: Any, took_s: float) -> None: ...


class Meter:
    """What one system's actors handled since it was last read.

    Attributes:
        types: `(actor class, message class)` to `[count, total s, longest s]`. Of a pinned actor the time is that on
            the wall, its waiting included.
        active: actor to `[count, total s]`.
    """

    def __init__(self) -> None:
        self.types: dict[tuple[type, type], list[float]] = {}
        self.active: dict[Actor, list[float]] = {}

    def note(self, actor: Actor, message: Any, took_s: float) -> None:
        """One handled message. Quick: it is called for each."""
        key = (actor.__class__, message.__class__)
        row = self.types.get(key)
        if row is None:
            if len(self.types) >= MAX_TYPES:
                return
            row = self.types[key] = [0, 0.0, 0.0]
        row[COUNT] += 1
        row[TOTAL_S] += took_s
        if took_s > row[MAX_S]:
            row[MAX_S] = took_s
        busy = self.active.get(actor)
        if busy is None:
            self.active[actor] = [1, took_s]
        else:
            busy[COUNT] += 1
            busy[TOTAL_S] += took_s

    def take(self) -> tuple[dict[tuple[type, type], list[float]], dict[Actor, list[float]]]:
        """What was handled since the last call: `types` and `active`, which begin anew."""
        types, active = self.types, self.active
        self.types, self.active = {}, {}
        return types, active


class Switch:
    """Leads what actors handle to the meter of their system, while any system is watched."""

    def __init__(self) -> None:
        self._meters: dict[ActorSystem, Meter] = {}

    def note(self, actor: Actor, message: Any, took_s: float) -> None:
        meter = self._meters.get(actor.system)
        if meter is not None:
            meter.note(actor, message, took_s)

    def watch(self, system: ActorSystem) -> Meter:
        return self._meters.setdefault(system, Meter())

    def unwatch(self, system: ActorSystem) -> bool:
        """True when no system is watched any more."""
        self._meters.pop(system, None)
        return not self._meters


class Trace:
    """The last messages of one actor, and how long those waited that it handled meanwhile.

    Attributes:
        waited: how long (s) the message waited that is handled now.
        waits: how many waited how long, by the classes of `WAITS_MS`.
    """

    def __init__(self, until: float | None = None) -> None:
        self.waited = 0.0
        self.waits = [0] * (len(WAITS_MS) + 1)
        self.entries: deque[dict[str, Any]] = deque(maxlen=TRACE_LENGTH)
        self.until = until
        """UTC epoch seconds of its end; None: until it is switched off."""

    def note_wait(self, waited_s: float) -> None:
        """Of the message that is handled next."""
        self.waited = waited_s

    def note(self, actor: Actor, message: Any, took_s: float) -> None:
        from marge.actors.runtime import summary

        waited_ms, self.waited = self.waited * 1000, 0.0
        self.waits[bisect_right(WAITS_MS, waited_ms)] += 1
        self.entries.append(
            {
                "time": time.time(),
                "type": type(message).__name__,
                "message": summary(message),
                "ms": round(took_s * 1000, 3),
                "waited_ms": round(waited_ms, 3),
            }
        )
        everybody = type(actor)._trace
        if everybody is not None:
            everybody.note(actor, message, took_s)


def watch(system: ActorSystem) -> Meter:
    """Measure what the system's actors handle, until `unwatch`."""
    from marge.actors.runtime import Actor

    switch = Actor._trace
    if not isinstance(switch, Switch):
        switch = Actor._trace = Switch()
    return switch.watch(system)


def unwatch(system: ActorSystem) -> None:
    """Measure no more."""
    from marge.actors.runtime import Actor

    if isinstance(Actor._trace, Switch) and Actor._trace.unwatch(system):
        Actor._trace = None
