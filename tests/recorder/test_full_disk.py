"""A disk that is full, again and again: SQLite says so itself, and nothing that there is room for is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from marge.errors import Unavailable
from marge.model import Context, Event
from marge.recorder import history
from marge.recorder.journal import Journal
from tests.recorder.support import T0, Rig
from tests.support.waiting import until

EPISODES = 20


def let_grow(rig: Rig, pages: int) -> None:
    """The file may have so many pages more than it has; 0: as many as it likes. Until it is full: the next connection
    knows nothing of it."""

    def limit(db):
        now = db.execute_sql("PRAGMA page_count").fetchone()[0]
        db.execute_sql(f"PRAGMA max_page_count = {now + pages if pages else 1_073_741_823}").fetchone()

    rig.database.run(limit)


@pytest.mark.parametrize("journal", [False, True], ids=["in memory", "in the journal"])
def test_twenty_full_disks_cost_nothing(tmp_path: Path, journal: bool) -> None:
    """While it is full `Flush` says so; then everything is there, in order, and SQLite finds the file intact."""
    options = {"journal": Journal(tmp_path / "waiting")} if journal else {}
    rig = Rig(tmp_path / "marge.db", **options)
    written = 0
    try:
        for _ in range(EPISODES):
            let_grow(rig, 1)
            for _ in range(300):
                rig.write(f"sensor.s{written % 5}", f"{written}" * 20, at=T0 + written, number=written)
                written += 1
            with pytest.raises(Unavailable, match="full"):
                rig.flush()
            let_grow(rig, 1)
            rig.clock.advance(1)  # the second in which what waits is kept
            until(lambda: rig.recorder.describe()["journal_files" if journal else "failures_in_a_row"])
            let_grow(rig, 0)
            rig.clock.advance(60)
            rig.flush()
            until(lambda: not rig.recorder.describe()["journal_files"])  # it is replayed in a turn of its own
        found = [each for number in range(5) for each in history(rig.database, f"sensor.s{number}", T0, T0 + written)]
        assert sorted(each.attributes["number"] for each in found if each is not None) == list(range(written))
        figures = rig.recorder.describe()
        assert (figures["shed"], figures["unrecordable"], figures["journal_files"]) == (0, 0, 0)
        assert rig.database.run(lambda db: db.execute_sql("PRAGMA integrity_check").fetchall()) == [("ok",)]
    finally:
        rig.close()


def test_what_finds_no_room_at_all_is_counted(tmp_path: Path) -> None:
    """Neither in the file nor in the journal nor in memory; the newest states are kept all the same."""
    rig = Rig(tmp_path / "marge.db", journal=Journal(tmp_path / "waiting", max_bytes=0), buffer_limit=100)
    try:
        rig.write("sensor.a", "first", at=T0)
        rig.flush()
        let_grow(rig, 1)
        for number in range(1_000):
            rig.write("sensor.a", f"{number}" * 50, at=T0 + 1 + number, number=number)
        with pytest.raises(Unavailable):
            rig.flush()
        let_grow(rig, 1)
        rig.clock.advance(1)
        until(lambda: rig.recorder.describe()["failures_in_a_row"] == 2)
        let_grow(rig, 0)
        rig.clock.advance(60)
        rig.flush()

        kept = len(history(rig.database, "sensor.a", T0, T0 + 2_000))
        assert kept + rig.recorder.describe()["shed"] == 1_001
        assert rig.recorder.describe()["shed"] >= 900
    finally:
        rig.close()


def test_a_full_disk_is_tried_again_however_fast_changes_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each piece of the journal finds another change: what came meanwhile waits for the next second, and is kept."""
    journal = Journal(tmp_path / "waiting")
    rig = Rig(tmp_path / "marge.db", journal=journal)
    append, pieces = journal.append, 0

    def meanwhile(*waiting: Any) -> bool:
        nonlocal pieces
        is_kept = append(*waiting)
        pieces += 1
        if pieces < 100:
            rig.write("sensor.fast", "x" * 90_000, at=T0 + pieces, number=pieces)
            call = {"domain": "light", "service": "toggle"}
            rig.system.bus.publish(Event("call_service", call, Context.new(), rig.clock.now()))
        return is_kept

    monkeypatch.setattr(journal, "append", meanwhile)
    try:
        let_grow(rig, 1)
        rig.write("sensor.fast", "x" * 90_000, at=T0, number=0)
        with pytest.raises(Unavailable, match="full"):
            rig.flush()
        let_grow(rig, 1)
        rig.clock.advance(1)
        until(lambda: pieces > 0)
        let_grow(rig, 1)
        with pytest.raises(Unavailable):
            rig.flush()  # it is asked, and not still busy
        assert pieces == 1

        monkeypatch.undo()
        let_grow(rig, 0)
        rig.clock.advance(60)
        rig.flush()
        until(lambda: not rig.recorder.describe()["journal_files"])
        found = history(rig.database, "sensor.fast", T0, T0 + 200)
        assert [each.attributes["number"] for each in found if each is not None] == [0, 1]
    finally:
        rig.close()
