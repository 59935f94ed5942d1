"""What a group would show, while its form is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event as GreenletEvent

from marge.integrations.group import KINDS
from marge.model import STATE_CHANGED, Event

if TYPE_CHECKING:
    from marge.home import Home


class GroupPreview:
    """Tells `emit` what the group would show, now and after each change of a member. `end()` ends it."""

    def __init__(
        self, home: Home, kind: str, conf: Mapping[str, Any], emit: Callable[[dict[str, Any]], None]
    ) -> None:
        self._home = home
        self._emit = emit
        self._group = KINDS[kind](home, conf)
        self._changed = GreenletEvent()
        self._greenlet: gevent.Greenlet | None = None
        self._last: dict[str, Any] | None = None
        self._subscriptions = [
            home.bus.subscribe(self._mark, STATE_CHANGED, home.states.current_id(each)) for each in self._group.members
        ]

    def start(self) -> None:
        """Tell the first time."""
        self._show()
        self._greenlet = gevent.spawn(self._run)

    def end(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)

    def _mark(self, _event: Event) -> None:
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.wait()
            self._changed.clear()
            self._group.refresh()
            self._show()

    def _show(self) -> None:
        state, attributes = self._group.shown()
        event = {"attributes": attributes, "state": state}
        if event != self._last:
            self._last = event
            self._emit(event)
