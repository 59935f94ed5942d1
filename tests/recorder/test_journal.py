"""What waits on the disk comes back as it was, whatever happens to the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.model import Context, State
from marge.recorder.events import Happening
from marge.recorder.journal import Journal
from marge.recorder.rows import Change, Removal, segments_of
from marge.recorder.segments import Segment

T0 = 1_767_225_600.0


def a_state(number: int, **attributes: object) -> State:
    at = T0 + number
    return State(f"sensor.s{number}", str(number), attributes, at, at, at, Context.new(user_id="anna"))


def contents(journal: Journal) -> list[Segment | Happening]:
    found: list[Segment | Happening] = []
    while (oldest := journal.oldest()) is not None:
        file, waiting = oldest
        found += [*waiting.segments, *waiting.happenings]
        journal.forget(file)
    return found


def values(found: list[Segment | Happening]) -> list[str | None]:
    return [cells[3] for each in found if isinstance(each, Segment) for cells in each.cells()]


def test_what_is_kept_comes_back_after_a_restart(tmp_path: Path) -> None:
    """In order, with all of its facts; the files are gone afterwards, and readable by their owner only."""
    changes: list[Change] = [a_state(1, deep={"a": [1, None, "ünï"]}), Removal("light.gone", T0 + 2)]
    segments = segments_of(changes)
    cause = Context("01M7WZCR36YPACYMHZCKS2EG8K", "parent", None)
    event = Happening(T0 + 3, "call_service", {"domain": "light"}, cause)
    journal = Journal(tmp_path / "waiting")
    assert journal.append(segments, []) and journal.append(segments_of([a_state(4)]), [event])

    again = Journal(tmp_path / "waiting")
    assert again.size == journal.size > 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in again.folder.iterdir())
    first, later, happened = contents(again)

    assert isinstance(first, Segment) and isinstance(later, Segment)
    assert list(first.cells()) == list(segments[0].cells())
    assert (first.entities, first.sets, first.days) == (segments[0].entities, segments[0].sets, segments[0].days)
    assert list(later.entities) == ["sensor.s4"]
    assert isinstance(happened, Happening) and happened.context.as_dict() == cause.as_dict()
    assert again.is_empty and again.size == 0 and not list(again.folder.iterdir())


def test_lines_of_the_earlier_form_are_read(tmp_path: Path) -> None:
    """A state and a removal each, with all of their facts."""
    (tmp_path / "000000001.jsonl").write_bytes(
        b'["s","light.a","on",{"brightness":3},1767225600.5,1767225601.5,1767225602.5,"an id",null,"anna"]\n'
        b'["r","light.a",1767225603.0]\n'
    )
    first, second = contents(Journal(tmp_path))

    assert isinstance(first, Segment) and isinstance(second, Segment)
    assert [(list(each.entities), list(each.cells())) for each in (first, second)] == [
        (["light.a"], [(0, 1767225601500000, 1767225600500000, "on", 0, "anna", b"\0an id", None)]),
        (["light.a"], [(0, 1767225603000000, None, None, None, None, None, None)]),
    ]
    assert list(first.sets.values()) == [b'{"brightness":3}']


def test_it_is_used_again_after_a_replay(tmp_path: Path) -> None:
    """What waits the second time is not taken for what was done the first time."""
    journal = Journal(tmp_path)
    for number in range(3):
        journal.append(segments_of([a_state(number)]), [])
        assert values(contents(journal)) == [str(number)]


def test_a_line_that_a_kill_has_cut_costs_itself_only(tmp_path: Path) -> None:
    """Lines that are no JSON, or of another shape, are counted and left out."""
    journal = Journal(tmp_path)
    journal.append([*segments_of([a_state(1)]), *segments_of([a_state(2)])], [])
    file = next(tmp_path.glob("*.jsonl"))
    file.write_bytes(b'["x", 1]\n[]\n' + file.read_bytes()[:-20])

    oldest = Journal(tmp_path).oldest()

    assert oldest is not None
    assert [list(segment.entities) for segment in oldest[1].segments] == [["sensor.s1"]]
    assert oldest[1].rows == 1
    assert oldest[1].unreadable == 3


def test_it_holds_no_more_than_it_may(tmp_path: Path) -> None:
    """What comes beyond is refused whole; there is room again after a replay."""
    journal = Journal(tmp_path, max_bytes=300)
    kept = 0
    while journal.append(segments_of([a_state(kept)]), []):
        kept += 1
    assert 1 <= kept <= 3
    assert len(contents(journal)) == kept
    assert journal.append(segments_of([a_state(0)]), [])


def test_a_disk_that_takes_nothing_says_so(tmp_path: Path) -> None:
    """The caller keeps the changes."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        Journal(tmp_path / "file" / "below").append(segments_of([a_state(1)]), [])


@given(st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=8), st.integers(1, 400))
def test_files_come_back_in_the_order_of_what_was_kept(batches: list[list[int]], file_bytes: int) -> None:
    """However large they may grow."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder), file_bytes=file_bytes)
        for batch in batches:
            journal.append(segments_of([a_state(number) for number in batch]), [])
        found = values(contents(Journal(Path(folder))))
    assert found == [str(number) for batch in batches for number in batch]
