"""One native thread: order, bounds, errors, and a hub that runs on."""

import threading
import time

import gevent
import pytest
from gevent import monkey

from marge.errors import Overloaded
from marge.storage.errors import StorageClosed
from marge.storage.worker import NativeWorker

_sleep = monkey.get_original("time", "sleep")
_ident = monkey.get_original("_thread", "get_ident")


@pytest.fixture
def worker():
    made = NativeWorker(limit=5)
    yield made
    made.close()


def test_jobs_run_in_order_on_one_foreign_thread(worker):
    """All jobs run on the same native thread, which is not the hub's, in the order of submission."""
    seen = []
    replies = [worker.submit(lambda n=n: seen.append((n, _ident()))) for n in range(5)]
    gevent.joinall(replies)
    assert [n for n, _ in seen] == [0, 1, 2, 3, 4]
    assert len({ident for _, ident in seen}) == 1
    assert seen[0][1] != threading.get_ident()


def test_hub_runs_while_a_job_blocks(worker):
    """A job that blocks its thread does not stop greenlets."""
    reply = worker.submit(lambda: _sleep(0.2))
    ticks = 0
    while not reply.ready():
        gevent.sleep(0.005)
        ticks += 1
    assert ticks >= 5


def test_errors_come_back_and_the_thread_lives(worker):
    """A job's exception, even SystemExit, reaches its asker only; the next job runs."""

    def fail(kind):
        raise kind("no")

    with pytest.raises(ValueError, match="no"):
        worker.submit(lambda: fail(ValueError)).get()
    with pytest.raises(RuntimeError, match="SystemExit"):
        worker.submit(lambda: fail(SystemExit)).get()
    assert worker.submit(lambda: 7).get() == 7


def test_too_many_jobs_are_refused(worker):
    """The queue is bounded: one job more than the limit is refused, and taken again when there is room."""
    replies = [worker.submit(lambda: _sleep(0.01)) for _ in range(5)]
    with pytest.raises(Overloaded):
        worker.submit(lambda: None)
    gevent.joinall(replies)
    assert worker.submit(lambda: 1).get() == 1


def test_close_finishes_what_is_queued_and_refuses_more():
    """Jobs queued before close are done; later ones are refused; close twice is harmless."""
    worker = NativeWorker()
    reply = worker.submit(lambda: time.monotonic())
    worker.close()
    worker.close()
    assert reply.ready()
    with pytest.raises(StorageClosed):
        worker.submit(lambda: None)
