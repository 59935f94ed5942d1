"""`marge/bridges/subscribe`: how each bridge is, told when one is otherwise. Administrators only.

Bridges say how they are when they are asked; the server looks every two seconds while somebody follows, which costs a
few look-ups, and clients hear of differences alone. Not here: what is told of a bridge (`bridges`).
"""

from __future__ import annotations

from typing import Any

import gevent

from marge.http.ws.commands.bridges import rows
from marge.http.ws.registry import command
from marge.http.ws.session import Session

EVERY_S = 2.0
JITTER_S = 2.0
"""A bridge that began so little earlier or later than was told began at the same time."""
_RUNNING = ("uptime", "restart_in")
"""Values that are otherwise in each second; who follows counts on from when they were told."""


@command("marge/bridges/subscribe", admin=True)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """`{"bridges": […]}`, rows as `marge/bridges/list` has them: at once, then all of them when one is otherwise."""
    follower = _Follower(session, message["id"])
    session.subscribe(message["id"], follower.end)
    session.result(message["id"])
    follower.begin()


def is_news(before: list[dict[str, Any]], now: list[dict[str, Any]], passed_s: float) -> bool:
    """Whether `now` says anything that does not follow from `before` and the seconds since then."""
    if [_lasting(row) for row in before] != [_lasting(row) for row in now]:
        return True
    return any(abs(new["uptime"] - old["uptime"] - passed_s) > JITTER_S for old, new in zip(before, now, strict=True)
               if new["uptime"])  # fmt: skip


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _RUNNING}


class _Follower:
    """One client."""

    def __init__(self, session: Session, message_id: int) -> None:
        self._session = session
        self._id = message_id
        self._told: list[dict[str, Any]] = []
        self._told_at = 0.0
        self._greenlet: gevent.Greenlet | None = None
        self._is_over = False

    def begin(self) -> None:
        """Tell how they are, and go on."""
        if not self._is_over:
            self._tell(rows(self._session.home))
            self._greenlet = gevent.spawn(self._go_on)

    def end(self) -> None:
        """Nobody looks any more."""
        self._is_over = True
        if self._greenlet is not None:
            self._greenlet.kill(block=False)

    def _tell(self, found: list[dict[str, Any]]) -> None:
        self._told, self._told_at = found, self._session.home.system.clock.monotonic()
        self._session.event(self._id, {"bridges": found})

    def _go_on(self) -> None:
        while True:
            gevent.sleep(EVERY_S)
            if not self._session.user.is_admin:
                self._session.unsubscribe(self._id)  # no administrator any more
                return
            found = rows(self._session.home)
            if is_news(self._told, found, self._session.home.system.clock.monotonic() - self._told_at):
                self._tell(found)
