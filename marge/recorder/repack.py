"""Gives the pages that a purge has freed back to the disk, a little at a time. In the database's thread only."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import peewee

from marge.storage.dialect import is_postgres

PAGES_AT_ONCE = 100
STEP_S = 0.05


class Repack:
    """`step` is run, as a transaction each, until it says True. PostgreSQL does that by itself.

    Attributes:
        pages: given back so far; a page is 4 KiB.
    """

    def __init__(self) -> None:
        self.pages = 0

    def step(self, db: peewee.Database) -> bool:
        """Give some pages back; True when there are none left."""
        if is_postgres(db):
            return True
        deadline = time.monotonic() + STEP_S
        free = _free(db)
        while free and time.monotonic() < deadline:
            db.execute_sql(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})").fetchall()
            left = _free(db)
            if left >= free:
                return True  # a file of another making, which cannot shrink in steps
            self.pages += free - left
            free = left
        return not free


def _free(db: peewee.Database) -> int:
    return int(db.execute_sql("PRAGMA freelist_count").fetchone()[0])


def is_second_sunday(epoch_s: float) -> bool:
    """Whether that is on the second Sunday of a month, UTC."""
    day = datetime.fromtimestamp(epoch_s, UTC)
    return day.weekday() == 6 and 8 <= day.day <= 14
