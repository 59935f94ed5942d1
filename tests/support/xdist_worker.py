"""pytest-xdist beside gevent. Not for tests to import: tests/conftest.py calls it.

A worker's main thread waits for its next test on a lock that execnet's receiver releases. That receiver is a native
thread (it was started before gevent patched anything), which a patched lock would not hear: the hub would find nothing
to wait for and raise LoopExit. So that one queue gets native locks.
"""

from __future__ import annotations

import os
from typing import Any

from gevent import monkey

_allocate_lock = monkey.get_original("_thread", "allocate_lock")
_native_rlock = monkey.get_original("_thread", "RLock")


class NativeEvent:
    """`threading.Event` as far as xdist's queue uses it, on locks of the operating system."""

    def __init__(self) -> None:
        self._mutex = _allocate_lock()
        self._gate = _allocate_lock()
        self._gate.acquire()
        self._is_set = False

    def set(self) -> None:
        with self._mutex:
            if not self._is_set:
                self._is_set = True
                self._gate.release()

    def clear(self) -> None:
        with self._mutex:
            if self._is_set:
                self._is_set = False
                self._gate.acquire()

    def wait(self, timeout: float | None = None) -> bool:
        if not self._gate.acquire(timeout=-1 if timeout is None else timeout):
            return False
        self._gate.release()
        return True


def use_native_locks() -> None:
    """In an xdist worker: let its queue be made of native locks. Elsewhere: nothing. Before the session starts."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    from execnet.gateway_base import ThreadExecModel

    model: Any = ThreadExecModel
    model.Event = lambda _self: NativeEvent()
    model.RLock = lambda _self: _native_rlock()
