"""A pause for others in long work on the hub."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeVar

import gevent

SLICE_S = 0.002
PASSING_S = 0.000_05
PASSING_SHARE = 0.25
"""Of the time that the others took: a fifth of the whole."""

Item = TypeVar("Item")

_AFTER_IO = 2
"""libev's priority of the round that comes back to us: above sockets and timers, or a busy loop would starve us."""


def let_others_in() -> None:
    """One round of the loop: sockets, timers and greenlets that are ready have their turn, then the caller goes on.

    Not `gevent.sleep(0)`: that runs callbacks again and again before it looks at sockets and timers, and whoever is
    always busy kept them waiting for up to 960 ms. Not on the shared dispatcher (it does this itself between turns).
    """
    gevent.idle(_AFTER_IO)


class Turns:
    """Long work of several greenlets, one piece of it in a round of the loop: without this each of them would take its
    slice in each round, and who waits for a socket would wait for all of them. Used from the hub only.
    """

    def __init__(self) -> None:
        self._waiting: deque[object] = deque()
        self._used_round = -1

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def pause(self) -> None:
        """Let others in, and wait until it is the caller's turn again. Not on the shared dispatcher."""
        loop = gevent.get_hub().loop
        ticket = object()
        self._waiting.append(ticket)
        try:
            let_others_in()
            while self._waiting[0] is not ticket or self._used_round == loop.iteration:
                let_others_in()
        finally:
            self._waiting.remove(ticket)  # also when the greenlet is killed meanwhile
        self._used_round = loop.iteration

    def await_slice(self) -> None:
        """Before a piece of work that cannot be interrupted: wait unless this round's slice is free, and take it."""
        if self._used_round == gevent.get_hub().loop.iteration or self._waiting:
            self.pause()
        self._used_round = gevent.get_hub().loop.iteration


def in_turns(items: Iterable[Item]) -> Iterator[Item]:
    """`items`, with a pause for others whenever 2 ms have passed. What takes longer than that for one is not helped."""
    return iter(items) if type(items) is list and len(items) < 2 else _in_turns(items)


def _in_turns(items: Iterable[Item]) -> Iterator[Item]:
    began = time.perf_counter()
    for item in items:
        yield item
        if time.perf_counter() - began > SLICE_S:
            let_others_in()
            began = time.perf_counter()


def in_passing(items: Iterable[Item]) -> Iterator[Item]:
    """As `in_turns`, for work that nobody waits for: the others hardly notice its slices of 50 µs. Where they need the
    hub for long, it takes a fifth of the time all the same, or what waits for it would grow and grow."""
    slice_s = PASSING_S
    began = time.perf_counter()
    for item in items:
        yield item
        now = time.perf_counter()
        if now - began > slice_s:
            let_others_in()
            began = time.perf_counter()
            slice_s = max(PASSING_S, PASSING_SHARE * (began - now))
