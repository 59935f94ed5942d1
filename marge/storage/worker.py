"""One native thread that runs jobs in order, outside the hub. Knows nothing of databases."""

from __future__ import annotations

from _queue import SimpleQueue  # the C one: gevent does not patch it, so a native thread may wait on it
from collections.abc import Callable
from typing import Any, NamedTuple

import structlog
from gevent import monkey
from gevent.event import AsyncResult

from marge.actors.native import Inlet
from marge.errors import Overloaded
from marge.storage.errors import StorageClosed

log = structlog.get_logger("marge.storage")

_start_thread = monkey.get_original("_thread", "start_new_thread")

Job = Callable[[], Any]


class Done(NamedTuple):
    """A job's outcome on its way back to the hub."""

    reply: AsyncResult
    value: Any
    error: Exception | None


class NativeWorker:
    """Runs functions one after another on a native thread of its own.

    `submit` and `run` are called from greenlets of the hub; the functions run in the native thread and must not touch
    gevent objects. At most `limit` jobs wait; one more is refused with `Overloaded`.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self.limit = limit
        self.pending = 0
        self.done = 0
        self._jobs: SimpleQueue[tuple[Job, AsyncResult] | None] = SimpleQueue()
        self._inlet: Inlet[Done | None] = Inlet(self._deliver, limit=limit + 1_000)
        self._closed = False
        self._ended: AsyncResult = AsyncResult()
        _start_thread(self._work, ())

    def submit(self, job: Job) -> AsyncResult:
        """Queue `job`; its result, or its error, comes through the returned `AsyncResult`. Never waits.

        Raises:
            Overloaded: too many jobs wait already.
            StorageClosed: the worker was closed.
        """
        if self._closed:
            raise StorageClosed("the database is closed")
        if self.pending >= self.limit:
            raise Overloaded(f"{self.pending} jobs wait for the database")
        reply: AsyncResult = AsyncResult()
        self.pending += 1
        self._jobs.put((job, reply))
        return reply

    def close(self) -> None:
        """Run what is queued, then end the thread; waits for it. Later jobs are refused. Idempotent."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        self._ended.get()

    # -- in the native thread ----------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            item = self._jobs.get()
            if item is None:
                self._inlet.send(None)
                return
            job, reply = item
            value: Any = None
            error: Exception | None = None
            try:
                value = job()
            except Exception as exc:  # noqa: BLE001 - the border of one job: the asker gets the error
                error = exc
            except BaseException as exc:  # noqa: BLE001 - the thread must outlive whatever a job raises
                error = RuntimeError(f"a database job was ended by {exc!r}")
            self._inlet.send(Done(reply, value, error))
            del item, job, reply, value, error  # nothing is kept alive while the thread waits

    # -- on the hub --------------------------------------------------------------------------------------------------

    def _deliver(self, done: Done | None) -> None:
        if done is None:
            self._inlet.close()
            self._ended.set(None)
            return
        self.pending -= 1
        self.done += 1
        if done.error is not None:
            done.reply.set_exception(done.error)
        else:
            done.reply.set(done.value)
