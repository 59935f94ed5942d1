"""What waits to be recorded: bounded, and never without the newest state of an entity. On the hub only."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import structlog

from marge.model import Event
from marge.recorder.rows import Change, Removal, RowMaker
from marge.recorder.segments import SEGMENT_ROWS, Segment

log = structlog.get_logger("marge.recorder")

_AT_ONCE = 32
"""Changes whose rows are made together: a third less than one by one, and nobody waits for 50 µs."""
DEFAULT_LIMIT = 100_000
"""Changes kept while the database is slow or gone: about 15 MB, and their attributes as far as they differ."""


class Batch(NamedTuple):
    """What one commit writes."""

    history: list[Segment]
    current: dict[str, tuple[Change, str | None]]  # entity id to newest change and owner

    @property
    def rows(self) -> int:
        """Of the history."""
        return sum(segment.rows for segment in self.history)


class ChangeBuffer:
    """Takes `state_changed` events from the bus, makes their rows and hands them out in batches.

    When more than `limit` history rows wait, the oldest are shed and counted; the newest change of each entity is kept
    apart and never shed. It outlives the recorder's actor, so that a restart of that loses nothing.

    Args:
        owner: who owns an entity; asked when a batch is made.
        keeps: whether an entity has a history, by its id; None: all have one. Current states are kept of all.
        also: gets all changes that come while recording, a few at a time.

    Attributes:
        recording: False: nothing becomes history until it is True again.
    """

    def __init__(
        self,
        owner: Callable[[str], str | None],
        limit: int = DEFAULT_LIMIT,
        keeps: Callable[[str], bool] | None = None,
        also: Callable[[list[Change]], None] | None = None,
    ) -> None:
        self.limit = limit
        self.keeps = keeps
        self._also = also
        self.recording = True
        self.shed = 0
        self.unrecordable = 0
        self.taken = 0
        """Changes that came from the bus."""
        self._owner = owner
        self._maker = RowMaker()
        self._full_at = max(1, min(SEGMENT_ROWS, limit // 100))  # what is shed is a segment, a hundredth at most
        self._segments: deque[Segment] = deque()
        self._open = self._maker.begin()
        self._pending: list[Change] = []
        self._at_once = min(_AT_ONCE, self._full_at)
        self._rows = 0
        self._current: dict[str, Change] = {}

    def take(self, event: Event) -> None:
        """One `state_changed` event. Called by the bus, inside the turn of the entity that changed: quick."""
        data = event.data
        state = data["new_state"]
        change: Change = Removal(data["entity_id"], event.time_fired) if state is None else state
        self.taken += 1
        self._current[change.entity_id] = change
        if self.recording:
            pending = self._pending
            pending.append(change)
            if len(pending) >= self._at_once:
                self._make_rows()

    def __len__(self) -> int:
        return self._rows + len(self._pending)

    @property
    def is_empty(self) -> bool:
        return not len(self) and not self._current

    def batch(self, most: int, is_last: bool = False) -> Batch:
        """Take out up to `most` history rows, but a segment at least; in the end the newest changes, too.

        Args:
            is_last: of the batches that are written one after the other. It has the newest changes of all entities,
                also of those that have changed again meanwhile: one that always does is not left behind.
        """
        self._make_rows()
        self._close()
        taken: list[Segment] = []
        rows = 0
        while self._segments and (not taken or rows + self._segments[0].rows <= most):
            taken.append(self._segments.popleft())
            rows += taken[-1].rows
        self._rows -= rows
        return Batch(taken, self._newest() if is_last or not self._rows else {})

    def current_batch(self) -> Batch:
        """Take out the newest changes, and leave the history."""
        return Batch([], self._newest())

    def put_back(self, batch: Batch) -> None:
        """Return a batch that could not be written: it goes before what has come since."""
        self._segments.extendleft(reversed(batch.history))
        self._rows += batch.rows
        self._shed_oldest()
        self._current = {entity_id: change for entity_id, (change, _owner) in batch.current.items()} | self._current

    def _newest(self) -> dict[str, tuple[Change, str | None]]:
        current, self._current = self._current, {}
        return {entity_id: (change, self._owner(entity_id)) for entity_id, change in current.items()}

    def _make_rows(self) -> None:
        changes, self._pending = self._pending, []
        if self._also is not None:
            self._also(changes)
        if self.keeps is not None:
            changes = [change for change in changes if self.keeps(change.entity_id)]
        if self._open.rows + len(changes) > self._full_at:
            self._close()
        before = self._open.rows
        try:
            self._maker.add_all(self._open, changes)
        except Exception:  # noqa: BLE001 - whatever a state does to us, it costs that state only
            for change in changes:
                self._make_row(change)
        self._rows += self._open.rows - before
        self._shed_oldest()

    def _make_row(self, change: Change) -> None:
        try:
            self._maker.add(self._open, change)
        except Exception as exc:  # noqa: BLE001
            self.unrecordable += 1
            log.error("a change cannot be recorded and was left out", entity_id=change.entity_id, problem=repr(exc))

    def _close(self) -> None:
        if self._open.rows:
            self._segments.append(self._open)
            self._open = self._maker.begin()

    def _shed_oldest(self) -> None:
        """Until what is there and what comes before the next look have room."""
        while self._rows + self._at_once - 1 > self.limit:
            if not self._segments:
                self._close()
            rows = self._segments.popleft().rows
            self._rows -= rows
            self.shed += rows
