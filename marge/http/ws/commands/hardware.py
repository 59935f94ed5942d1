"""The machine: what hardware it is known to be, and how busy it is."""

from __future__ import annotations

from typing import Any

import gevent
import psutil

from marge.actors import native
from marge.home import Home
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.util.dt import iso

EVERY_S = 5.0
_KEY = "system_status"
_MB = 1024 * 1024


class _Status:
    """Measures while somebody listens; one greenlet for all listeners."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._listeners: dict[tuple[int, int], Session] = {}
        self._greenlet: gevent.Greenlet | None = None

    def add(self, session: Session, message_id: int) -> None:
        key = (id(session), message_id)
        self._listeners[key] = session
        session.subscribe(message_id, lambda: self._remove(key))
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._run)

    def _remove(self, key: tuple[int, int]) -> None:
        self._listeners.pop(key, None)
        if not self._listeners and self._greenlet is not None:
            self._greenlet.kill(block=False)
            self._greenlet = None

    def _run(self) -> None:
        native.run(psutil.cpu_percent, None)  # the first value is meaningless
        while True:
            self._home.clock.sleep(EVERY_S)
            status = native.run(_measure) | {"timestamp": iso(self._home.clock.now())}
            for (_session, message_id), session in tuple(self._listeners.items()):
                session.event(message_id, status)


def _measure() -> dict[str, Any]:
    memory = psutil.virtual_memory()
    return {
        "cpu_percent": round(psutil.cpu_percent(None)),
        "memory_used_percent": memory.percent,
        "memory_used_mb": round((memory.total - memory.available) / _MB, 1),
        "memory_free_mb": round(memory.available / _MB, 1),
    }


@command("hardware/info", admin=True)
def info(session: Session, message: dict[str, Any]) -> None:
    """Boards and radios that are known: none is looked for."""
    session.result(message["id"], {"hardware": []})


@command("hardware/subscribe_system_status", admin=True)
def subscribe_system_status(session: Session, message: dict[str, Any]) -> None:
    """Processor and memory, every five seconds."""
    status = session.home.shared.get(_KEY)
    if not isinstance(status, _Status):
        status = session.home.shared[_KEY] = _Status(session.home)
    status.add(session, message["id"])
    session.result(message["id"])
