"""The way out of the hub's thread and back: calls that block in C, and wake-ups from native threads.

What runs here must neither import modules nor take locks that another thread may hold: both are gevent's own after
patching, and a native thread that has to wait for one of them may wait for ever. Code that does such things anyway
(skyfield) gets a `Lane`: one thread, so that it never meets itself, with its imports done on the hub before.

gevent's queues and events do not wake the hub from another thread in time (up to 950 ms late); a deque and the loop's
async watcher do (0.1 ms).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

import gevent
import structlog
from gevent.threadpool import ThreadPool

log = structlog.get_logger("marge.native")

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `function` in gevent's native thread pool; only the calling greenlet waits.

    The function must not touch gevent objects. Its exception is raised here.
    """
    result: R = gevent.get_hub().threadpool.apply(function, args, kwargs)
    return result


def attempt(expected: tuple[type[Exception], ...], function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """As `run`, for a function whose errors of these kinds are answers: they are raised here, and gevent reports no
    failure of its thread."""
    found = run(_attempted, expected, function, args, kwargs)
    if isinstance(found, _Raised):
        raise found.error
    return found  # type: ignore[return-value]


class _Raised:
    def __init__(self, error: Exception) -> None:
        self.error = error


def _attempted(
    expected: tuple[type[Exception], ...], function: Callable[..., object], args: Any, kwargs: Any
) -> object:
    try:
        return function(*args, **kwargs)
    except expected as exc:
        return _Raised(exc.with_traceback(None))


class Lane:
    """One native thread of its own: jobs run one after the other. Made and used on the hub's thread."""

    def __init__(self) -> None:
        self._pool = ThreadPool(1)

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As `native.run`, behind the jobs that wait already."""
        result: R = self._pool.apply(function, args, kwargs)
        return result

    def close(self) -> None:
        """End the thread; a job that runs is not waited for."""
        self._pool.kill()


class Inlet(Generic[T]):
    """A one-way door from native threads into the hub: `handler(item)` runs on the hub, in order of `send`.

    Made on the hub's thread. Holds at most `limit` items; what comes beyond is dropped and counted in `dropped`.
    """

    def __init__(self, handler: Callable[[T], None], limit: int = 100_000) -> None:
        self.dropped = 0
        self._handler = handler
        self._items: deque[T] = deque()
        self._limit = limit
        self._async = gevent.get_hub().loop.async_()
        self._async.start(self._drain)

    def send(self, item: T) -> bool:
        """Hand in one item from any thread. False: full, and the item is dropped."""
        if len(self._items) >= self._limit:
            self.dropped += 1
            return False
        self._items.append(item)
        self._async.send()
        return True

    def close(self) -> None:
        """No item is handled afterwards. On the hub's thread."""
        self._async.stop()
        self._async.close()

    def _drain(self) -> None:
        items = self._items
        for _ in range(len(items)):
            item: Any = items.popleft()
            try:
                self._handler(item)
            except Exception:
                log.exception("an inlet's handler failed", handler=repr(self._handler))
