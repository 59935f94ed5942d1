"""Writes batches of changes: gives their entities and attributes numbers; the database's thread inserts the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import peewee

from marge.model import clean_text
from marge.recorder.changes import Batch
from marge.recorder.dictionaries import CHUNK, AttributeNumbers, AttributeSet, EntityNumbers, attributes_json, digest
from marge.recorder.ids import pack
from marge.recorder.rows import Removal
from marge.recorder.segments import CONTEXT_BYTES, Segment
from marge.storage.bulk import BulkInsert, Row, Rows
from marge.storage.models import CurrentRow, StateRow
from marge.util.breathe import in_passing
from marge.util.dt import micros

Run = Callable[[Callable[[peewee.Database], Any]], Any]
"""Runs a function of the database in its thread, in a transaction, and waits for it."""

_DIGITS = 12


def _cell(at: int) -> str:
    return f"json_extract(value, '$[{at}]')"


def _number(numbers: str, at: int) -> str:
    return f"CAST(substr({numbers}, 1 + {_DIGITS} * {_cell(at)}, {_DIGITS}) AS INTEGER)"


_TABLE = StateRow._meta.table_name
_PLAIN = f"""
    INSERT INTO "{_TABLE}" ("entity", "updated_us", "state", "attributes", "context")
    SELECT {_number("?3", 0)}, {_cell(1)}, {_cell(2)}, {_number("?4", 3)},
        substr(?2, 1 + {CONTEXT_BYTES} * key, {CONTEXT_BYTES})
    FROM json_each(?1) WHERE 1 ON CONFLICT DO NOTHING
"""
_FULL = f"""
    INSERT INTO "{_TABLE}" ("entity", "updated_us", "changed_us", "state", "attributes", "user", "context", "parent")
    SELECT {_number("?3", 0)}, {_cell(1)}, {_cell(2)}, {_cell(3)}, {_number("?4", 4)}, {_cell(5)},
        substr(?2, {_cell(6)}, {_cell(7)}),
        CASE {_cell(8)} WHEN 0 THEN NULL ELSE substr(?2, {_cell(6)} + {_cell(7)}, {_cell(8)}) END
    FROM json_each(?1) WHERE 1 ON CONFLICT DO NOTHING
"""
"""A segment's rows into SQLite, which does it without the interpreter: ?1 the rows, ?2 their blobs, ?3 and ?4 the
numbers of the segment's entities and attributes, one behind the other."""

Insert = Callable[[peewee.Database], None]


class Writer:
    """Writes batches. It remembers what is in the dictionaries; after a failure call `distrust`.

    Args:
        packs: the database is SQLite, whose thread gets rows as JSON.
    """

    def __init__(self, packs: bool = True) -> None:
        self._packs = packs
        self._entities = EntityNumbers()
        self._attributes = AttributeNumbers()
        self._distrusted = False
        state, current = StateRow, CurrentRow
        self._states = BulkInsert(
            state,
            [state.entity, state.updated_us, state.changed_us, state.state, state.attributes, state.user,
             state.context, state.parent],
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

        New entities and attribute sets get their numbers in a transaction of their own, before: without rows that refer
        to them they do no harm.

        Raises:
            peewee.PeeweeException: as SQLite says.
        """
        if self._distrusted:
            self._distrusted = False
            self._entities.forget()
            self._attributes.forget()
        names: dict[str, None] = {}  # in order: the order of creation is restored
        sets: dict[bytes, tuple[AttributeSet, int]] = {}
        for segment in in_passing(batch.history):
            names.update(dict.fromkeys(segment.entities))
            for (key, attributes), day in zip(segment.sets.items(), segment.days, strict=True):
                _use(sets, key, attributes, day)
        keys: dict[int, bytes] = {}  # the batch keeps the objects alive, so that their ids are theirs
        for change, _owner in in_passing(batch.current.values()):
            names[clean_text(change.entity_id)] = None
            if isinstance(change, Removal) or id(change.attributes) in keys:
                continue
            text = attributes_json(change.attributes)
            key = keys[id(change.attributes)] = digest(text)
            _use(sets, key, text, int(change.last_updated // 86_400))
        entities, numbers = self._entities.known(names), self._attributes.known(sets)
        if entities is None or numbers is None:
            entities, numbers = run(lambda db: (self._entities.of(db, names), self._attributes.of(db, sets)))
        states: list[Insert] = []
        for segment in in_passing(batch.history):
            states += self._inserts(segment, entities, numbers)
        gone: list[int] = []
        currents = self._currents.pack(self._current_rows(batch, entities, numbers, keys, gone))
        run(partial(self._insert, states=states, currents=currents, gone=gone))
        return batch.rows

    def _inserts(
        self, segment: Segment, entities: dict[str, int], numbers: dict[bytes, int]
    ) -> list[Insert]:
        """A segment as its database takes it: SQLite one or two statements, PostgreSQL rows."""
        of_entities = [entities[name] for name in segment.entities]
        of_sets = [numbers[key] for key in segment.sets]
        if self._packs:
            aside = _side_by_side(of_entities), _side_by_side(of_sets)
            parts = (_PLAIN, segment.plain(), segment.contexts), (_FULL, segment.full(), segment.blobs)
            return [
                partial(_run, text=text, values=(rows, bytes(blobs), *aside))
                for text, rows, blobs in parts if rows is not None
            ]  # fmt: skip
        rows: list[Row] = [
            (of_entities[entity], at, changed, state, None if held is None else of_sets[held], user, context, parent)
            for entity, at, changed, state, held, user, context, parent in in_passing(segment.cells())
        ]
        return [partial(self._states.run, rows=rows)]

    def _insert(self, db: peewee.Database, states: list[Insert], currents: Rows, gone: list[int]) -> None:
        """In the database's thread."""
        for insert in states:
            insert(db)
        self._currents.run(db, currents)
        for start in range(0, len(gone), CHUNK):
            CurrentRow.delete().where(CurrentRow.entity.in_(gone[start : start + CHUNK])).execute(db)

    def _current_rows(
        self, batch: Batch, entities: dict[str, int], numbers: dict[bytes, int], keys: dict[int, bytes], gone: list[int]
    ) -> Iterator[Row]:
        """Rows of the newest changes; the numbers of the entities that are gone are put into `gone`."""
        for change, owner in in_passing(batch.current.values()):
            entity = entities[clean_text(change.entity_id)]
            if isinstance(change, Removal):
                gone.append(entity)
                continue
            context = change.context
            yield (
                entity,
                clean_text(change.state),
                numbers[keys[id(change.attributes)]],
                micros(change.last_changed),
                micros(change.last_updated),
                micros(change.last_reported),
                pack(context.id),
                None if context.parent_id is None else pack(context.parent_id),
                None if context.user_id is None else clean_text(context.user_id),
                owner,
            )


def _run(db: peewee.Database, text: str, values: tuple[Any, ...]) -> None:
    db.execute_sql(text, values)


def _use(sets: dict[bytes, tuple[AttributeSet, int]], key: bytes, attributes: AttributeSet, day: int) -> None:
    used = sets.get(key)
    if used is None or used[1] < day:
        sets[key] = attributes, day


def _side_by_side(numbers: Sequence[int]) -> bytes:
    return b"".join([b"%0*d" % (_DIGITS, number) for number in numbers])
