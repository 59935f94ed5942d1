"""Removes old history in short transactions, so that recording goes on in between. Never touches current states."""

from __future__ import annotations

import time
from collections.abc import Callable

import peewee
import structlog

from marge.recorder.dictionaries import CHUNK
from marge.storage.models import (
    AttributesRow,
    CurrentRow,
    EntityRow,
    EventRow,
    ShortStatisticRow,
    StateRow,
    StatisticMetaRow,
)
from marge.util.dt import DAY_US

log = structlog.get_logger("marge.recorder")

ROWS_A_STEP = 5_000
STEP_S = 0.05
"""A step ends after so many rows or so long, whichever comes first: the next commit waits no longer than that."""


class Purge:
    """One purge of everything older than `before_us`. `step` is run, as a transaction each, until it says True.

    In the database's thread only. What an entity has been ever since stays.

    Args:
        only: the entities it is about, by id; None: all, and what else is as old.
    """

    def __init__(self, before_us: int, only: Callable[[str], bool] | None = None) -> None:
        self.before_us = before_us
        self.only = only
        self.rows = 0
        self.attribute_sets = 0
        self._entities: list[int] | None = None
        self._metas: list[int] | None = None

    def step(self, db: peewee.Database) -> bool:
        """Remove a little; True when nothing is left to do."""
        if self._entities is None:
            rows = EntityRow.select(EntityRow.id, EntityRow.entity_id).tuples().execute(db)
            self._entities = [number for number, name in rows if self.only is None or self.only(name)]
        deadline = time.monotonic() + STEP_S
        removed = 0
        while self._entities:
            some = self._purge_entity(db, self._entities[-1], ROWS_A_STEP - removed)
            removed += some
            if removed >= ROWS_A_STEP:
                break
            self._entities.pop()
            if time.monotonic() > deadline:
                break
        self.rows += removed
        if self._entities:
            return False
        if self.only is not None:
            return True  # its attribute sets go with the next purge of everything
        others = self._purge_others(db)
        sets = self._purge_attributes(db)
        self.attribute_sets += sets
        return sets < CHUNK and not others

    def _purge_entity(self, db: peewee.Database, entity: int, most: int) -> int:
        s = StateRow
        old = (s.entity == entity) & (s.updated_us < self._limit_of(db, entity))
        # The first row that is to stay, when there are more than `most` old ones: SQLite's DELETE has no LIMIT.
        beyond = s.select(s.updated_us).where(old).order_by(s.updated_us).offset(most).limit(1).scalar(db)
        if beyond is not None:
            old &= s.updated_us < beyond
        return int(s.delete().where(old).execute(db))

    def _limit_of(self, db: peewee.Database, entity: int) -> int:
        """Rows before that time go. The state that an entity has had ever since stays, or its graph would be empty."""
        if self.only is not None:
            return self.before_us
        s = StateRow
        newest = (
            s.select(s.updated_us, s.state).where(s.entity == entity).order_by(s.updated_us.desc()).limit(1)
            .tuples().first(db)
        )
        if newest is None or newest[1] is None or newest[0] >= self.before_us:
            return self.before_us
        return int(newest[0])

    def _purge_others(self, db: peewee.Database) -> bool:
        """Some of the old events and five-minute statistics; True when there may be more."""
        event, short = EventRow, ShortStatisticRow
        if self._metas is None:
            self._metas = [row[0] for row in StatisticMetaRow.select(StatisticMetaRow.id).tuples().execute(db)]
        deadline = time.monotonic() + STEP_S
        while self._metas and time.monotonic() < deadline:
            old = (short.meta == self._metas.pop()) & (short.start < self.before_us // 1_000_000)
            self.rows += int(short.delete().where(old).execute(db))
        old_events = event.time_us < self.before_us
        beyond = event.select(event.time_us).where(old_events).order_by(event.time_us).offset(ROWS_A_STEP).limit(1)
        limit_us = beyond.scalar(db)
        if limit_us is not None:
            old_events &= event.time_us < limit_us
        self.rows += int(event.delete().where(old_events).execute(db))
        return bool(self._metas) or limit_us is not None

    def _purge_attributes(self, db: peewee.Database) -> int:
        """Sets last used before the day of the limit belong to no row that is left, except current ones."""
        a = AttributesRow
        in_use = CurrentRow.select(CurrentRow.attributes)
        unused = a.select(a.id).where((a.used_day < self.before_us // DAY_US) & a.id.not_in(in_use)).limit(CHUNK)
        return int(a.delete().where(a.id.in_(unused)).execute(db))
