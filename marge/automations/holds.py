"""What `for:` of triggers waits for, written down, so that the waiting goes on after a restart.

A record stands in the store from the moment a trigger begins to wait until it fires or gives up. Records belong to an
automation (its key) and to a trigger as it is configured: a trigger that was changed meanwhile does not find them.
Not here: whether what was waited for still holds (`triggers/_same_state`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog

from marge.errors import MargeError
from marge.model import Context, Event, State
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.automations.kinds import Trigger
    from marge.home import Home

log = structlog.get_logger("marge.automations")

KEY = "automation_holds"
STORED = "automation_hold/"
SAVE_AFTER_S = 0.5
"""What begins and ends within this time is never written."""
MAX_A_OWNER = 500
"""Entities that one automation waits for and that are written down; the others' waiting ends with the home."""
STALE_S = 7 * 86_400.0
"""What was due longer ago is not news any more: nobody expects it to happen now."""
STOPPING = "homeassistant_stop"


class Record(NamedTuple):
    """A trigger that waits.

    Attributes:
        due: when it fires, epoch seconds.
        period_s: how long it waits altogether.
        data: what its `trigger` variable will hold; states are `State`s.
        values: the value before and after the change that it waits on, where the kind of trigger compares them.
        context: of the change.
    """

    due: float
    period_s: float
    data: Mapping[str, Any]
    values: tuple[Any, Any] = (None, None)
    context: Context | None = None


class HoldBook:
    """All records of a home, at `home.shared["automation_holds"]`. Used on the hub; only `load` waits."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._records: dict[str, dict[str, Record]] = {}
        self._dirty: set[str] = set()
        self._is_due = False
        self._is_closed = False
        home.bus.subscribe(self._home_stops, STOPPING)

    def load(self) -> None:
        """Read what was written down before the start. Waits for the database."""
        now = self._home.clock.now()
        for key, document in self._home.storage.load_all(STORED).items():
            records = {}
            for place, stored in (document if isinstance(document, dict) else {}).items():
                record = _read(stored)
                if record is not None and now - record.due < STALE_S:
                    records[place] = record
            owner = key.removeprefix(STORED)
            if records:
                self._records[owner] = records
            else:
                self._change(owner)

    def of(self, owner: str, trigger: Trigger) -> dict[str, Record]:
        """What this trigger of the owner waits for, by its key (an entity id)."""
        start = f"{mark_of(trigger)}/"
        records = self._records.get(owner, {})
        return {place.removeprefix(start): each for place, each in records.items() if place.startswith(start)}

    def put(self, owner: str, trigger: Trigger, key: str, record: Record) -> None:
        """The trigger has begun to wait. Not under simulated time, which does not outlive the process."""
        if self._is_closed or self._home.clock.home_is_simulated:
            return
        records = self._records.setdefault(owner, {})
        if len(records) < MAX_A_OWNER:
            records[f"{mark_of(trigger)}/{key}"] = record
            self._change(owner)

    def drop(self, owner: str, trigger: Trigger, key: str) -> None:
        """The trigger has fired or given up. Nothing while the home stops: its devices go before its automations."""
        records = self._records.get(owner)
        if records is None or self._is_closed:
            return
        if records.pop(f"{mark_of(trigger)}/{key}", None) is not None:
            self._change(owner)

    def forget(self, owner: str) -> None:
        """The owner was turned off, changed or removed."""
        if not self._is_closed and self._records.pop(owner, None) is not None:
            self._change(owner)

    def describe(self) -> dict[str, int]:
        return {"owners": len(self._records), "holds": sum(map(len, self._records.values()))}

    # -- saving ------------------------------------------------------------------------------------------------------

    def _change(self, owner: str) -> None:
        self._dirty.add(owner)
        if not self._is_due:
            self._is_due = True
            self._home.clock.after(SAVE_AFTER_S, self._save)

    def _home_stops(self, _event: Event) -> None:
        self._is_closed = True
        self._save(None)

    def _save(self, _message: object) -> None:
        self._is_due = False
        dirty, self._dirty = self._dirty, set()
        documents: dict[str, Any] = {}
        for owner in dirty:
            records = self._records.get(owner)
            if not records:
                self._records.pop(owner, None)
            documents[f"{STORED}{owner}"] = (
                {place: _written(each) for place, each in records.items()} if records else None
            )
        if not documents:
            return
        try:
            self._home.storage.save_soon(documents)
        except MargeError as exc:
            log.warning("what triggers wait for was not saved", problem=str(exc))


def mark_of(trigger: Trigger) -> str:
    """A short name for a trigger as it is configured; its place among the others does not count."""
    text = repr(sorted(trigger.config.items(), key=lambda item: str(item[0])))
    return blake2b(f"{trigger.id}/{text}".encode(), digest_size=12).hexdigest()


def ensure_holds(home: Home) -> HoldBook:
    """The home's book; made and read on first use, which waits for the database."""
    book = home.shared.get(KEY)
    if not isinstance(book, HoldBook):
        book = home.shared[KEY] = HoldBook(home)
        book.load()
    return book


# -- as JSON -----------------------------------------------------------------------------------------------------------

_STATE = "__state__"


def _written(record: Record) -> dict[str, Any]:
    data = {
        name: {_STATE: value.as_dict()} if isinstance(value, State) else value
        for name, value in record.data.items()
        if not isinstance(value, timedelta)
    }
    context = None if record.context is None else record.context.as_dict()
    return {
        "due": record.due, "period": record.period_s, "data": data, "values": list(record.values), "context": context,
    }  # fmt: skip


def _read(stored: Any) -> Record | None:
    try:
        data = {
            name: _state(value[_STATE]) if isinstance(value, dict) and _STATE in value else value
            for name, value in stored["data"].items()
        }
        before, after = stored["values"]
        context = stored["context"]
        return Record(
            float(stored["due"]), float(stored["period"]), data, (before, after),
            None if context is None else _context(context),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        log.warning("what a trigger waited for cannot be read", problem=repr(exc))
        return None


def _context(stored: Mapping[str, Any]) -> Context:
    return Context(stored["id"], stored.get("parent_id"), stored.get("user_id"))


def _state(stored: Mapping[str, Any]) -> State:
    moments = [parse_iso(stored[name]) for name in ("last_changed", "last_updated", "last_reported")]
    changed, updated, reported = (0.0 if each is None else each.timestamp() for each in moments)
    return State(
        stored["entity_id"], stored["state"], stored["attributes"], changed, updated, reported,
        _context(stored["context"]),
    )  # fmt: skip
