"""A subscription to what happens in a span of time: changes are gathered for a moment, and at its end it ends itself.

Not here: the past, what is listened to, how a change is told (`commands/history.py`, `commands/logbook.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from marge.actors import Subscription, Timer
    from marge.http.ws.session import Session

COALESCE_S = 0.35
"""Changes that follow each other so closely go out together."""
MAX_WAITING = 10_000
"""Changes that wait for their turn; more send them at once."""

Item = TypeVar("Item")


class LiveWindow(Generic[Item]):
    """The live part of one client's stream. What comes while the past is read waits: the newest `MAX_WAITING`."""

    def __init__(self, session: Session, message_id: int, end: float | None) -> None:
        """Args: end: epoch seconds; None: until the client ends it."""
        self._session = session
        self._id = message_id
        self._end = end
        self._waiting: list[Item] = []
        self._subscriptions: list[Subscription] = []
        self._timer: Timer | None = None
        self._end_timer: Timer | None = None
        self._is_live = False

    def _tell(self, waiting: list[Item]) -> None:
        """Tell the client about these."""
        raise NotImplementedError

    def _end_in_time(self) -> None:
        if self._end is not None:
            self._end_timer = self._session.home.clock.at(self._end, self._over)

    def _go_live(self) -> None:
        """The past has been told."""
        self._is_live = True
        self._send_live()

    def _wait(self, item: Item) -> None:
        self._waiting.append(item)
        if not self._is_live:
            del self._waiting[:-MAX_WAITING]
        elif len(self._waiting) >= MAX_WAITING:
            self._send_live()
        elif self._timer is None:
            self._timer = self._session.home.clock.after(COALESCE_S, self._send_live)

    def _send_live(self, _message: Any = None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        self._tell(waiting)

    def _over(self, _message: Any = None) -> None:
        """The asked-for time has come to its end."""
        self._send_live()
        self._unsubscribe()

    def _unsubscribe(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        self._subscriptions = []
        for timer in (self._timer, self._end_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._end_timer = None

    def cancel(self) -> None:
        """The client has ended it, or is gone."""
        self._is_live = False
        self._waiting = []
        self._unsubscribe()
