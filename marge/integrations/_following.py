"""Entities whose values come from the states of others: what helpers and groups share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event as GreenletEvent

from marge.actors import Subscription
from marge.entities import Entity, Report
from marge.model import STATE_CHANGED, Context, Event, State

if TYPE_CHECKING:
    from marge.home import Home


class FollowingEntity(Entity):
    """An entity that follows others, each under its own key of the bus, so that a change costs its followers only.

    Attributes:
        conf: its options. followed: entity ids, as they were chosen.
        shares_cause: what it shows is a consequence of the followed change, and the logbook says so. Not when both
            show one thing, such as the sun.
    """

    shares_cause = True
    followed: tuple[str, ...] = ()
    _subscriptions: tuple[Subscription, ...] = ()

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        self.home = home
        self.conf = conf
        self.name = str(conf["name"])

    def follow(self, *chosen: str) -> None:
        """Follow these entities; ids, or ids of the entity registry. Once, while it is made."""
        self.followed = tuple(dict.fromkeys(self._id_of(each) for each in chosen))

    def _id_of(self, chosen: str) -> str:
        entry = self.home.registries.entities.by_registry_id(chosen)
        return chosen if entry is None else entry.entity_id

    def source(self) -> State | None:
        """The state of the first entity that is followed."""
        return self.home.states.find(self.followed[0]) if self.followed else None

    # -- hooks -------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Take a value from before the restart. Before the first `refresh`, in the entity's turn."""

    def source_changed(self, event: Event) -> None:
        """One of them has changed; `refresh` follows."""

    def refresh(self) -> None:
        """Work out what is shown from the states as they are now."""

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def on_add(self) -> None:
        if not self._subscriptions:
            bus = self.home.bus
            self._subscriptions = tuple(
                bus.subscribe(self._changed, STATE_CHANGED, self.home.states.current_id(each), follows=each)
                for each in self.followed
            )
            self.begin()
        self.refresh()

    def on_remove(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        self._subscriptions = ()

    def apply(self, values: Mapping[str, Any]) -> None:
        if "source_event" in values:
            self.source_changed(values["source_event"])
            self.refresh()
        else:
            super().apply(values)

    # -- from elsewhere on the hub -----------------------------------------------------------------------------------

    def tell(self, report: Report) -> None:
        """Have a report handled in this entity's turn; nothing happens while it is disabled."""
        if self.actor is not None:
            self.home.system.tell(f"{self.home.entities.path}/{self.entity_id}", report)

    def _changed(self, event: Event) -> None:
        """Called by the bus; the rest happens under the context of the cause."""
        self.tell(Report({"source_event": event}, event.context if self.shares_cause else Context.new()))


class EntityPreview:
    """Tells `emit` what an entity would show, now and after each change of what it follows. `end()` ends it."""

    def __init__(self, entity: FollowingEntity, emit: Callable[[dict[str, Any]], None]) -> None:
        self._entity = entity
        self._emit = emit
        self._events: list[Event] = []
        self._changed = GreenletEvent()
        self._greenlet: gevent.Greenlet | None = None
        self._last: dict[str, Any] | None = None
        home = entity.home
        self._subscriptions = [
            home.bus.subscribe(self._mark, STATE_CHANGED, home.states.current_id(each)) for each in entity.followed
        ]

    def start(self) -> None:
        """Tell the first time."""
        self._entity.refresh()
        self._show()
        self._greenlet = gevent.spawn(self._run)

    def end(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)

    def _mark(self, event: Event) -> None:
        self._events = [event]  # of a burst the last one counts
        self._changed.set()

    def _run(self) -> None:
        while True:
            self._changed.wait()
            self._changed.clear()
            events, self._events = self._events, []
            for event in events:
                self._entity.source_changed(event)
            self._entity.refresh()
            self._show()

    def _show(self) -> None:
        state, attributes = self._entity.shown()
        event = {"attributes": attributes, "state": state}
        if event != self._last:
            self._last = event
            self._emit(event)


def number_of(state: State | None) -> float | None:
    """A state as a number; None when it is none."""
    if state is None:
        return None
    try:
        value = float(state.state)
    except ValueError:
        return None
    return value if value == value and value not in (float("inf"), float("-inf")) else None
