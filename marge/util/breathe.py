"""A pause for others in long work on the hub."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import gevent

SLICE_S = 0.002

Item = TypeVar("Item")

_AFTER_IO = 2
"""libev's priority of the round that comes back to us: above sockets and timers, or a busy loop would starve us."""


def let_others_in() -> None:
    """One round of the loop: sockets, timers and greenlets that are ready have their turn, then the caller goes on.

    Not `gevent.sleep(0)`: that runs callbacks again and again before it looks at sockets and timers, and whoever is
    always busy kept them waiting for up to 960 ms. Not on the shared dispatcher (it does this itself between turns).
    """
    gevent.idle(_AFTER_IO)


def in_turns(items: Iterable[Item]) -> Iterator[Item]:
    """`items`, with a pause for others whenever 2 ms have passed. What takes longer than that for one is not helped."""
    began = time.perf_counter()
    for item in items:
        yield item
        if time.perf_counter() - began > SLICE_S:
            let_others_in()
            began = time.perf_counter()
