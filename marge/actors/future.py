"""pykka's Future for greenlets: a ninth of the cost of pykka's threading one, and less when nobody has to wait."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

import gevent
import pykka
from gevent.event import AsyncResult

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


class Future(pykka.Future[Any]):
    """A reply that will come. Only greenlets of the hub may wait for it."""

    # Class-level defaults spare each future pykka's __init__; `set_get_hook` shadows them.
    _get_hook = None
    _is_set = False
    _value: Any = None
    _error: Exception | None = None
    _awaited: AsyncResult | None = None
    """What greenlets wait for. Made for the first of them: most replies are there before anybody asks."""
    target: str | None = None
    """The path of the actor that is to reply."""

    def __init__(self) -> None:
        pass

    def get(self, *, timeout: float | None = None) -> Any:
        """The reply, after waiting up to `timeout` seconds.

        Raises:
            pykka.Timeout: it did not come in time.
            Exception: the receiver's error.
        """
        if self._get_hook is not None:
            return super().get(timeout=timeout)
        if not self._is_set:
            began = time.monotonic()  # noqa: F841 - read from this frame by marge.actors.waits
            # Those who are ready have their turn: most replies are there then, without a timer's 10 µs.
            gevent.sleep(0)
            if not self._is_set:
                # wait(), not get(timeout): a Timeout of the caller's own must pass through as what it is.
                self._to_wait_for().wait(timeout=timeout)
            if not self._is_set:
                raise pykka.Timeout(f"no reply within {timeout} s")
        if self._error is not None:
            raise self._error
        return self._value

    def set_get_hook(self, func: Any) -> None:
        super().__init__()
        super().set_get_hook(func)

    def set(self, value: Any | None = None) -> None:
        if self._is_set:
            raise pykka.ActorDeadError("this future has its reply already")
        self._value = value
        self._is_set = True
        if self._awaited is not None:
            self._awaited.set(value)

    def set_exception(self, exc_info: ExcInfo | None = None) -> None:
        _kind, value, _traceback = exc_info or sys.exc_info()
        assert value is not None, "set_exception outside of an except block needs exc_info"
        if not isinstance(value, Exception):
            # Waiters must not be hit by a stray Timeout or GreenletExit that was not theirs.
            value = pykka.ActorDeadError(f"the actor was ended by {value!r}")
        self._error = value
        self._is_set = True
        if self._awaited is not None:
            self._awaited.set_exception(value)

    def ready(self) -> bool:
        """Whether the reply, or the error, is there."""
        return self._is_set

    def link(self, callback: Any) -> None:
        """Call `callback(async_result)` on the hub once the reply is there."""
        self._to_wait_for().rawlink(callback)

    def _to_wait_for(self) -> AsyncResult:
        awaited = self._awaited
        if awaited is None:
            awaited = self._awaited = AsyncResult()
            if self._error is not None:
                awaited.set_exception(self._error)
            elif self._is_set:
                awaited.set(self._value)
        return awaited
