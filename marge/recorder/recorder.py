"""The recorder's actor: commits what waits, once a second, and purges what is old. Not here: SQL."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import peewee
import structlog

from marge.actors import PinnedActor
from marge.errors import MargeError, Unavailable
from marge.model import STATE_CHANGED, Event
from marge.recorder.changes import DEFAULT_LIMIT, Batch, ChangeBuffer
from marge.recorder.events import FIELDS, EventBuffer, EventWriter
from marge.recorder.purge import Purge
from marge.recorder.renaming import rename
from marge.recorder.writer import DAY_US, Writer, micros
from marge.storage import Database

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.entities import StateTable

log = structlog.get_logger("marge.recorder")

COMMIT_INTERVAL_S = 1.0
KEEP_DAYS = 10.0
BATCH_ROWS = 20_000
"""History rows in one transaction: more are committed in several."""
RETRY_PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
FIRST_PURGE_AFTER_S = 30.0
"""The start has better things to do with the disk."""
PURGE_EVERY_S = 86_400.0
MAX_PURGES = 32
"""Purges that wait for the running one; more push out the oldest, which the daily one makes good."""
_DATA_ERRORS = (peewee.DataError, peewee.IntegrityError, peewee.InterfaceError, peewee.ProgrammingError)
_DATABASE_ERRORS = (peewee.PeeweeException, sqlite3.Error, OSError, MargeError)
"""Unless they are data errors they are the database's fault, not the data's: the batch is tried again as it is."""


class Commit(NamedTuple):
    """The interval is over."""


class Flush(NamedTuple):
    """Reply: None, once everything that had happened is committed; `Unavailable` when the database fails."""


class PurgeHistory(NamedTuple):
    """Remove history older than `keep_days` (None: as configured). Reply: None; it goes on in the background."""

    keep_days: float | None = None


class PurgeEntities(NamedTuple):
    """Remove the history of the entities that `only` says yes to, as far as it is older than `keep_days`."""

    only: Callable[[str], bool]
    keep_days: float = 0.0


class SetRecording(NamedTuple):
    """Record history from now on, or no more. Current states are kept either way."""

    on: bool


class RenameEntity(NamedTuple):
    """The entity `old` is called `new` from now on: its history and its statistics go with it. Reply: None."""

    old: str
    new: str


class PurgeOn(NamedTuple):
    """Do the next step of the running purge."""


class Recorder(PinnedActor):
    """Commits the buffers' changes and events every `interval_s`. Takes `Flush`, `PurgeHistory`, `PurgeEntities`,
    `SetRecording` and `RenameEntity`.

    Owns the writer and the running purge. The buffer hears of changes from the bus directly, not through a mailbox,
    from the moment the actor is made; it outlives the actor, so that a restart of it loses nothing. While the database
    fails it tries again after 1, 2, 5, 10, 30 s and the buffer holds what happens meanwhile. An orderly stop commits
    what is in the buffer: nothing that still changes states should stop after the recorder.

    Args:
        states: asked for the owners of entities.
        commit_interval_s: what a kill may cost.
        history_days: older history is removed at start and daily; 0: never.
        buffer_limit: history rows kept in memory while the database is slow or gone; beyond it the oldest are shed.
        buffer, events: the predecessor's, after a restart.
        keeps: whether an entity has a history, by its id; None: all have.
    """

    def __init__(
        self,
        database: Database,
        states: StateTable,
        commit_interval_s: float = COMMIT_INTERVAL_S,
        history_days: float = KEEP_DAYS,
        buffer_limit: int = DEFAULT_LIMIT,
        buffer: ChangeBuffer | None = None,
        events: EventBuffer | None = None,
        keeps: Callable[[str], bool] | None = None,
    ) -> None:
        self._database = database
        self._interval_s = commit_interval_s
        self._keep_days = history_days
        if buffer is None or events is None:
            buffer, events = ChangeBuffer(states.owner, buffer_limit, keeps), EventBuffer()
            self._listen(buffer, events)
        self._buffer = buffer
        self._events = events
        self._writer = Writer()
        self._event_writer = EventWriter()
        self._timer: Timer | None = None
        self._purge_timer: Timer | None = None
        self._purge: Purge | None = None
        self._purges: deque[Purge] = deque(maxlen=MAX_PURGES)
        self._failures = 0
        self._shed_reported = 0
        self._last_error: str | None = None
        self._figures = {"commits": 0, "recorded": 0, "unrecordable": 0, "last_commit_ms": 0.0, "purged": 0}

    def on_start(self) -> None:
        if self.spec is not None:
            # A successor goes on with them, subscribed as they are.
            self.spec.kwargs.update(buffer=self._buffer, events=self._events)
        self._timer = self.system.clock.after(self._interval_s, self.actor_ref, Commit())
        self._purge_timer = self.system.clock.after(FIRST_PURGE_AFTER_S, self.actor_ref, PurgeHistory())

    def _listen(self, buffer: ChangeBuffer, events: EventBuffer) -> None:
        """Once in the life of the buffers, which outlive the actor."""
        bus, system, path = self.system.bus, self.system, self.path

        def take_event(event: Event) -> None:
            if buffer.recording:
                events.take(event)

        def take_change(event: Event) -> None:
            buffer.take(event)
            if buffer.recording:
                events.take_state(event)

        def take_rename(event: Event) -> None:
            old = event.data.get("old_entity_id")
            if event.data.get("action") == "update" and isinstance(old, str):
                system.tell(path, RenameEntity(old, str(event.data["entity_id"])))

        # It follows its entities: one that is renamed has not ended, its history goes on (`RenameEntity`).
        bus.subscribe(take_change, STATE_CHANGED, follows="")
        bus.subscribe(take_rename, "entity_registry_updated")
        for kind in FIELDS:
            bus.subscribe(take_event, kind)

    def on_stop(self) -> None:
        self._cancel_timers()
        self._commit_all()

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        self._cancel_timers()

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Commit):
            self._commit_in_time()
        elif isinstance(message, Flush):
            self._commit_all()
        elif isinstance(message, PurgeHistory):
            self._start_purge(message.keep_days)
        elif isinstance(message, PurgeEntities):
            self._queue_purge(message.keep_days, message.only)
        elif isinstance(message, SetRecording):
            self._buffer.recording = message.on
        elif isinstance(message, RenameEntity):
            self._rename(message)
        elif isinstance(message, PurgeOn):
            self._purge_on()
        else:
            raise TypeError(f"the recorder does not take {message!r}")

    def describe(self) -> dict[str, Any]:
        return {
            "buffered": len(self._buffer),
            "buffer_limit": self._buffer.limit,
            "recording": self._buffer.recording,
            "shed": self._buffer.shed,
            "events_buffered": len(self._events),
            "events_shed": self._events.shed,
            **self._figures,
            "purging": self._purge is not None,
            "failures_in_a_row": self._failures,
            "last_error": self._last_error,
            "database": self._database.describe(),
        }

    # -- committing --------------------------------------------------------------------------------------------------

    def _commit_in_time(self) -> None:
        begun = self.system.clock.monotonic()
        try:
            self._commit_all()
        except Unavailable:
            pause = RETRY_PAUSES_S[min(self._failures, len(RETRY_PAUSES_S)) - 1]
        else:
            # The interval is what a kill may cost, so the time that a commit takes is part of it.
            took = self.system.clock.monotonic() - begun
            pause = max(self._interval_s / 4, self._interval_s - 2 * took)
        self._timer = self.system.clock.after(pause, self.actor_ref, Commit())

    def _commit_all(self) -> None:
        """Commit until the buffer is empty.

        Raises:
            Unavailable: the database failed; everything not committed is in the buffer again.
        """
        while not self._buffer.is_empty:
            self._commit(self._buffer.batch(BATCH_ROWS))
        self._commit_events()
        self._report_shed()

    def _commit_events(self) -> None:
        while rows := self._events.take_out():
            write = partial(self._event_writer.write, happenings=rows)
            try:
                with self.waiting_for("the database"):
                    self._database.run(write)
            except (peewee.PeeweeException, sqlite3.Error, OSError, MargeError) as exc:
                self._events.put_back(rows)
                self._noted(exc)
                raise Unavailable(f"the database cannot be written: {exc}") from exc
            except BaseException:
                self._events.put_back(rows)
                raise

    def _commit(self, batch: Batch) -> None:
        begun = time.perf_counter()
        try:
            with self.waiting_for("the database"):
                self._write(batch)
        except (peewee.PeeweeException, sqlite3.Error, OSError, MargeError) as exc:
            self._failed(batch, exc)
            raise Unavailable(f"the database cannot be written: {exc}") from exc
        except BaseException:
            self._buffer.put_back(batch)  # killed while waiting: the successor writes it (again, which is harmless)
            raise
        if self._failures:
            log.info("the database can be written again", after_failures=self._failures, buffered=len(self._buffer))
            self._failures, self._last_error = 0, None
        self._figures["commits"] += 1
        self._figures["last_commit_ms"] = round((time.perf_counter() - begun) * 1000, 1)

    def _write(self, batch: Batch) -> None:
        """Write a batch; one that holds something unwritable is halved until that is found and left out."""
        writer = self._writer
        try:
            self._figures["recorded"] += self._database.run(lambda db: writer.write(db, batch))
        except Exception as exc:
            if isinstance(exc, _DATABASE_ERRORS) and not isinstance(exc, _DATA_ERRORS):
                raise
            # Whatever a state does to us, it costs that state only.
            writer.distrust()
            halves = _halves(batch)
            if halves is None:
                self._figures["unrecordable"] += 1
                names = list(batch.current) or [change.entity_id for change in batch.history]
                log.error("a state cannot be recorded and was left out", entity_id=names, problem=repr(exc))
                return
            for half in halves:
                self._write(half)

    def _failed(self, batch: Batch, exc: Exception) -> None:
        self._writer.distrust()
        self._buffer.put_back(batch)
        self._noted(exc)

    def _noted(self, exc: Exception) -> None:
        self._failures += 1
        self._last_error = str(exc)
        if self._failures == 1:
            log.error(
                "the database cannot be written; changes are kept in memory and tried again",
                problem=str(exc), room_for=self._buffer.limit,
            )

    def _report_shed(self) -> None:
        shed = self._buffer.shed - self._shed_reported
        if shed:
            self._shed_reported = self._buffer.shed
            log.error("the buffer was full: old history rows were dropped, current states were kept", rows=shed)

    # -- purging -----------------------------------------------------------------------------------------------------

    def _start_purge(self, keep_days: float | None) -> None:
        if self._purge_timer is not None:
            self._purge_timer.cancel()
        self._purge_timer = self.system.clock.after(PURGE_EVERY_S, self.actor_ref, PurgeHistory())
        days = self._keep_days if keep_days is None else keep_days
        # Configured days of 0 keep everything; asked for, they keep nothing.
        if days > 0 or keep_days is not None:
            self._queue_purge(days)

    def _queue_purge(self, days: float, only: Callable[[str], bool] | None = None) -> None:
        purge = Purge(micros(self.system.clock.now()) - int(days * DAY_US), only)
        if self._purge is not None:
            self._purges.append(purge)
            return
        self._purge = purge
        self.actor_ref.tell(PurgeOn())

    def _purge_on(self) -> None:
        purge = self._purge
        if purge is None:
            return
        sets_before = purge.attribute_sets
        try:
            with self.waiting_for("the database"):
                done = self._database.run(purge.step)
        except (peewee.PeeweeException, sqlite3.Error, OSError, MargeError) as exc:
            log.warning("the purge stopped; it is tried again tomorrow", problem=str(exc))
            done = True
        if purge.attribute_sets != sets_before:
            self._writer.distrust()  # it may remember sets that are gone
        if not done:
            self.actor_ref.tell(PurgeOn())
            return
        self._purge = self._purges.popleft() if self._purges else None
        if self._purge is not None:
            self.actor_ref.tell(PurgeOn())
        self._figures["purged"] += purge.rows
        if purge.rows:
            log.info("old history removed", rows=purge.rows, attribute_sets=purge.attribute_sets)

    # -- renaming ----------------------------------------------------------------------------------------------------

    def _rename(self, message: RenameEntity) -> None:
        """A failure costs the new name its past, and no more: recording goes on under the new name."""
        try:
            self._commit_all()
            self._database.run(lambda db: rename(db, message.old, message.new))
        except (peewee.PeeweeException, sqlite3.Error, OSError, MargeError) as exc:
            log.error("a renamed entity's history stays under its old name", old=message.old, new=message.new,
                      problem=str(exc))
        finally:
            self._writer.distrust()

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._purge_timer):
            if timer is not None:
                timer.cancel()


def _halves(batch: Batch) -> tuple[Batch, Batch] | None:
    """Two batches with half of the rows each; None when there is but one change in it."""
    history, current = batch.history, list(batch.current.items())
    if len(history) <= 1 and len(current) <= 1:
        if history and current:
            return Batch(history, {}), Batch([], batch.current)
        return None
    rows, names = len(history) // 2, len(current) // 2
    return (
        Batch(history[:rows], dict(current[:names])),
        Batch(history[rows:], dict(current[names:])),
    )
