"""Functions over states: value, attribute, comparison, translation, expansion of groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marge.model import valid_entity_id
from marge.templating.budget import charge
from marge.templating.errors import TemplateError
from marge.templating.functions.book import Book, HomeView
from marge.templating.states import TemplateState, note_entity
from marge.templating.translations import translate_state

_NO_VALUE = frozenset({"unknown", "unavailable"})


def expand(home: HomeView, *args: Any) -> list[TemplateState]:
    """The entities behind the arguments: groups by their members, zones by the persons in them. Last argument first."""
    waiting = list(args)
    found: dict[str, TemplateState] = {}
    seen: set[str] = set()
    while waiting:
        charge()
        thing = waiting.pop()
        if isinstance(thing, str):
            state = home.view.find(thing)
            if state is None:
                continue
        elif isinstance(thing, TemplateState):
            state = thing
        elif isinstance(thing, Iterable):
            waiting += thing
            continue
        else:
            # A state in a trigger's variables stands for the entity as it is now.
            state = home.view.find(thing.entity_id) if isinstance(getattr(thing, "entity_id", None), str) else None
            if state is None:
                continue
        model = state._state
        members = _members(home, model.entity_id, model.domain, model.attributes)
        if members is None:
            note_entity(model.entity_id)
            found[model.entity_id] = state
        elif model.entity_id not in seen:
            seen.add(model.entity_id)
            waiting += members
    return list(found.values())


def _members(home: HomeView, entity_id: str, domain: str, attributes: Any) -> list[Any] | None:
    if domain == "zone":
        return list(attributes.get("persons") or ())
    members = attributes.get("entity_id")
    if isinstance(members, (list, tuple)) and (domain == "group" or home.states.owner(entity_id) == "group"):
        return list(members)
    return None


def install(book: Book, home: HomeView) -> None:
    reader = home.states

    def states(entity_id: str, rounded: Any = None, with_unit: bool = False) -> str:
        return home.all_states(entity_id, rounded, with_unit)

    def state_attr(entity_id: str, name: str) -> Any:
        key = entity_id.lower()
        note_entity(key)
        state = reader.get(key)
        return None if state is None else state.attributes.get(name)

    def is_state(entity_id: str, state: Any) -> bool:
        key = entity_id.lower()
        note_entity(key)
        known = reader.get(key)
        return known is not None and (known.state == state or (isinstance(state, list) and known.state in state))

    def is_state_attr(entity_id: str, name: str, value: Any) -> bool:
        attribute = state_attr(entity_id, name)
        return attribute is not None and attribute == value

    def has_value(entity_id: str) -> bool:
        key = entity_id.lower()
        note_entity(key)
        state = reader.get(key)
        return state is not None and state.state not in _NO_VALUE

    def state_translated(entity_id: str) -> str:
        key = entity_id.lower()
        if not valid_entity_id(key):
            raise TemplateError(f"TemplateError: Invalid entity ID '{entity_id}'")
        note_entity(key)
        state = reader.get(key)
        if state is None:
            return "unknown"
        return translate_state(state, home.registries.entity(key))

    book.globals["states"] = home.all_states
    book.home.add("states")
    book.add("states", states, "f", home=True)
    book.add("state_attr", state_attr, home=True)
    book.add("state_translated", state_translated, home=True)
    book.add("is_state", is_state, "gt", home=True)
    book.add("is_state_attr", is_state_attr, "gt", home=True)
    book.add("has_value", has_value, "gft", home=True)
    book.add("expand", lambda *args: expand(home, *args), home=True)
