"""`marge/traces/subscribe`: tells of runs that begin, end, or wait at a breakpoint, so that nobody need ask.

HA's clients hear of automations that were triggered, not of attempts that a condition ended, nor of ends. What the
traces say is asked for with `trace/list` and `trace/get`.
"""

from __future__ import annotations

from typing import Any

import gevent
import voluptuous as vol

from marge.automations.traces import ensure_traces
from marge.http.ws.commands.traces import DOMAIN
from marge.http.ws.registry import command
from marge.http.ws.session import Session

GATHER_S = 0.2
"""What comes within this time is told in one message."""
MAX_NAMED = 500
"""Items in one message; of more it is said that there were (`more`)."""


@command("marge/traces/subscribe", {vol.Required("domain"): DOMAIN, vol.Optional("item_id"): str}, admin=True)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """`{"item_ids": […], "more": false}`: whose runs there is something new about."""
    follower = _Follower(session, message["id"], message["domain"], message.get("item_id"))
    end = ensure_traces(session.home).follow(follower.hear)

    def over() -> None:
        end()
        follower.end()

    session.subscribe(message["id"], over)
    session.result(message["id"])


class _Follower:
    """One client; gathers for a moment what it is told."""

    def __init__(self, session: Session, message_id: int, domain: str, item_id: str | None) -> None:
        self._session = session
        self._id = message_id
        self._domain = domain
        self._item_id = item_id
        self._new: dict[str, None] = {}
        self._more = False
        self._telling: gevent.Greenlet | None = None

    def hear(self, item: tuple[str, str]) -> None:
        """Something is different about this item's runs."""
        domain, item_id = item
        if domain != self._domain or self._item_id not in (None, item_id):
            return
        if len(self._new) < MAX_NAMED:
            self._new[item_id] = None
        elif item_id not in self._new:
            self._more = True
        if self._telling is None:
            self._telling = gevent.spawn_later(GATHER_S, self._tell)

    def end(self) -> None:
        """Say nothing more."""
        if self._telling is not None:
            self._telling.kill(block=False)

    def _tell(self) -> None:
        told = {"item_ids": list(self._new), "more": self._more}
        self._new, self._more, self._telling = {}, False, None
        self._session.event(self._id, told)
