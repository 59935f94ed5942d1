"""What recent contexts mean: changes of state, calls of services, runs. Rings of fixed size, filled by the bus.

It is called for every change of state: about 0.4 µs, no allocation beyond one tuple. Not here: what follows from it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.model import STATE_CHANGED, Context, Event
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.actors import Subscription
    from marge.home import Home

CALL_SERVICE, AUTOMATION_TRIGGERED, SCRIPT_STARTED = "call_service", "automation_triggered", "script_started"
MAX_CHANGES = 10_000
MAX_TOUCHES = 2_000
"""Changes of attributes alone: they only matter while an automation that they triggered is asked about."""
MAX_DOINGS = 5_000
MAX_TARGETS = 50
"""Entities that are remembered of one call."""
KEY = "ledger"

Touch = tuple[Context, str, "str | None", str, float]
Deed = tuple[Context, str, dict[str, Any], float]
"""What becomes a `Change` or a `Doing` when somebody asks: few do, and a bare tuple costs less."""


class Change(NamedTuple):
    """A change of one entity. `before` None: it was new; `time`: UTC epoch seconds."""

    context: Context
    entity_id: str
    before: str | None
    after: str
    time: float


class Doing(NamedTuple):
    """A call of a service, or the beginning of a run.

    Attributes:
        kind: the event's type.
        data: of a call `domain`, `service`, `entity_ids`; of a run `name`, `entity_id`, `source`.
    """

    context: Context
    kind: str
    data: dict[str, Any]
    time: float


class Ledger:
    """The rings of one home, at `home.shared["ledger"]`. Used from the hub only."""

    def __init__(self, home: Home) -> None:
        self.since = home.clock.now()
        self._changes: deque[Touch] = deque(maxlen=MAX_CHANGES)
        self._touches: deque[Touch] = deque(maxlen=MAX_TOUCHES)
        self._doings: deque[Deed] = deque(maxlen=MAX_DOINGS)
        self._subscriptions: list[Subscription] = []
        kinds: tuple[tuple[str, Callable[[Event], None]], ...] = (
            (STATE_CHANGED, self._changed), (CALL_SERVICE, self._called),
            (AUTOMATION_TRIGGERED, self._began), (SCRIPT_STARTED, self._began),
        )  # fmt: skip
        for event_type, listener in kinds:
            subscription = home.bus.subscribe(listener, event_type)
            subscription.listeners = 0  # nobody's: it is no part of what a client is shown
            self._subscriptions.append(subscription)

    def stop(self) -> None:
        """Hear no more."""
        for subscription in self._subscriptions:
            subscription.cancel()

    # -- from the bus: quick -------------------------------------------------------------------------------------------

    def _changed(self, event: Event) -> None:
        data = event.data
        new, old = data["new_state"], data["old_state"]
        if new is None:
            return
        value, before = new.state, None if old is None else old.state
        ring = self._touches if value == before else self._changes
        ring.append((new.context, new.entity_id, before, value, event.time_fired))

    def _called(self, event: Event) -> None:
        data = event.data
        wanted = data.get("service_data")
        # What else it was called with may hold door codes: it is not kept.
        targets = wanted.get("entity_id") if isinstance(wanted, dict) else None
        ids = [targets] if isinstance(targets, str) else targets[:MAX_TARGETS] if isinstance(targets, list) else []
        kept = {"domain": data.get("domain"), "service": data.get("service"), "entity_ids": ids}
        self._doings.append((event.context, CALL_SERVICE, kept, event.time_fired))

    def _began(self, event: Event) -> None:
        kept = {name: event.data.get(name) for name in ("name", "entity_id", "source")}
        self._doings.append((event.context, event.event_type, kept, event.time_fired))

    # -- for questions: in the asker's greenlet, which lets others in --------------------------------------------------

    def last_change(self, entity_id: str) -> Change | None:
        """The newest change of the entity's value."""
        for each in in_turns(reversed(list(self._changes))):
            if each[1] == entity_id:
                return Change(*each)
        return None

    def under(self, wanted: Iterable[str]) -> tuple[list[Change], list[Doing]]:
        """What is known under these contexts, oldest first: changes, and doings."""
        ids = frozenset(wanted)
        changes = [
            Change(*each) for ring in (self._touches, self._changes) for each in in_turns(list(ring))
            if each[0].id in ids
        ]  # fmt: skip
        changes.sort(key=lambda change: change.time)
        return changes, [Doing(*each) for each in in_turns(list(self._doings)) if each[0].id in ids]

    def describe(self) -> dict[str, Any]:
        return {"changes": len(self._changes) + len(self._touches), "doings": len(self._doings), "since": self.since}


def ledger_of(home: Home) -> Ledger:
    """The home's ledger; from the first call on it hears what happens."""
    found = home.shared.get(KEY)
    if not isinstance(found, Ledger):
        found = home.shared[KEY] = Ledger(home)
    return found
