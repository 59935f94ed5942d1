"""`marge/logs/subscribe`: what is logged, as it is logged, of the whole home or of one bridge. Administrators only.

Lines come here behind the processor that takes secrets out of them. Not here: what is kept (`marge.log_ring`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
import voluptuous as vol

from marge.http.ws.commands.bridges import is_about, kind_of, printed_by
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.log import LEVELS
from marge.log_ring import ring_in_use

EVERY_S = 0.5
"""How often a client is told of what came meanwhile."""
MAX_WAITING = 500
"""Lines for one client between two messages. A flood loses the oldest of them; how many is told."""
MAX_CHARACTERS = 256 * 1024
"""Of one message."""
_WORDS = ("debug", "info", "warning", "error", "critical")


@command(
    "marge/logs/subscribe",
    {vol.Optional("level"): vol.In(_WORDS), vol.Optional("bridge"): vol.All(str, vol.Length(min=1, max=200))},
    admin=True,
)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """The kept warnings and errors first (`is_kept`), then each line that passes the logger's own level."""
    bridge = message.get("bridge")
    fits = None if bridge is None else is_about(bridge, kind_of(session.home, bridge))
    follower = _Follower(session, message["id"], LEVELS[message.get("level", "debug")], fits, bridge)
    session.subscribe(message["id"], follower.end)
    session.result(message["id"])
    follower.begin()


class _Follower:
    """One client that follows the log."""

    def __init__(
        self, session: Session, message_id: int, level: int, fits: Callable[[str], bool] | None, bridge: str | None
    ) -> None:
        self._session = session
        self._id = message_id
        self._level = level
        self._fits = fits
        self._bridge = bridge
        self._printed: dict[str, Any] = {}
        self._new: deque[str] = deque(maxlen=MAX_WAITING)
        self._came = 0
        self._is_over = False
        self._leave: Callable[[], None] | None = None
        self._greenlet: gevent.Greenlet | None = None

    def begin(self) -> None:
        """Tell what is kept, and go on."""
        if self._is_over:
            return
        ring = ring_in_use()
        kept: list[str] = []
        if ring is not None:
            self._leave = ring.follow(self._hear)
            kept = [line for line in ring.lines() if self._is_wanted(_level_of(line), line)]
            for line in kept:  # of a native thread that logged between these two: it is told once
                if any(line is each for each in self._new):
                    self._new.remove(line)
                    self._came -= 1
        shown, skipped = _as_fits(kept)
        self._session.event(self._id, {"lines": shown, "skipped": skipped, "is_kept": True, **self._program()})
        self._greenlet = gevent.spawn(self._go_on)

    def end(self) -> None:
        """Nobody looks any more."""
        self._is_over = True
        if self._leave is not None:
            self._leave()
        if self._greenlet is not None:
            self._greenlet.kill(block=False)

    def _is_wanted(self, level: str, line: str) -> bool:
        return LEVELS.get(level, 0) >= self._level and (self._fits is None or self._fits(line.partition("\n")[0]))

    def _hear(self, level: str, line: str) -> None:
        """In whatever thread logs it."""
        if self._is_wanted(level, line):
            self._came += 1
            self._new.append(line)

    def _program(self) -> dict[str, Any]:
        """What the bridge's program printed, where that is news."""
        if self._bridge is None:
            return {}
        printed = printed_by(self._session.home, self._bridge)
        if printed == self._printed:
            return {}
        self._printed = printed
        return printed

    def _go_on(self) -> None:
        while True:
            gevent.sleep(EVERY_S)
            if not self._session.user.is_admin:
                self._session.unsubscribe(self._id)  # no administrator any more
                return
            came, self._came = self._came, 0
            taken = [self._new.popleft() for _ in range(len(self._new))]
            printed = self._program()
            if taken or printed:
                shown, skipped = _as_fits(taken)
                told = {"lines": shown, "skipped": skipped + max(0, came - len(taken)), "is_kept": False, **printed}
                self._session.event(self._id, told)


def _level_of(line: str) -> str:
    """The level that a kept line names behind its time."""
    return line.partition(" ")[2].partition(" ")[0].lower()


def _as_fits(lines: list[str]) -> tuple[list[str], int]:
    """The newest lines that fit into one message, oldest first; and how many do not."""
    left = MAX_CHARACTERS
    for number, line in enumerate(reversed(lines)):
        left -= len(line)
        if left < 0:
            return lines[len(lines) - number :], len(lines) - number
    return lines, 0
