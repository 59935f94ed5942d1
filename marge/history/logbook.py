"""The logbook: what became different, what happened, and who or what caused it. Turns rows into entries; no I/O.

An entry's cause is the first thing that is known under its context: a call of a service, a run of an automation or
script, or a change of another entity.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from marge.model import Event, State, loads
from marge.recorder.events import (
    AUTOMATION_TRIGGERED,
    CALL_SERVICE,
    HOME_START,
    HOME_STOP,
    LOGBOOK_ENTRY,
    SCRIPT_STARTED,
    happening,
)
from marge.recorder.queries import RecordedEvent

HOME_NAME = "Home Assistant"
HOME_ICON = "mdi:home-assistant"
ALWAYS_CONTINUOUS = frozenset({"counter", "proximity"})
"""Domains whose states only count up and down."""
SOMETIMES_CONTINUOUS = frozenset({"sensor"})
"""Domains whose entities are left out when they measure: those with a unit or a state class."""
MEASURES = ("unit_of_measurement", "state_class")
STATE = "state_changed"
SAME_MOMENT_S = 1e-4
MAX_CAUSES = 5_000
"""Causes that a live logbook remembers."""


class Item(NamedTuple):
    """One thing that is known: a change of state (`kind` is `STATE`), or an event.

    Attributes:
        when: UTC epoch seconds.
        data: of a change `state`, and `icon` where there is one; of an event its data.
        context, parent: ids.
    """

    when: float
    kind: str
    entity_id: str | None
    data: Mapping[str, Any]
    context: str | None
    parent: str | None
    user: str | None


def is_continuous(entity_id: str, attributes: Mapping[str, Any] | None) -> bool:
    """Whether an entity measures, so that the logbook leaves it out. `attributes` None: unknown, so it does not."""
    domain = entity_id.partition(".")[0]
    if domain in ALWAYS_CONTINUOUS:
        return True
    if domain not in SOMETIMES_CONTINUOUS or attributes is None:
        return False
    return any(name in attributes for name in MEASURES)


# -- making items ----------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A recorded change, as small as it can be: there may be 50,000 of them. `item` makes of it what books take."""

    updated_us: int
    entity_id: str
    state: str | None
    icon: Any
    context: bytes | None
    parent: bytes | None
    user: str | None

    def item(self, unpack: Callable[[bytes], str]) -> Item:
        data = {"state": self.state} if self.icon is None else {"state": self.state, "icon": self.icon}
        ids = _ids(self.context, self.parent, unpack)
        return Item(self.updated_us / 1e6, STATE, self.entity_id, data, *ids, self.user)


def item_of_event(row: RecordedEvent, unpack: Callable[[bytes], str]) -> Item:
    """A recorded event."""
    try:
        data = loads(row.data)
    except ValueError:
        data = {}
    data = data if isinstance(data, dict) else {}
    context, parent = _ids(row.context, row.parent, unpack)
    return Item(row.time_us / 1e6, row.kind, _text(data.get("entity_id")), data, context, parent, row.user)


def _ids(context: bytes | None, parent: bytes | None, unpack: Callable[[bytes], str]) -> tuple[str | None, str | None]:
    return (None if context is None else unpack(context), None if parent is None else unpack(parent))


def item_of_live_event(event: Event) -> Item | None:
    """An event as it comes from the bus; None when the logbook has no use for it."""
    found = happening(event)
    if found is None:
        return None
    context = event.context
    entity_id = _text(found.data.get("entity_id"))
    return Item(found.time, found.kind, entity_id, found.data, context.id, context.parent_id, context.user_id)


def item_of_live_state(new: State) -> Item:
    """A change as it comes from the bus."""
    icon, context = new.attributes.get("icon"), new.context
    data = {"state": new.state} if icon is None else {"state": new.state, "icon": icon}
    return Item(new.last_updated, STATE, new.entity_id, data, context.id, context.parent_id, context.user_id)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


# -- making entries --------------------------------------------------------------------------------------------------


class Book:
    """Writes entries for items, and remembers causes. Items have to come in order of time.

    Args:
        name_of: an entity's name.
        with_names: whether entries carry names (REST) or clients look them up (WebSocket).
        format_time: how `when` is written.
        most_causes: the oldest are forgotten beyond it; None: none are.
    """

    def __init__(
        self,
        name_of: Callable[[str], str],
        with_names: bool,
        format_time: Callable[[float], Any] = lambda when: when,
        most_causes: int | None = None,
    ) -> None:
        self._name_of = name_of
        self._with_names = with_names
        self._format_time = format_time
        self._most = most_causes
        self._causes: OrderedDict[str, Item] = OrderedDict()

    def learn(self, item: Item) -> None:
        """Remember it as a cause, unless its context has one already."""
        if item.context is not None and item.context not in self._causes:
            self._causes[item.context] = item
            if self._most is not None and len(self._causes) > self._most:
                self._causes.popitem(last=False)

    def entry(self, item: Item) -> dict[str, Any] | None:
        """The entry for an item, or None when it is only ever a cause."""
        self.learn(item)
        entry = self._describe(item)
        if entry is None:
            return None
        entry["when"] = self._format_time(item.when)
        if item.user:
            entry["context_user_id"] = item.user
        cause = self._cause(item)
        if cause is not None:
            entry.update(self._caused_by(cause))
        return entry

    def _cause(self, item: Item) -> Item | None:
        """What caused it: never itself, so of the first thing under a context what caused that context."""
        cause = None if item.context is None else self._causes.get(item.context)
        if cause is not None and not _is_same(cause, item):
            return cause
        cause = None if item.parent is None else self._causes.get(item.parent)
        return None if cause is None or _is_same(cause, item) else cause

    def _describe(self, item: Item) -> dict[str, Any] | None:
        data = item.data
        match item.kind:
            case "state_changed":
                entry: dict[str, Any] = {"state": data["state"], "entity_id": item.entity_id}
                if self._with_names:
                    entry["name"] = self._name_of(item.entity_id or "")
                return entry | ({"icon": data["icon"]} if "icon" in data else {})
            case "automation_triggered" | "script_started":
                return _run(item)
            case "homeassistant_start" | "homeassistant_stop":
                message = "started" if item.kind == HOME_START else "stopped"
                return {"name": HOME_NAME, "message": message, "icon": HOME_ICON, "domain": "homeassistant"}
            case "logbook_entry":
                domain = data.get("domain")
                if domain is None and item.entity_id is not None:
                    domain = item.entity_id.partition(".")[0]
                return {
                    "name": data.get("name"), "message": data.get("message"), "domain": domain,
                    "entity_id": item.entity_id,
                }
        return None

    def _caused_by(self, cause: Item) -> dict[str, Any]:
        data = cause.data
        match cause.kind:
            case "state_changed":
                found = {"context_state": data.get("state"), "context_entity_id": cause.entity_id}
                return found | self._cause_name(cause.entity_id)
            case "call_service":
                return {
                    "context_domain": data.get("domain"),
                    "context_service": data.get("service"),
                    "context_event_type": CALL_SERVICE,
                }
            case "automation_triggered" | "script_started":
                run = _run(cause)
                found = {
                    "context_event_type": cause.kind,
                    "context_domain": run["domain"],
                    "context_name": run["name"],
                    "context_message": run["message"],
                }
                if run.get("source"):
                    found["context_source"] = run["source"]
                if cause.entity_id is not None:
                    found["context_entity_id"] = cause.entity_id
                    found |= self._cause_name(cause.entity_id)
                return found
            case "homeassistant_start" | "homeassistant_stop":
                message = "started" if cause.kind == HOME_START else "stopped"
                return {
                    "context_event_type": cause.kind, "context_domain": "homeassistant", "context_name": HOME_NAME,
                    "context_message": message,
                }
        return {}

    def _cause_name(self, entity_id: str | None) -> dict[str, Any]:
        return {"context_entity_id_name": self._name_of(entity_id)} if self._with_names and entity_id else {}


def _is_same(one: Item, other: Item) -> bool:
    """Whether they are the same thing: a change that others followed is recorded as an event too."""
    if one.kind != STATE or other.kind != STATE:
        return one == other
    return one.entity_id == other.entity_id and abs(one.when - other.when) < SAME_MOMENT_S


def _run(item: Item) -> dict[str, Any]:
    """The entry of an automation's or a script's run."""
    data, shared = item.data, {"entity_id": item.entity_id, "context_id": item.context}
    if item.kind == SCRIPT_STARTED:
        return {"name": data.get("name"), "message": "started", **shared, "domain": "script"}
    source = data.get("source")
    message = f"triggered by {source}" if source else "triggered"
    return {"name": data.get("name"), "message": message, "source": source, **shared, "domain": "automation"}


OF_ENTITIES = frozenset({AUTOMATION_TRIGGERED, SCRIPT_STARTED, LOGBOOK_ENTRY})
"""Events that name an entity in their data."""
OF_THE_HOME = frozenset({HOME_START, HOME_STOP})
