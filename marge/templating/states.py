"""`states` as templates see it: all states, the states of a domain, one state. Each notes what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any

from marge.model import Context, valid_entity_id
from marge.model import State as ModelState
from marge.templating.budget import charge, current
from marge.templating.errors import TemplateError
from marge.templating.sources import StateReader
from marge.util.dt import from_epoch

_UNKNOWN = "unknown"
_NOBODY = Context("none")
Unit = Callable[[ModelState, bool, bool], str]


def note_entity(entity_id: str) -> None:
    """The running render depends on this entity."""
    render = current()
    if render is not None:
        render.info.entities.add(entity_id)


def note_domain(domain: str) -> None:
    render = current()
    if render is not None:
        render.info.domains.add(domain)


def note_domain_lifecycle(domain: str) -> None:
    render = current()
    if render is not None:
        render.info.domains_lifecycle.add(domain)


def note_all() -> None:
    render = current()
    if render is not None:
        render.info.all_states = True


def note_all_lifecycle() -> None:
    render = current()
    if render is not None:
        render.info.all_states_lifecycle = True


class View:
    """What all objects of this module share: where states come from and how they are shown."""

    __slots__ = ("presented", "reader", "time_zone")

    def __init__(self, reader: StateReader, time_zone: Callable[[], tzinfo], presented: Unit) -> None:
        self.reader = reader
        self.time_zone = time_zone
        # (state, rounded, with_unit) -> text, by the entity's display precision.
        self.presented = presented

    def find(self, entity_id: str) -> TemplateState | None:
        """The state, noted; None when there is none."""
        key = entity_id.lower()
        note_entity(key)
        state = self.reader.get(key)
        return None if state is None else TemplateState(self, state)

    def now_of(self, entity_id: str) -> TemplateState:
        """The state as it is now, noted when it is looked at; one that is not there yet shows as unknown."""
        state = self.reader.get(entity_id)
        return TemplateState(self, state or ModelState(entity_id, "unknown", {}, 0.0, 0.0, 0.0, _NOBODY))

    def peek(self, entity_id: str) -> TemplateState | None:
        """The state, noted only when there is none: what is looked at in it will be noted then, as HA does."""
        key = entity_id.lower()
        state = self.reader.get(key)
        if state is None:
            if not valid_entity_id(key):
                raise TemplateError(f"TemplateError: Invalid entity ID '{entity_id}'")
            note_entity(key)
            return None
        return TemplateState(self, state)


class State:
    """Named for how the method shows when a template prints it."""

    __slots__ = ("_state", "_view")

    def __init__(self, view: View, state: ModelState) -> None:
        self._view = view
        self._state = state

    def as_dict(self) -> dict[str, Any]:
        """The state as HA's API shows it."""
        return self._state.as_dict()

    def __repr__(self) -> str:
        charge()
        state = self._state
        shown = ", ".join(f"{key}={value}" for key, value in state.attributes.items())
        changed = from_epoch(state.last_changed).astimezone(self._view.time_zone()).isoformat()
        return f"<state {state.entity_id}={state.state}{'; ' if shown else ''}{shown} @ {changed}>"


class TemplateState(State):
    """One state. Looking at its value, attributes or times makes the render depend on the entity."""

    __slots__ = ()

    def __getitem__(self, name: str) -> Any:
        """`state['state']`, for the names that are attributes."""
        if isinstance(name, str) and not name.startswith("_") and isinstance(
            getattr(type(self), name, None), property
        ):
            return getattr(self, name)
        raise KeyError(name)

    def _noted(self) -> ModelState:
        render = current()
        if render is not None:
            render.info.entities.add(self._state.entity_id)
        return self._state

    @property
    def entity_id(self) -> str:
        return self._state.entity_id

    @property
    def state(self) -> str:
        return self._noted().state

    @property
    def attributes(self) -> dict[str, Any]:
        return self._noted().attributes

    @property
    def domain(self) -> str:
        return self._noted().domain

    @property
    def object_id(self) -> str:
        return self._noted().object_id

    @property
    def name(self) -> str:
        return self._noted().name

    @property
    def context(self) -> Any:
        return self._noted().context

    @property
    def last_changed(self) -> datetime:
        return from_epoch(self._noted().last_changed)

    @property
    def last_updated(self) -> datetime:
        return from_epoch(self._noted().last_updated)

    @property
    def last_reported(self) -> datetime:
        return from_epoch(self._noted().last_reported)

    @property
    def last_changed_timestamp(self) -> float:
        return self._noted().last_changed

    @property
    def last_updated_timestamp(self) -> float:
        return self._noted().last_updated

    @property
    def last_reported_timestamp(self) -> float:
        return self._noted().last_reported

    @property
    def state_with_unit(self) -> str:
        return self._view.presented(self._noted(), True, True)

    @property
    def as_compressed_state(self) -> dict[str, Any]:
        """The short form of `subscribe_entities`."""
        state = self._state
        context = state.context
        result: dict[str, Any] = {
            "s": state.state,
            "a": state.attributes,
            "c": context.id if context.parent_id is None and context.user_id is None else context.as_dict(),
            "lc": state.last_changed,
        }
        if state.last_updated != state.last_changed:
            result["lu"] = state.last_updated
        return result

    def __eq__(self, other: object) -> bool:
        if isinstance(other, TemplateState):
            return self._noted() == other._noted()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._state.entity_id)

    def __repr__(self) -> str:
        return f"<template TemplateState({super().__repr__()})>"


class DomainStates:
    """`states.light`: the states of one domain."""

    __slots__ = ("_domain", "_view")

    def __init__(self, view: View, domain: str) -> None:
        self._view = view
        self._domain = domain

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "jinja_pass_arg":
            raise AttributeError(name)
        return self._view.peek(f"{self._domain}.{name}")

    def __getitem__(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise KeyError(name)
        return self._view.peek(f"{self._domain}.{name}")

    def __iter__(self) -> Iterator[TemplateState]:
        note_domain(self._domain)
        view = self._view
        return iter([_QuietState(view, state) for state in view.reader.domain(self._domain)])

    def __len__(self) -> int:
        note_domain_lifecycle(self._domain)
        return len(self._view.reader.domain(self._domain))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<template DomainStates('{self._domain}')>"


class AllStates:
    """`states`: everything; called with an entity id, the value of that entity."""

    _hass = None  # HA has it; a template may not touch it and is told so

    __slots__ = ("_view",)

    def __init__(self, view: View) -> None:
        self._view = view

    def __getattr__(self, name: str) -> Any:
        if "." in name:
            return self._view.peek(name)
        if name.startswith("_") or name in ("jinja_pass_arg", "unsafe_callable", "alters_data"):
            raise AttributeError(name)
        if not name.isascii() or not name.replace("_", "").isalnum() or name.endswith("_") or "__" in name:
            raise TemplateError(f"TemplateError: Invalid domain name '{name}'")
        return DomainStates(self._view, name)

    def __getitem__(self, name: Any) -> Any:
        if not isinstance(name, str):
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[TemplateState]:
        note_all()
        view = self._view
        return iter(_QuietState(view, state) for state in view.reader.all())

    def __len__(self) -> int:
        note_all_lifecycle()
        return len(self._view.reader.all())

    def __bool__(self) -> bool:
        return True

    def __call__(self, entity_id: str, rounded: Any = None, with_unit: bool = False) -> str:
        key = entity_id.lower()
        note_entity(key)
        state = self._view.reader.get(key)
        if state is None:
            return _UNKNOWN
        if rounded is None:
            rounded = with_unit
        if rounded or with_unit:
            return self._view.presented(state, bool(rounded), bool(with_unit))
        return state.state

    def __repr__(self) -> str:
        return "<template AllStates>"


class _QuietState(TemplateState):
    """A state met while iterating: the domain or everything is noted already, so the entity is not."""

    __slots__ = ()

    # What loops ask for most, without a call of Python.
    entity_id = property(attrgetter("_state.entity_id"))
    state = property(attrgetter("_state.state"))
    attributes = property(attrgetter("_state.attributes"))
    name = property(attrgetter("_state.name"))

    def _noted(self) -> ModelState:
        return self._state


_QuietState.__name__ = _QuietState.__qualname__ = "TemplateState"
