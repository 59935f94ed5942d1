"""Long work in a request's greenlet, cut into slices with the hub free in between. Not for handlers of actors."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import is_not
from typing import TypeVar

from gevent.lock import BoundedSemaphore

from marge.home import Home
from marge.model import State
from marge.util.breathe import let_others_in

SLICE_S = 0.002
LOOK_EVERY = 64

Item = TypeVar("Item")


def in_slices(items: Iterable[Item], every: int = LOOK_EVERY) -> Iterator[Item]:
    """`items`, with a pause for others whenever 2 ms have passed; the clock is looked at each `every` items."""
    return iter(items) if isinstance(items, list) and len(items) < every else _in_slices(items, every)


def _in_slices(items: Iterable[Item], every: int) -> Iterator[Item]:
    began = time.perf_counter()
    for number, item in enumerate(items, 1):
        yield item
        if number % every == 0 and time.perf_counter() - began > SLICE_S:
            let_others_in()
            began = time.perf_counter()


def bracketed(items: Sequence[bytes], opening: bytes = b"[", closing: bytes = b"]") -> list[bytes]:
    """What becomes the JSON of a list, or what `opening` and `closing` say, when it is joined with commas: one copy of
    the whole instead of three, which at 20 MB is 50 ms of the hub."""
    if not items:
        return [opening + closing]
    parts = list(items)
    parts[0] = opening + parts[0]
    parts[-1] += closing
    return parts


@contextmanager
def all_states(home: Home) -> Iterator[list[bytes]]:
    """The JSON of all states, of one moment: the block must neither wait nor be long. Waits before it.

    One asks after the other: after a restart all front ends want this at once, and ten times 20 ms without a pause
    would be a hold of the hub.
    """
    gate: BoundedSemaphore = home.shared.setdefault("all_states_gate", BoundedSemaphore())
    with gate:
        before = home.states.all()
        texts = [state.json for state in in_slices(before)]
        now = home.states.all()
        changed = map(is_not, before, now)  # meanwhile; one that was removed shifts all behind it
        for index in [index for index, is_other in enumerate(changed) if is_other]:
            texts[index] = now[index].json
        texts[len(now) :] = [state.json for state in now[len(before) :]]
        yield texts
        let_others_in()


def make_json(states: Iterable[State]) -> None:
    """Have the states' JSON made, in slices. Joining it afterwards, without a pause, is a matter of milliseconds."""
    for state in in_slices(states):
        state.json  # noqa: B018 - made on first use, and kept
