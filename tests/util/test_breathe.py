"""Long work on the hub leaves room for others."""

from __future__ import annotations

import itertools

import gevent
import pytest

from marge.util import breathe
from marge.util.breathe import in_passing


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still but for what the test adds."""
    now = [0.0]
    monkeypatch.setattr(breathe.time, "perf_counter", lambda: now[0])
    return now


def test_work_in_passing_gives_all_in_order_and_pauses_after_each_slice(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An item takes 20 µs: three are a slice of 50 µs and a bit."""
    pauses: list[int] = []
    done: list[int] = []
    monkeypatch.setattr(breathe, "let_others_in", lambda: pauses.append(len(done)))
    for item in in_passing(range(10)):
        done.append(item)
        clock[0] += 0.000_02
    assert done == list(range(10))
    assert pauses == [3, 6, 9]


def test_work_in_passing_has_its_share_of_a_busy_hub(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Others take 40 ms each time: slices become longer, or the work would have 0.1 % of the time."""
    pauses = itertools.count()

    def others() -> None:
        next(pauses)
        clock[0] += 0.040

    monkeypatch.setattr(breathe, "let_others_in", others)
    for _item in in_passing(range(1_000)):
        clock[0] += 0.000_1
    own = 1_000 * 0.000_1
    assert own / clock[0] > 0.9 * breathe.PASSING_SHARE / (1 + breathe.PASSING_SHARE)


def test_others_run_while_work_is_done_in_passing() -> None:
    """A greenlet that is ready has many turns before the work is over."""
    turns = itertools.count()
    over: list[int] = []

    def other() -> None:
        while not over:
            next(turns)
            gevent.sleep(0)

    greenlet = gevent.spawn(other)
    for _item in in_passing(range(200)):
        sum(range(5_000))
    over.append(next(turns))
    greenlet.join()
    assert over[0] > 20
