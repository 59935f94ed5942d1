"""The recorder's actor: commits what waits, once a second, and purges what is old. Not here: SQL."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

from marge.actors import PinnedActor, native
from marge.errors import Unavailable
from marge.model import STATE_CHANGED, Event
from marge.recorder.changes import DEFAULT_LIMIT, Batch, ChangeBuffer
from marge.recorder.commits import DATABASE_ERRORS, Commits, figures
from marge.recorder.events import FIELDS, EventBuffer
from marge.recorder.journal import Journal
from marge.recorder.messages import (
    Commit,
    Flush,
    PurgeEntities,
    PurgeHistory,
    PurgeOn,
    RenameEntity,
    Replay,
    SetRecording,
)
from marge.recorder.purge import Purge
from marge.recorder.repack import Repack, is_second_sunday
from marge.storage import Database
from marge.storage.postgres import PostgresDatabase
from marge.util.dt import DAY_US, micros

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.entities import StateTable

log = structlog.get_logger("marge.recorder")

COMMIT_INTERVAL_S = 1.0
KEEP_DAYS = 10.0
BATCH_ROWS = 10_000
"""History rows in one transaction: 50 ms. More are committed in several, or who else writes would wait for long; fewer
touch as many pages, and writing these is half of the work."""
JOURNAL_ROWS = 20_000
"""The same for the journal, where a batch is a piece of its file."""
RETRY_PAUSES_S = (1.0, 2.0, 5.0, 10.0, 30.0)
FIRST_PURGE_AFTER_S = 30.0
"""The start has better things to do with the disk."""
PURGE_EVERY_S = 86_400.0
MAX_PURGES = 32
"""Purges that wait for the running one; more push out the oldest, which the daily one makes good."""


class Recorder(PinnedActor):
    """Commits the buffers' changes and events every `interval_s`. Takes `Flush`, `PurgeHistory`, `PurgeEntities`,
    `SetRecording` and `RenameEntity`.

    Owns the writer and the running purge. The buffer hears of changes from the bus directly, not through a mailbox,
    from the moment the actor is made; it outlives the actor, so that a restart of it loses nothing. While the database
    fails it tries again after 1, 2, 5, 10, 30 s; what happens meanwhile goes to the journal every second, or stays in
    the buffer where there is no journal or no room for it. An orderly stop commits what is in the buffer: nothing that
    still changes states should stop after the recorder.

    Args:
        states: asked for the owners of entities.
        commit_interval_s: what a kill may cost.
        history_days: older history is removed at start and daily; 0: never.
        buffer_limit: history rows kept in memory while the database is slow or gone; beyond it the oldest are shed.
        buffer, events: the predecessor's, after a restart.
        keeps: whether an entity has a history, by its id; None: all have.
        history: the server of the history; None: `database` has it, too.
        journal: where changes wait while the history's database is away.
        auto_repack: give freed space back to the disk on the second Sunday of a month.
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
        history: PostgresDatabase | None = None,
        journal: Journal | None = None,
        auto_repack: bool = True,
    ) -> None:
        self._commits = Commits(database, history)
        self._journal = journal
        self._interval_s = commit_interval_s
        self._keep_days = history_days
        if buffer is None or events is None:
            events = EventBuffer()
            buffer = ChangeBuffer(states.owner, buffer_limit, keeps, events.take_states)
            self._listen(buffer, events)
        self._buffer = buffer
        self._events = events
        self._timer: Timer | None = None
        self._purge_timer: Timer | None = None
        self._purge: Purge | None = None
        self._purges: deque[Purge] = deque(maxlen=MAX_PURGES)
        self._repack: Repack | None = None
        self._auto_repack = auto_repack
        self._failures = 0
        self._retry_at = 0.0
        self._shed = 0
        """Changes and events that neither the database nor the journal nor the buffer could take."""
        self._shed_reported = 0
        self._last_error: str | None = None
        self._figures = {
            "commits": 0, "last_commit_ms": 0.0, "purged": 0, "repacked_pages": 0, "journaled": 0, "replayed": 0,
        }  # fmt: skip

    def on_start(self) -> None:
        if self.spec is not None:
            # A successor goes on with them, subscribed as they are.
            self.spec.kwargs.update(buffer=self._buffer, events=self._events)
        self._timer = self.system.clock.after(self._interval_s, self.actor_ref, Commit())
        self._purge_timer = self.system.clock.after(FIRST_PURGE_AFTER_S, self.actor_ref, PurgeHistory())
        if self._journal is not None and not self._journal.is_empty:
            self.actor_ref.tell(Replay())

    def _listen(self, buffer: ChangeBuffer, events: EventBuffer) -> None:
        """Once in the life of the buffers, which outlive the actor."""
        bus, system, path = self.system.bus, self.system, self.path

        def take_event(event: Event) -> None:
            if buffer.recording:
                events.take(event)

        def take_rename(event: Event) -> None:
            old = event.data.get("old_entity_id")
            if event.data.get("action") == "update" and isinstance(old, str):
                system.tell(path, RenameEntity(old, str(event.data["entity_id"])))

        # It follows its entities: one that is renamed has not ended, its history goes on (`RenameEntity`).
        bus.subscribe(buffer.take, STATE_CHANGED, follows="")
        bus.subscribe(take_rename, "entity_registry_updated")
        for kind in FIELDS:
            bus.subscribe(take_event, kind)

    def on_stop(self) -> None:
        self._cancel_timers()
        try:
            while not self._buffer.is_empty or len(self._events):
                self._commit_all(at_once=True)
        except Unavailable:
            self._set_aside()  # the next start replays it
            if not self._buffer.is_empty:
                raise

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        self._cancel_timers()

    def on_receive(self, message: Any) -> None:
        if isinstance(message, Commit):
            self._commit_in_time()
        elif isinstance(message, Flush):
            # A server that is away may take seconds to say so, and who reads asks often; a file answers at once.
            self._commit_all(at_once=self._commits.is_one)
        elif isinstance(message, PurgeHistory):
            self._start_purge(message)
        elif isinstance(message, PurgeEntities):
            self._queue_purge(message.keep_days, message.only)
        elif isinstance(message, SetRecording):
            self._buffer.recording = message.on
        elif isinstance(message, RenameEntity):
            self._rename(message)
        elif isinstance(message, PurgeOn):
            self._purge_on()
        elif isinstance(message, Replay):
            self._replay()
        else:
            raise TypeError(f"the recorder does not take {message!r}")

    def describe(self) -> dict[str, Any]:
        return {
            "buffered": len(self._buffer),
            "buffer_limit": self._buffer.limit,
            "recording": self._buffer.recording,
            "shed": self._buffer.shed + self._shed,
            "events_buffered": len(self._events),
            "events_shed": self._events.shed,
            "journal_files": 0 if self._journal is None else self._journal.files,
            "journal_bytes": 0 if self._journal is None else self._journal.size,
            **self._figures,
            "purging": self._purge is not None,
            "failures_in_a_row": self._failures,
            "last_error": self._last_error,
            **figures(self._commits, self._buffer.unrecordable),
        }

    # -- committing --------------------------------------------------------------------------------------------------

    def _commit_in_time(self) -> None:
        begun = self.system.clock.monotonic()
        try:
            self._commit_all()
        except Unavailable:
            self._set_aside()
            pause = self._interval_s
        else:
            # The interval is what a kill may cost, so the time that a commit takes is part of it.
            took = self.system.clock.monotonic() - begun
            pause = max(self._interval_s / 4, self._interval_s - 2 * took)
        self._timer = self.system.clock.after(pause, self.actor_ref, Commit())

    def _commit_all(self, at_once: bool = False) -> None:
        """Commit what is in the buffers.

        Args:
            at_once: also before the pause after the last failure is over.

        Raises:
            Unavailable: the database failed, or has failed just now; everything not committed is in the buffers.
        """
        if self._failures and not at_once and self.system.clock.monotonic() < self._retry_at:
            raise Unavailable(f"the database cannot be written: {self._last_error}")
        if self._failures and self._buffer.is_empty:
            self._commit(Batch([], {}))  # the journal has taken all of it: is the database back?
        # What comes meanwhile waits for the next time: the mailbox has its turn even where changes come as fast as
        # they are written.
        left, is_last = len(self._buffer), False
        while not self._buffer.is_empty and not is_last:
            is_last = left <= BATCH_ROWS
            self._commit(self._buffer.batch(BATCH_ROWS, is_last))
            left -= BATCH_ROWS
        if rows := self._events.take_out():
            try:
                with self.waiting_for("the database"):
                    self._commits.write_events(rows)
            except BaseException as exc:
                self._events.put_back(rows)
                if isinstance(exc, DATABASE_ERRORS):
                    self._failed(exc)
                    raise Unavailable(f"the database cannot be written: {exc}") from exc
                raise
        self._report_shed()

    def _commit(self, batch: Batch) -> None:
        begun = time.perf_counter()
        try:
            with self.waiting_for("the database"):
                self._commits.write(batch)
        except BaseException as exc:
            self._buffer.put_back(batch)  # also killed while waiting: the successor writes it again, which is harmless
            if isinstance(exc, DATABASE_ERRORS):
                self._failed(exc)
                raise Unavailable(f"the database cannot be written: {exc}") from exc
            raise
        self._succeeded()
        self._figures["commits"] += 1
        self._figures["last_commit_ms"] = round((time.perf_counter() - begun) * 1000, 1)

    def _succeeded(self) -> None:
        if not self._failures:
            return
        log.info("the database can be written again", after_failures=self._failures, buffered=len(self._buffer))
        self._failures, self._last_error = 0, None
        if self._journal is not None and not self._journal.is_empty:
            self.actor_ref.tell(Replay())

    def _failed(self, exc: BaseException) -> None:
        self._commits.distrust()
        self._failures += 1
        self._last_error = str(exc).strip()
        pause = RETRY_PAUSES_S[min(self._failures, len(RETRY_PAUSES_S)) - 1]
        self._retry_at = self.system.clock.monotonic() + pause
        if self._failures == 1:
            where = "in memory" if self._journal is None else "in the journal"
            log.error(f"the database cannot be written; changes are kept {where} and written later",
                      problem=self._last_error, room_for=self._buffer.limit)

    def _report_shed(self) -> None:
        shed = self._buffer.shed + self._shed - self._shed_reported
        if shed:
            self._shed_reported += shed
            log.error("there was no room: old history was dropped, current states were kept", rows=shed)

    # -- the journal -------------------------------------------------------------------------------------------------

    def _set_aside(self) -> None:
        """While the history's database is away: what waits goes to the journal, current states to the file."""
        journal = self._journal
        if journal is None:
            return
        left = len(self._buffer)  # no more than that: the database is to be tried again, however fast changes come
        is_waiting = left > 0 or len(self._events) > 0
        while is_waiting:
            batch, events = self._buffer.batch(JOURNAL_ROWS), self._events.take_out()
            left -= batch.rows
            is_waiting = left > 0 and len(self._buffer) > 0
            try:
                with self.waiting_for("the journal"):
                    is_kept = native.run(journal.append, batch.history, events)
            except OSError as exc:
                self._buffer.put_back(batch)
                self._events.put_back(events)
                log.error("changes cannot be kept in the journal and stay in memory", problem=str(exc))
                return
            except BaseException:
                self._buffer.put_back(batch)
                self._events.put_back(events)
                raise
            count = batch.rows + len(events)
            if is_kept:
                self._figures["journaled"] += count
            else:
                self._shed += count
            self._buffer.put_back(Batch([], batch.current))
        if not self._commits.is_one:
            self._keep_current()
        self._report_shed()

    def _keep_current(self) -> None:
        batch = self._buffer.current_batch()
        try:
            with self.waiting_for("the database"):
                self._commits.write_current(batch)
        except BaseException as exc:
            self._buffer.put_back(batch)
            if not isinstance(exc, DATABASE_ERRORS):
                raise
            self._last_error = str(exc).strip()

    def _replay(self) -> None:
        """The oldest file of the journal; the next one in a turn of its own, so that what happens now is not late."""
        journal = self._journal
        if journal is None or self._failures:
            return  # it goes on when the database can be written
        found = native.run(journal.oldest)
        if found is None:
            return
        file, waiting = found
        try:
            with self.waiting_for("the database"):
                for segment in waiting.segments:
                    self._commits.write(Batch([segment], {}))
                self._commits.write_events(waiting.happenings)
        except DATABASE_ERRORS as exc:
            self._failed(exc)
            return
        try:
            native.run(journal.forget, file)
        except OSError as exc:
            log.error("a file of the journal cannot be removed; its changes are in the database", file=str(file),
                      problem=str(exc))
        self._figures["replayed"] += waiting.rows + len(waiting.happenings)
        self.actor_ref.tell(Replay())

    # -- purging -----------------------------------------------------------------------------------------------------

    def _start_purge(self, message: PurgeHistory) -> None:
        if self._purge_timer is not None:
            self._purge_timer.cancel()
        now = self.system.clock.now()
        self._purge_timer = self.system.clock.after(PURGE_EVERY_S, self.actor_ref, PurgeHistory())
        asked = message.keep_days is not None
        if message.repack or (self._auto_repack and not asked and is_second_sunday(now)):
            self._repack = self._repack or Repack()
        days = self._keep_days if message.keep_days is None else message.keep_days
        # Configured days of 0 keep everything; asked for, they keep nothing.
        if days > 0 or asked:
            self._queue_purge(days)
        elif self._repack is not None and self._purge is None:
            self.actor_ref.tell(PurgeOn())

    def _queue_purge(self, days: float, only: Callable[[str], bool] | None = None) -> None:
        purge = Purge(micros(self.system.clock.now()) - int(days * DAY_US), only)
        if self._purge is not None:
            self._purges.append(purge)
            return
        self._purge = purge
        self.actor_ref.tell(PurgeOn())

    def _purge_on(self) -> None:
        """One step of the running purge; once there is none, of the repack that follows."""
        purge, repack = self._purge, self._repack
        try:
            with self.waiting_for("the database"):
                if purge is not None:
                    done = self._commits.run_purge(purge)
                    if done and purge.only is None:
                        self._commits.tidy_file(lambda: Purge(purge.before_us))
                else:
                    done = repack is None or self._commits.run_repack(repack)
        except DATABASE_ERRORS as exc:
            log.warning("the purge stopped; it is tried again tomorrow", problem=str(exc))
            done = True
        if not done:
            self.actor_ref.tell(PurgeOn())
            return
        if purge is None:
            if repack is not None:
                self._repack = None
                self._figures["repacked_pages"] += repack.pages
                log.info("freed space given back to the disk", bytes=repack.pages * 4096)
            return
        self._purge = self._purges.popleft() if self._purges else None
        self._figures["purged"] += purge.rows
        if purge.rows:
            log.info("old history removed", rows=purge.rows, attribute_sets=purge.attribute_sets)
        if self._purge is not None or repack is not None:
            self.actor_ref.tell(PurgeOn())

    # -- renaming ----------------------------------------------------------------------------------------------------

    def _rename(self, message: RenameEntity) -> None:
        """A failure costs the new name its past, and no more: recording goes on under the new name."""
        try:
            self._commit_all()
            self._commits.rename(message.old, message.new)
        except DATABASE_ERRORS as exc:
            log.error("a renamed entity's history stays under its old name", old=message.old, new=message.new,
                      problem=str(exc))

    def _cancel_timers(self) -> None:
        for timer in (self._timer, self._purge_timer):
            if timer is not None:
                timer.cancel()

