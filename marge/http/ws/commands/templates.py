"""`render_template`: the result now, and again whenever something it read has changed."""

from __future__ import annotations

from typing import Any

import gevent
import voluptuous as vol
from gevent.event import Event as GreenletEvent

from marge.actors import Subscription, Timer
from marge.http.ws import errors
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import STATE_CHANGED, Event
from marge.templating import RenderInfo

MAX_TIMEOUT_S = 5.0


def _positive(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise vol.Invalid("expected float")
    return float(value)


@command(
    "render_template",
    {
        vol.Required("template"): str,
        vol.Optional("entity_ids"): vol.Any(str, [str]),
        vol.Optional("variables"): dict,
        vol.Optional("timeout"): _positive,
        vol.Optional("strict", default=False): bool,
        vol.Optional("report_errors", default=False): bool,
    },
    waits=True,
)
def render_template(session: Session, message: dict[str, Any]) -> None:
    """Render, then follow what the template read."""
    follower = _Follower(session, message)
    timeout = message.get("timeout")
    first = follower.render(timeout)
    if timeout is not None and first.error is not None and "maximum execution time" in first.error:
        raise CommandError("template_error", f"Exceeded maximum execution time of {timeout:g}s")
    if follower.report_errors and first.error is not None:
        follower.tell_errors(first)  # HA checks once before it answers, and again as it begins to follow
    elif follower.report_errors and first.messages:
        follower.tell_errors(first)
    session.subscribe(message["id"], follower.cancel)
    session.result(message["id"])
    follower.tell(first)
    follower.follow(first)


class _Follower:
    """Renders a template again when it must. Lives as long as its subscription.

    A change only marks it; one greenlet at a time renders, so a burst of changes costs one more render.
    """

    def __init__(self, session: Session, message: dict[str, Any]) -> None:
        self.report_errors: bool = message["report_errors"]
        self._session = session
        self._message_id: int = message["id"]
        self._source: str = message["template"]
        self._variables: dict[str, Any] | None = message.get("variables")
        self._strict: bool = message["strict"]
        self._subscriptions: list[Subscription] = []
        self._timer: Timer | None = None
        self._changed = GreenletEvent()
        self._greenlet: gevent.Greenlet | None = None
        self._last: Any = self  # equals no result
        self._ended = False

    def render(self, timeout_s: float | None = None) -> RenderInfo:
        budget = MAX_TIMEOUT_S if timeout_s is None else min(timeout_s, MAX_TIMEOUT_S)
        return self._session.home.templates.render_info(
            self._source, self._variables, strict=self._strict, budget_s=budget
        )

    def tell_errors(self, info: RenderInfo) -> None:
        """What HA would log, as events; without `report_errors` nothing."""
        if info.error is not None:
            self._session.event(self._message_id, {"error": info.error, "level": "ERROR"})
            return
        for level, text in info.messages:
            self._session.event(self._message_id, {"error": text, "level": level.upper()})

    def tell(self, info: RenderInfo) -> None:
        if self.report_errors:
            self.tell_errors(info)
        if info.error is not None:
            return
        if type(info.result) is type(self._last) and info.result == self._last:
            return
        self._last = info.result
        self._session.event(self._message_id, {"result": info.result, "listeners": info.listeners()})

    def follow(self, info: RenderInfo) -> None:
        """Subscribe to what this render read, in place of what the one before read."""
        if self._ended:
            return
        self._unsubscribe()
        bus, clock = self._session.home.bus, self._session.home.clock
        if info.all_states or info.all_states_lifecycle or info.domains or info.domains_lifecycle:
            self._subscriptions.append(bus.subscribe(self._on_change_of(info), STATE_CHANGED))
        else:
            for entity_id in info.entities:
                self._subscriptions.append(self._session.home.entities.follow(self._mark, entity_id))
        if info.has_time:
            now = clock.now()
            self._timer = clock.at(now - now % 60 + 60, self._mark)
        if self._greenlet is None:
            self._greenlet = gevent.spawn(self._run)

    def _on_change_of(self, info: RenderInfo) -> Any:
        everything = info.all_states or info.all_states_lifecycle
        domains = info.domains | info.domains_lifecycle

        def look(event: Event) -> None:
            entity_id = event.data["entity_id"]
            if everything or entity_id in info.entities or entity_id.partition(".")[0] in domains:
                self._mark(event)

        return look

    def _mark(self, _cause: Any) -> None:
        self._changed.set()

    def _run(self) -> None:
        clock = self._session.home.clock
        info: RenderInfo | None = None
        while not self._ended:
            self._changed.wait()
            self._changed.clear()
            if info is not None and info.rate_limit:
                clock.sleep(info.rate_limit)
            if self._ended:
                return
            try:
                info = self.render()
                self.tell(info)
                self.follow(info)
            except Exception as exc:  # noqa: BLE001 - the border: one subscription
                self._unsubscribe()
                self._session.event(self._message_id, {"error": str(exc), "level": errors.UNKNOWN_ERROR.upper()})
                return

    def _unsubscribe(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        self._subscriptions = []
        if self._timer is not None:
            self._timer.cancel()

    def cancel(self) -> None:
        self._ended = True
        self._unsubscribe()
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)
