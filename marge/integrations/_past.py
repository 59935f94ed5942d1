"""Recorded values for helpers that begin with a past: read one after another, so that many make no burst."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import gevent
import peewee
import structlog

from marge.errors import MargeError
from marge.history.reader import flush, read
from marge.recorder import queries
from marge.storage.models import StateRow
from marge.util.dt import micros

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.integrations")

SHARED = "helpers_past"
MAX_ROWS = 10_000


class Recorded(NamedTuple):
    """One recorded state: when it was reported (epoch seconds), and its text; "" when the entity was removed."""

    time: float
    state: str


Take = Callable[[list[Recorded]], None]


class PastReader:
    """In `home.shared["helpers_past"]`: answers wishes in their order, in one greenlet while there are any."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._wishes: deque[tuple[str, float, int, bool, Take]] = deque()
        self._runs = False

    def ask(self, entity_id: str, since: float, most: int, held: bool, take: Take) -> None:
        """Call `take` with the newest `most` states since that time, oldest first; never waits."""
        self._wishes.append((entity_id, since, most, held, take))
        if not self._runs:
            self._runs = True
            gevent.spawn(self._run)

    def _run(self) -> None:
        try:
            while self._wishes:
                wishes, self._wishes = self._wishes, deque()
                flush(self._home)
                for entity_id, since, most, held, take in wishes:
                    take(past_of(self._home, entity_id, since, most, held))
        finally:
            self._runs = False


def past_of(home: Home, entity_id: str, since: float, most: int, held: bool) -> list[Recorded]:
    """The newest `most` states since `since`, oldest first. Waits for the database; nothing when it cannot be reached.

    Args:
        held: begin with the state that held at `since`, if it is known.
    """

    def run(db: peewee.Database) -> list[Recorded]:
        entity = queries.numbers(db, [entity_id]).get(entity_id)
        if entity is None:
            return []
        start_us = micros(since)
        row = StateRow
        query = (
            row.select(row.updated_us, row.state)
            .where((row.entity == entity) & (row.updated_us >= start_us))
            .order_by(row.updated_us.desc())
            .limit(min(most, MAX_ROWS))
        )
        found = [Recorded(updated / 1e6, state or "") for updated, state in query.tuples().execute(db)]
        found.reverse()
        before = queries.state_before(db, entity, start_us) if held and len(found) < most else None
        if before is not None:
            found.insert(0, Recorded(since, before.state or ""))
        return found

    try:
        return read(home, run)
    except (MargeError, peewee.PeeweeException) as exc:
        log.warning("a helper begins without its past: the history cannot be read", source=entity_id, error=str(exc))
        return []


def past(home: Home) -> PastReader:
    """The home's reader; made at first use."""
    found = home.shared.get(SHARED)
    if not isinstance(found, PastReader):
        found = home.shared[SHARED] = PastReader(home)
    return found
