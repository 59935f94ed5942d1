"""Long work in a request's greenlet, cut into slices with the hub free in between. Not for handlers of actors."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from marge.model import State
from marge.util.breathe import let_others_in

SLICE_S = 0.002
LOOK_EVERY = 64

Item = TypeVar("Item")


def in_slices(items: Iterable[Item]) -> Iterator[Item]:
    """`items`, with a pause for others whenever 2 ms have passed."""
    began = time.perf_counter()
    for number, item in enumerate(items, 1):
        yield item
        if number % LOOK_EVERY == 0 and time.perf_counter() - began > SLICE_S:
            let_others_in()
            began = time.perf_counter()


def make_json(states: Iterable[State]) -> None:
    """Have the states' JSON made, in slices. Joining it afterwards, without a pause, is a matter of milliseconds."""
    for state in in_slices(states):
        state.json  # noqa: B018 - made on first use, and kept
