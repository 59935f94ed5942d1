"""What waits to be recorded: bounded, and never without the newest state of an entity. On the hub only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from marge.model import Event, State

DEFAULT_LIMIT = 100_000
"""Changes kept while the database is slow or gone: about 60 MB at a typical state's size."""


class Removal(NamedTuple):
    """An entity is gone."""

    entity_id: str
    time: float  # UTC epoch seconds


Change = State | Removal


class Batch(NamedTuple):
    """What one commit writes."""

    history: list[Change]
    current: dict[str, tuple[Change, str | None]]  # entity id to newest change and owner


class ChangeBuffer:
    """Takes `state_changed` events from the bus and hands them out in batches.

    When more than `limit` history rows wait, the oldest are shed and counted; the newest change of each entity is kept
    apart and never shed. It outlives the recorder's actor, so that a restart of that loses nothing.

    Args:
        owner: who owns an entity; asked when a batch is made.
        keeps: whether an entity has a history; None: all have one. Current states are kept of all.

    Attributes:
        recording: False: nothing becomes history until it is True again.
    """

    def __init__(
        self,
        owner: Callable[[str], str | None],
        limit: int = DEFAULT_LIMIT,
        keeps: Callable[[str], bool] | None = None,
    ) -> None:
        self.limit = limit
        self.keeps = keeps
        self.recording = True
        self.shed = 0
        self.taken = 0
        """Changes that came from the bus."""
        self._owner = owner
        self._history: deque[Change] = deque()
        self._current: dict[str, Change] = {}

    def take(self, event: Event) -> None:
        """One `state_changed` event. Called by the bus, inside the turn of the entity that changed: quick."""
        data = event.data
        state = data["new_state"]
        change: Change = Removal(data["entity_id"], event.time_fired) if state is None else state
        self.taken += 1
        self._current[change.entity_id] = change
        if not self.recording or (self.keeps is not None and not self.keeps(change.entity_id)):
            return
        history = self._history
        history.append(change)
        if len(history) > self.limit:
            history.popleft()
            self.shed += 1

    def __len__(self) -> int:
        return len(self._history)

    @property
    def is_empty(self) -> bool:
        return not self._history and not self._current

    def batch(self, most: int, is_last: bool = False) -> Batch:
        """Take out up to `most` history rows, and the newest changes of those entities that have none waiting then.

        Args:
            is_last: of the batches that are written one after the other. It has the newest changes of all entities,
                also of those that have changed again meanwhile: one that always does is not left behind.
        """
        history = self._history
        is_last = is_last or len(history) <= most
        rows = [history.popleft() for _ in range(min(most, len(history)))]
        if is_last:
            current, self._current = self._current, {}
        else:
            current = {}
            for change in rows:
                # Only if nothing newer waits; else a later batch brings it.
                if self._current.get(change.entity_id) is change:
                    current[change.entity_id] = self._current.pop(change.entity_id)
        return Batch(rows, {entity_id: (change, self._owner(entity_id)) for entity_id, change in current.items()})

    def current_batch(self) -> Batch:
        """Take out the newest changes, and leave the history."""
        current, self._current = self._current, {}
        return Batch([], {entity_id: (change, self._owner(entity_id)) for entity_id, change in current.items()})

    def put_back(self, batch: Batch) -> None:
        """Return a batch that could not be written: it goes before what has come since."""
        room = self.limit - len(self._history)
        kept = batch.history[max(0, len(batch.history) - room) :] if room > 0 else []
        self.shed += len(batch.history) - len(kept)
        self._history.extendleft(reversed(kept))
        self._current = {entity_id: change for entity_id, (change, _owner) in batch.current.items()} | self._current
