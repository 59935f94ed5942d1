"""Writes batches of changes: makes their rows on the hub, a few at a time; the database's thread inserts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import peewee

from marge.recorder.changes import Batch, Change, Removal
from marge.recorder.dictionaries import CHUNK, AttributeNumbers, EntityNumbers, attributes_json, digest
from marge.recorder.ids import pack
from marge.storage.bulk import BulkInsert, Row, Rows
from marge.storage.models import CurrentRow, StateRow
from marge.util.breathe import in_passing

Run = Callable[[Callable[[peewee.Database], Any]], Any]
"""Runs a function of the database in its thread, in a transaction, and waits for it."""

DAY_US = 86_400_000_000


def micros(epoch_s: float) -> int:
    """UTC epoch seconds as whole microseconds."""
    return round(epoch_s * 1_000_000)


def clean(text: str) -> str:
    """Text without lone surrogates, which UTF-8 cannot say; they come from hostile JSON."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class Writer:
    """Turns batches into rows. It remembers what is in the dictionaries; after a failure call `distrust`.

    Args:
        packs: the database is SQLite, whose thread gets rows as JSON (`BulkInsert.pack`).
    """

    def __init__(self, packs: bool = True) -> None:
        self._packs = packs
        self._entities = EntityNumbers()
        self._attributes = AttributeNumbers()
        self._last_us: dict[int, int] = {}  # entity number to the time of its newest history row
        self._distrusted = False
        state, current = StateRow, CurrentRow
        self._states = BulkInsert(
            state,
            [state.entity, state.updated_us, state.changed_us, state.state, state.attributes, state.context,
             state.parent, state.user],
            key=[state.entity, state.updated_us],
        )
        columns: list[peewee.Field[Any]] = [
            current.entity, current.state, current.attributes, current.changed_us, current.updated_us,
            current.reported_us, current.context, current.parent, current.user, current.owner,
        ]
        self._currents = BulkInsert(current, columns, key=[current.entity], update=columns[1:])

    def distrust(self) -> None:
        """The last transaction may have been rolled back, or others have written. From any thread, between batches."""
        self._distrusted = True

    def write(self, run: Run, batch: Batch) -> int:
        """Write one batch; returns the history rows written. In a greenlet of the hub, which waits.

        The rows are made here and not in the thread: while that computes, the hub has to wait for the interpreter after
        each of its system calls. New entities and attribute sets get their numbers in a transaction of their own,
        before: without rows that refer to them they do no harm.

        Raises:
            peewee.PeeweeException: as SQLite says.
        """
        if self._distrusted:
            self._distrusted = False
            self._entities.forget()
            self._attributes.forget()
            self._last_us.clear()
        changes: list[Change] = [*batch.history, *(change for change, _owner in batch.current.values())]
        # States share their attributes as long as these stay the same: one JSON and digest for all of them is 1.2 µs
        # less for each. The batch keeps the objects alive, so that their ids are theirs.
        sets: dict[bytes, tuple[bytes, int]] = {}
        keys: dict[int, tuple[bytes, int]] = {}
        named: dict[str, None] = {}  # in order: the order of creation is restored
        for change in in_passing(changes):
            named[change.entity_id] = None
            if isinstance(change, Removal):
                continue
            known = keys.get(id(change.attributes))
            day = int(change.last_updated // 86_400)
            if known is not None and known[1] >= day:
                continue
            text = attributes_json(change.attributes)
            of_set = digest(text)
            keys[id(change.attributes)] = of_set, day
            sets[of_set] = (text, max(day, sets.get(of_set, (b"", 0))[1]))
        names = [clean(entity_id) for entity_id in named]
        entities, attributes = self._entities.known(names), self._attributes.known(sets)
        if entities is None or attributes is None:
            entities, attributes = run(lambda db: (self._entities.of(db, names), self._attributes.of(db, sets)))
        numbers = {key: attributes[of_set] for key, (of_set, _day) in keys.items()}
        gone: list[int] = []
        states = self._made(self._states, self._state_rows(batch, entities, numbers))
        currents = self._made(self._currents, self._current_rows(batch, entities, numbers, gone))
        run(partial(self._insert, states=states, currents=currents, gone=gone))
        return len(batch.history)

    def _made(self, insert: BulkInsert, rows: Iterator[Row]) -> Rows:
        return insert.pack(rows) if self._packs else list(rows)

    def _insert(self, db: peewee.Database, states: Rows, currents: Rows, gone: list[int]) -> None:
        """In the database's thread."""
        self._states.run(db, states)
        self._currents.run(db, currents)
        for start in range(0, len(gone), CHUNK):
            CurrentRow.delete().where(CurrentRow.entity.in_(gone[start : start + CHUNK])).execute(db)

    def _state_rows(self, batch: Batch, entities: dict[str, int], attributes: dict[int, int]) -> Iterator[Row]:
        for change in in_passing(batch.history):
            yield self._state_row(change, entities, attributes)

    def _state_row(self, change: Change, entities: dict[str, int], attributes: dict[int, int]) -> Row:
        entity = entities[clean(change.entity_id)]
        if isinstance(change, Removal):
            return (entity, self._distinct(entity, micros(change.time)), None, None, None, None, None, None)
        updated = micros(change.last_updated)
        changed = updated if change.last_changed == change.last_updated else micros(change.last_changed)
        at = self._distinct(entity, updated)
        context = change.context
        return (
            entity,
            at,
            None if changed == updated == at else changed,
            clean(change.state).replace("\x00", "\ufffd"),  # PostgreSQL's texts hold no NUL
            attributes[id(change.attributes)],
            pack(context.id),
            None if context.parent_id is None else pack(context.parent_id),
            None if context.user_id is None else clean(context.user_id),
        )

    def _distinct(self, entity: int, time_us: int) -> int:
        """Two changes of one entity in one microsecond get neighbouring ones: the time is half of the key."""
        last = self._last_us.get(entity)
        if last is not None and last - CHUNK < time_us <= last:
            time_us = last + 1
        self._last_us[entity] = time_us
        return time_us

    def _current_rows(
        self, batch: Batch, entities: dict[str, int], attributes: dict[int, int], gone: list[int]
    ) -> Iterator[Row]:
        """Rows of the newest changes; the numbers of the entities that are gone are put into `gone`."""
        for change, owner in in_passing(batch.current.values()):
            entity = entities[clean(change.entity_id)]
            if isinstance(change, Removal):
                gone.append(entity)
                continue
            context = change.context
            yield (
                entity,
                clean(change.state),
                attributes[id(change.attributes)],
                micros(change.last_changed),
                micros(change.last_updated),
                micros(change.last_reported),
                pack(context.id),
                None if context.parent_id is None else pack(context.parent_id),
                None if context.user_id is None else clean(context.user_id),
                owner,
            )
