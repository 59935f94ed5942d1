"""States and events as templates see them in `trigger`: with dates as datetimes, as HA's objects have them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marge.model import Context, Event, State
from marge.util.dt import from_epoch, iso


class StateView:
    """A `State` in a trigger's variables. Reading it is no dependency of the template: it does not change."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def entity_id(self) -> str:
        return self._state.entity_id

    @property
    def state(self) -> str:
        return self._state.state

    @property
    def attributes(self) -> Mapping[str, Any]:
        return self._state.attributes

    @property
    def context(self) -> Context:
        return self._state.context

    @property
    def domain(self) -> str:
        return self._state.domain

    @property
    def object_id(self) -> str:
        return self._state.object_id

    @property
    def name(self) -> str:
        return self._state.name

    @property
    def last_changed(self) -> datetime:
        return from_epoch(self._state.last_changed)

    @property
    def last_updated(self) -> datetime:
        return from_epoch(self._state.last_updated)

    @property
    def last_reported(self) -> datetime:
        return from_epoch(self._state.last_reported)

    @property
    def last_updated_timestamp(self) -> float:
        return self._state.last_updated

    @property
    def json(self) -> bytes:
        return self._state.json

    def as_dict(self) -> dict[str, Any]:
        return self._state.as_dict()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StateView) and self._state == other._state

    def __hash__(self) -> int:
        return hash(self._state)

    def __repr__(self) -> str:
        state = self._state
        shown = ", ".join(f"{key}={value}" for key, value in state.attributes.items())
        changed = iso(state.last_changed)
        return f"<state {state.entity_id}={state.state}{'; ' if shown else ''}{shown} @ {changed}>"


class EventView:
    """An `Event` in a trigger's variables."""

    __slots__ = ("_event",)

    def __init__(self, event: Event) -> None:
        self._event = event

    @property
    def event_type(self) -> str:
        return self._event.event_type

    @property
    def data(self) -> dict[str, Any]:
        return self._event.data

    @property
    def origin(self) -> str:
        return self._event.origin

    @property
    def context(self) -> Context:
        return self._event.context

    @property
    def time_fired(self) -> datetime:
        return from_epoch(self._event.time_fired)

    @property
    def json(self) -> bytes:
        return self._event.json

    def as_dict(self) -> dict[str, Any]:
        return self._event.as_dict()

    def __repr__(self) -> str:
        return f"<Event {self._event.event_type}[{self._event.origin[0]}]: {self._event.data}>"


def for_templates(data: Mapping[str, Any]) -> dict[str, Any]:
    """A trigger's data with states and events as templates know them."""
    shown: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, State):
            shown[key] = StateView(value)
        elif isinstance(value, Event):
            shown[key] = EventView(value)
        else:
            shown[key] = value
    return shown
