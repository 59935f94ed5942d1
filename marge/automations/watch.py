"""Watches a template: renders it again when something that it read has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marge.actors import Subscription, Timer
from marge.automations.hosts import TriggerHost
from marge.model import STATE_CHANGED, Event

MINUTE_S = 60


class TemplateWatch:
    """One watched template. `on_render(info, event)` is called in the host's turn after each render but the first;
    `event` is the state change that caused it, None for the clock.

    A template that reads single entities costs their changes alone. One that goes through whole domains or all states
    sees every change, but is rendered once a second or once a minute at most.
    """

    def __init__(self, host: TriggerHost, text: str, on_render: Callable[[Any, Event | None], None]) -> None:
        self._host = host
        self._text = text
        self._on_render = on_render
        self._entities: dict[str, Subscription] = {}
        self._everything: Subscription | None = None
        self._minute: Timer | None = None
        self._pause: Timer | None = None
        self._pending: Event | None = None
        self._rendered_at: float | None = None
        self._info: Any = None

    def start(self) -> Any:
        """Render once and subscribe. Returns the first render; `on_render` is not called for it."""
        self._render()
        return self._info

    def stop(self) -> None:
        for subscription in self._entities.values():
            self._host.unsubscribe(subscription)
        self._entities.clear()
        if self._everything is not None:
            self._host.unsubscribe(self._everything)
            self._everything = None
        for timer in (self._minute, self._pause):
            if timer is not None:
                timer.cancel()
        self._minute = self._pause = None

    # -- inside ------------------------------------------------------------------------------------------------------

    def _render(self) -> None:
        self._info = self._host.environment().render_info(self._text)
        self._rendered_at = self._host.home.clock.monotonic()
        self._follow()

    def _rerender(self, event: Event | None) -> None:
        self._render()
        self._on_render(self._info, event)

    def _follow(self) -> None:
        """Subscribe to what the last render read, and to nothing else."""
        info = self._info
        broad = info.rate_limit is not None
        wanted: set[str] = set() if info.all_states else set(info.entities)
        for entity_id in [each for each in self._entities if each not in wanted]:
            self._host.unsubscribe(self._entities.pop(entity_id))
        for entity_id in wanted:
            if entity_id not in self._entities:
                self._entities[entity_id] = self._host.subscribe(STATE_CHANGED, self._changed, entity_id)
        if broad and self._everything is None:
            self._everything = self._host.subscribe(STATE_CHANGED, self._changed_somewhere)
        elif not broad and self._everything is not None:
            self._host.unsubscribe(self._everything)
            self._everything = None
        self._follow_clock(info.has_time)

    def _follow_clock(self, wanted: bool) -> None:
        if self._minute is not None:
            self._minute.cancel()
            self._minute = None
        if wanted:
            now = self._host.home.clock.home_now()
            self._minute = self._host.at((now // MINUTE_S + 1) * MINUTE_S, lambda _: self._rerender(None))

    def _changed(self, event: Event) -> None:
        self._rerender(event)

    def _changed_somewhere(self, event: Event) -> None:
        entity_id = event.data["entity_id"]
        if entity_id in self._entities:
            return  # told by its own subscription
        lifecycle = event.data["old_state"] is None or event.data["new_state"] is None
        if not self._info.concerns(entity_id, lifecycle):
            return
        limit = self._info.rate_limit
        since = self._host.home.clock.monotonic() - (self._rendered_at or 0.0)
        if limit is None or since >= limit:
            self._rerender(event)
            return
        self._pending = event
        if self._pause is None or self._pause.done:
            self._pause = self._host.after(limit - since, lambda _: self._catch_up())

    def _catch_up(self) -> None:
        event, self._pending = self._pending, None
        self._pause = None
        self._rerender(event)
